import { median } from "d3";
import { recoveryError } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below, within } from "./expectation.ts";
import { noiseShrinkage } from "./noise-shrinkage.ts";
import type { Reproduction } from "./reproduction.ts";

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
      measure: (evidence) => median(noisy(evidence).map(noiseShrinkage))!,
    },
    {
      says: "The farthest from that, relative",
      expected: below(0.2),
      measure: (evidence) => Math.max(...noisy(evidence).map((run) => Math.abs(noiseShrinkage(run) - 1))),
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
