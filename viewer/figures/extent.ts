/** What of the data an axis can show: not every number has a place on it. */

import { plural } from "./format.ts";

export type AxisType = "linear" | "log";

/** "symlog" is a logarithm that begins at 0, where it is linear: an axis of time. */
export type AnyAxisType = AxisType | "symlog";

/** A log axis has no place for zero or less, and no axis for NaN and infinities. */
export const hasPlace = (value: number, type: AnyAxisType): boolean =>
  Number.isFinite(value) && (type === "linear" || value > 0 || (type === "symlog" && value === 0));

/** A positive range at least this wide wants a log axis. */
const logarithmicFrom = 10;

/** The axis that values want: a log one where they are nowhere negative and span decades. */
export function wantedAxis(values: Iterable<number>): AxisType {
  let lowest = Infinity;
  let highest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < 0) return "linear";
    if (value > 0) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  return highest >= logarithmicFrom * lowest ? "log" : "linear";
}

/** The range of the values that have a place, with room around it; a single value gets room on both sides. */
export function domainOf(values: Iterable<number>, type: AnyAxisType, room = 0.04): [number, number] {
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (!hasPlace(value, type)) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (lowest > highest) return type === "log" ? [0.1, 10] : [0, 1];
  // Exactly the ends: through the logarithm and back they would move past the values themselves.
  if (room === 0 && lowest < highest) return [lowest, highest];
  const [from, to] = [forward(lowest), forward(highest)];
  const margin =
    to > from ? (to - from) * room : type === "log" ? Math.log(2) : Math.max(Math.abs(from) * 0.5, 0.5);
  const [low, high] = [back(from - margin), back(to + margin)];
  // The room may overflow, or underflow to zero, at the ends of the number range.
  return [
    type === "log" && low === 0 ? lowest : Number.isFinite(low) ? low : lowest,
    Number.isFinite(high) ? high : highest,
  ];
}

/** Counts what a drawing leaves out, and says so. */
export class LeftOut {
  private notFinite = 0;
  private atZero = 0;

  /** Whether the point can be drawn; if not, it is counted. */
  admits(x: number, y: number, xType: AnyAxisType, yType: AnyAxisType): boolean {
    if (!Number.isFinite(x) || !Number.isFinite(y)) this.notFinite++;
    else if (!hasPlace(x, xType) || !hasPlace(y, yType)) this.atZero++;
    else return true;
    return false;
  }

  notes(): string[] {
    const are = (count: number) => (count === 1 ? "is" : "are");
    return [
      ...(this.atZero > 0
        ? [
            `${plural(this.atZero, "point")} at or below zero ${are(this.atZero)} left out: a log axis has no place for ${this.atZero === 1 ? "it" : "them"}.`,
          ]
        : []),
      ...(this.notFinite > 0
        ? [`${plural(this.notFinite, "point")} without a finite value ${are(this.notFinite)} left out.`]
        : []),
    ];
  }
}
