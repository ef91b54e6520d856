/** Matchers for arrays of numbers that name the worst entry. Importing this file registers them. */
import { expect } from "vitest";

type Numbers = ArrayLike<number>;

declare module "vitest" {
  // The parameter is vitest's.
  interface Matchers<T> {
    /** Each entry within `bound` of `reference`; NaN is within no bound. */
    toBeWithin(bound: Numbers | number, reference: Numbers): T;
    /** Each entry the same float, bit for bit but for the payload of NaN and the sign of zero. */
    toBeExactly(reference: Numbers): T;
  }
}

expect.extend({
  toBeWithin(actual: Numbers, bound: Numbers | number, reference: Numbers) {
    const bounds = typeof bound === "number" ? Float64Array.from(reference, () => bound) : bound;
    if (actual.length !== reference.length || bounds.length !== reference.length)
      return {
        pass: false,
        message: () =>
          `${actual.length} entries against ${reference.length} references and ${bounds.length} bounds`,
      };
    let worst = -1;
    let excess = -1;
    let outside = 0;
    for (let i = 0; i < actual.length; i++) {
      const error = actual[i] === reference[i] ? 0 : Math.abs(actual[i] - reference[i]);
      const within = error <= bounds[i];
      if (!within) outside += 1;
      const share = error === 0 ? 0 : Number.isNaN(error) ? Infinity : error / bounds[i];
      if (share > excess) [worst, excess] = [i, share];
    }
    return {
      pass: outside === 0,
      message: () =>
        `${outside} of ${actual.length} entries are out of bounds; the worst is entry ${worst}: ` +
        `${actual[worst]} against ${reference[worst]}, off by ${Math.abs(actual[worst] - reference[worst])}, ` +
        `where ${bounds[worst]} is allowed (${excess} times)`,
    };
  },

  toBeExactly(actual: Numbers, reference: Numbers) {
    if (actual.length !== reference.length)
      return {
        pass: false,
        message: () => `${actual.length} entries against ${reference.length} references`,
      };
    let different = 0;
    let worst = 0;
    const distance = (i: number) => Math.abs(actual[i] - reference[i]);
    for (let i = 0; i < actual.length; i++) {
      if (actual[i] === reference[i] || (Number.isNaN(actual[i]) && Number.isNaN(reference[i]))) continue;
      if (different === 0 || !(distance(i) <= distance(worst))) worst = i;
      different += 1;
    }
    return {
      pass: different === 0,
      message: () =>
        `${different} of ${actual.length} entries differ; the worst is entry ${worst}: ` +
        `${actual[worst]} against ${reference[worst]}`,
    };
  },
});
