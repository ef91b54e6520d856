/** What a measured number must be for a statement to be true. */

import { exactText } from "./number-text.ts";

export interface Expectation {
  /** As it is printed. */
  text: string;
  /** Whether a measured number meets it; none does that is not a number. */
  admits(measured: number): boolean;
}

/** A number that is known to this relative error: a computation repeated in float32. */
export const near = (value: number, relative = 1e-4): Expectation => ({
  text: `${exactText(value)} ± ${exactText(Number((100 * relative).toPrecision(2)))}%`,
  admits: (measured) => Math.abs(measured - value) <= relative * Math.abs(value),
});

/** A number that is known to this distance. */
export const within = (value: number, distance: number): Expectation => ({
  text: `${exactText(value)} ± ${exactText(Number(distance.toPrecision(2)))}`,
  admits: (measured) => Math.abs(measured - value) <= distance,
});

export const between = (low: number, high: number): Expectation => ({
  text: `${exactText(low)} … ${exactText(high)}`,
  admits: (measured) => low <= measured && measured <= high,
});

export const exactly = (value: number): Expectation => ({
  text: exactText(value),
  admits: (measured) => measured === value,
});

export const below = (bound: number): Expectation => ({
  text: `< ${exactText(bound)}`,
  admits: (measured) => measured < bound,
});

export const above = (bound: number): Expectation => ({
  text: `> ${exactText(bound)}`,
  admits: (measured) => measured > bound,
});
