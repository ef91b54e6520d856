import { catapultEnd, stepEdges } from "../src/theory/index.ts";
import { fitPowerLaw } from "../src/results/power-law.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below, within } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

const startEdge = once((run, alpha: number): number => stepEdges(datasetOf(run), { depth: 2, alpha }).start);

/** The step over the edge at the start. */
const overEdge = (run: RecordedRun): number => {
  const alpha = run.last("init.alpha");
  return run.last("train.stepSize") / startEdge(run, alpha);
};

const past = ({ catapult }: Evidence): RecordedRun[] =>
  recordedRuns(catapult).filter((run) => overEdge(run) > 1);

export const catapult: Reproduction = {
  id: "catapult",
  title: "Lazy runs past the edge of stability are thrown to flatter places",
  source: "Lewkowycz et al. 2020",
  documents: ["catapult"],
  figures: ["peak-loss", "sharpness"],
  claims: holding("Lewkowycz et al. 2020; the end and the exponent: docs/mathematics.md", [
    {
      says: "Steps of 1.02 … 1.2 times the edge at the start: η λ₁(K) / N at the end from 2 less that, the largest distance",
      expected: below(0.01),
      measure: (evidence) =>
        Math.max(
          ...past(evidence).map((run) => Math.abs(run.last("sharpness") - catapultEnd(overEdge(run)))),
        ),
    },
    {
      says: "1.2 times the edge: the exponent of the largest loss in α",
      expected: within(4.15, 0.15),
      measure: (evidence) =>
        fitPowerLaw(
          past(evidence)
            .filter((run) => Math.abs(overEdge(run) - 1.2) < 0.01)
            .map((run) => ({ x: run.last("init.alpha"), y: run.last("peak_loss") })),
        )?.slope ?? NaN,
    },
    {
      says: "Below the edge: the largest loss over the first",
      expected: within(1, 1e-4),
      measure: ({ catapult: results }) =>
        Math.max(
          ...recordedRuns(results)
            .filter((run) => overEdge(run) < 1)
            .map((run) => run.last("peak_loss") / run.series("loss")[0]),
        ),
    },
  ]),
};
