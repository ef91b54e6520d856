import { noisyEpochs } from "../src/plan/cohort.ts";
import type { RecordedRun } from "./evidence.ts";
import { datasetOf } from "./interpolation.ts";

/**
 * ln(a_eff / a) over what noise on labels alone makes of it with full batches, -8 eta^2 h delta^2 / N an update, h the mean of x^2
 * (docs/mathematics.md): near 1 where the law holds.
 */
export function noiseShrinkage(run: RecordedRun): number {
  const { train, init } = run.specification;
  if (train.method === "gradient-flow") throw new Error("noise is that of descent");
  const { X, samples } = datasetOf(run);
  const h = X.reduce((sum, value) => sum + value * value, 0) / X.length;
  const expected = (8 * train.stepSize ** 2 * h * train.labelNoise! ** 2 * noisyEpochs({ train })) / samples;
  return -Math.log(run.last("effective_alpha") / init.alpha) / expected;
}
