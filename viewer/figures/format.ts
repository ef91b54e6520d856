/** Numbers as people read them: a few digits, a real minus sign, powers of ten with superscripts. */

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** An exponent as typeset: ⁻⁴. */
export const superscript = (exponent: number): string =>
  (exponent < 0 ? "⁻" : "") +
  [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");

/** A negative number's sign as typeset. */
const typeset = (digits: string): string => digits.replace("-", "−");

/** A power of ten: 10⁻³; 1 and 10 as they are. */
export const formatPower = (exponent: number): string =>
  exponent === 0 ? "1" : exponent === 1 ? "10" : `10${superscript(exponent)}`;

/** A number with `digits` significant digits, and a power of ten where it is far from 1. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size === 0) return "0";
  if (Number.isInteger(rounded) && size < 1e6) return formatCount(rounded);
  if (size >= 1e-3 && size < 1e6) return typeset(String(rounded));
  const [mantissa, exponent] = rounded.toExponential().split("e");
  const power = `10${superscript(Number(exponent))}`;
  return typeset(Math.abs(Number(mantissa)) === 1 ? mantissa.replace("1", power) : `${mantissa}×${power}`);
}

/** A whole number with its thousands apart. */
export const formatCount = (value: number): string => typeset(value.toLocaleString("en-US"));

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const ordinalEndings: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };

/** 1st, 2nd, 3rd, 4th. */
export const formatOrdinal = (value: number): string =>
  formatCount(value) + ordinalEndings[ordinals.select(value)];

/** "1 run", "3 runs", "2 entries". */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : nouns}`;

/** A time as one would say it: 4.2 s, 3 min 20 s, 5 h 10 min. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${formatNumber(seconds, seconds < 10 ? 2 : 3)} s`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  return hours > 0
    ? `${formatCount(hours)} h ${minutes % 60} min`
    : `${minutes} min ${Math.floor(seconds) % 60} s`;
}
