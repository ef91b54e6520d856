/** Numbers and sizes for the eye. */

const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Four digits that matter; whole numbers as they are. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(4)));
  return value.toExponential(3).replace(/\.?0+e/, "e");
}

/** A count with its thousands marked. */
export const countText = (value: number): string => count.format(value);

/** 63.5k, 1.2M. */
export function rateText(value: number): string {
  if (value < 1e4) return countText(value);
  const [size, letter] = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${Number((value / size).toPrecision(3))}${letter}`;
}

/** 850 ms, 12.3 s, 4 min 05 s, 2 h 03 min. */
export function durationText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds) / 60;
  if (minutes < 60) return `${Math.floor(minutes)} min ${pair(Math.round(seconds) % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pair(Math.floor(minutes) % 60)} min`;
}

const pair = (value: number): string => String(value).padStart(2, "0");

/** 1.2 MB. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}
