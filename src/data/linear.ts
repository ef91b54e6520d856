import { dimension, noise, samples, seed, testSamples } from "./generated.ts";

/** Schema entries of every linear kind. */
export const linearEntries = {
  samples,
  dimension: dimension(),
  noise: noise("Standard deviation of the noise on training and test targets."),
  seed,
  testSamples,
};
