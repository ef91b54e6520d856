/** The bootstrap: what other trials would have given, had they been drawn from those that there are. */

import { fillUniform, stream } from "../data/stream.ts";

/** Resamplings: their 95% interval is known to about a hundredth of its width. */
export const resamplings = 1000;

/**
 * Means of trials drawn with replacement, the same in every call.
 *
 * @param samples trials by probe
 * @param isPaired trial k of every probe had the same seeds: they are drawn together
 * @param seed one for every search, so that they are resampled independently
 * @returns by resampling, a mean a probe
 */
export function resampledMeans(
  samples: readonly (readonly number[])[],
  isPaired: boolean,
  seed: number,
): number[][] {
  const longest = samples.reduce((most, { length }) => Math.max(most, length), 0);
  const rows = isPaired ? 1 : samples.length;
  const draws = new Float64Array(rows * longest);
  return Array.from({ length: resamplings }, (_, resampling) => {
    fillUniform(stream(seed, "resampling"), draws, 0, 1, resampling * draws.length);
    return samples.map((trials, probe) => {
      const first = isPaired ? 0 : probe * longest;
      let sum = 0;
      for (let k = 0; k < trials.length; k++) sum += trials[Math.floor(draws[first + k] * trials.length)];
      return sum / trials.length;
    });
  });
}
