import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below, near } from "./expectation.ts";
import { flowLimit, minimumL1Of } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

const documents = ["flow-limit", "flow-limit-depths"];

const runs = (evidence: Evidence): RecordedRun[] =>
  documents.flatMap((document) => recordedRuns(evidence[document]));

const ofDepth = (evidence: Evidence, depth: number): RecordedRun[] =>
  runs(evidence).filter(({ specification: { model } }) => model.kind === "diagonal" && model.depth === depth);

const largest = (values: number[]): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity);

const l1Norm = (beta: Float64Array): number => beta.reduce((sum, value) => sum + Math.abs(value), 0);

/** The excess l1 norm at the largest alpha of depth 2, over that of the minimizer of Q. */
async function excessOverTheory(evidence: Evidence): Promise<number> {
  const run = ofDepth(evidence, 2).at(-1)!;
  const exact = l1Norm(flowLimit(run, run.specification.init.alpha)) - (await minimumL1Of(run)).norm;
  return run.last("excess_l1") / exact;
}

export const flowLimits: Reproduction = {
  id: "flow-limit",
  title: "Gradient flow on the GPU ends at the minimizer of Q",
  source: "Woodworth et al. 2020, Theorems 1 and 3",
  documents,
  figures: [
    "excess-l1-against-alpha",
    "population-error-map",
    "leading-coordinates",
    "bias-gap",
    "flow-error",
  ],
  claims: [
    ...holding("Woodworth et al. 2020, Theorems 1 and 3", [
      ...[
        [2, "1e-3 … 1"],
        [3, "0.1 … 1"],
        [5, "0.3 … 1"],
      ].map(([depth, alphas]) => ({
        says: `D = ${depth}, α = ${alphas}: largest distance to the minimizer of Q, relative`,
        expected: below(1e-3),
        measure: (evidence: Evidence) =>
          largest(ofDepth(evidence, Number(depth)).map((run) => run.last("bias_gap"))),
      })),
      {
        says: "D = 2, α = 1: the excess l1 norm over that of the minimizer of Q",
        expected: near(1, 1e-3),
        measure: excessOverTheory,
      },
    ]),
    ...holding("the flow's own account", [
      {
        says: "Every run reaches a loss of 1e-8: the largest at the end, times 1e8",
        expected: below(1.0001),
        measure: (evidence) => 1e8 * largest(runs(evidence).map((run) => run.last("loss"))),
      },
      {
        says: "Largest drift of what the flow conserves, relative: the integration's error",
        expected: below(0.02),
        measure: (evidence) => largest(runs(evidence).map((run) => run.last("flow_error"))),
      },
    ]),
  ],
  shortened: Object.fromEntries(
    documents.map((document) => [document, { "data.samples": 20, "data.dimension": 50 }]),
  ),
};
