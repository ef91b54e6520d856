import { recoveryError } from "../src/theory/index.ts";
import { noisyEpochs } from "../src/plan/cohort.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below, within } from "./expectation.ts";
import { datasetOf } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

/** ln(a_eff / a) over what noise alone makes of it with full batches: -8 eta^2 h delta^2 / N an update. */
function shrinkage(run: RecordedRun): number {
  const { train, init } = run.specification;
  if (train.method === "gradient-flow") throw new Error("noise is that of descent");
  const { X, samples } = datasetOf(run);
  const h = X.reduce((sum, value) => sum + value * value, 0) / X.length;
  const expected = (8 * train.stepSize ** 2 * h * train.labelNoise! ** 2 * noisyEpochs({ train })) / samples;
  return -Math.log(run.last("effective_alpha") / init.alpha) / expected;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const noisy = ({ "map-noise": results }: Evidence): RecordedRun[] =>
  recordedRuns(results).filter((run) => run.last("train.labelNoise") >= 4);

export const maps: Reproduction = {
  id: "maps",
  title: "Maps over α and samples, depth, noise, width",
  source: "Woodworth et al. 2020; HaoChen et al. 2021",
  documents: ["map-noise"],
  figures: ["phase-diagram"],
  claims: holding("theory alone gives one α_eff: docs/mathematics.md", [
    {
      says: "Noise of 4 and more, any α: ln α_eff/α over what noise alone makes of it, median",
      expected: within(1, 0.06),
      measure: (evidence) => median(noisy(evidence).map(shrinkage)),
    },
    {
      says: "The farthest from that, relative",
      expected: below(0.2),
      measure: (evidence) => Math.max(...noisy(evidence).map((run) => Math.abs(shrinkage(run) - 1))),
    },
    {
      says: "Share of runs with this noise that recover β*, though α is above 0.3",
      expected: above(0.4),
      measure: (evidence) => {
        const own = noisy(evidence).filter((run) => run.last("init.alpha") > 0.3);
        return own.filter((run) => run.last("population_l2") < recoveryError).length / own.length;
      },
    },
  ]),
  shortened: {
    "map-noise": {
      "train.epochs": 8500,
      "sweep[0]": { path: "train.labelNoise", values: [0.25, 4, 8] },
      "sweep[1]": { path: "init.alpha", values: [0.01, 0.4, 1] },
    },
  },
};
