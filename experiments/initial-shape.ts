import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { below } from "./expectation.ts";
import { datasetOf, minimumL1Of } from "./interpolation.ts";
import { readNpy } from "../src/data/npy.ts";
import { biasGap, biasMinimizer, kernelLimit, minimumL2, richLimit } from "../src/theory/index.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "initial-shape";

const at = (evidence: Evidence, depth: number, alpha: number): RecordedRun =>
  recordedRun(evidence[document], { "model.depth": depth, "init.alpha": alpha });

/** w0, from the document's file. */
function shapeOf({ specification: { init }, results: { files } }: RecordedRun): Float64Array {
  if (typeof init.shape !== "object" || !("file" in init.shape)) throw new Error("the shape is no file's");
  const { file } = init.shape;
  return Float64Array.from(readNpy(files.get(file)!, file).values);
}

/** As good as the limit: float64's smallest alphas are there. */
const tiny = 1e-20;

/** Gradient flow's limit at a tiny alpha. */
function richEnd(evidence: Evidence, depth: number): Float64Array {
  const run = at(evidence, depth, 1);
  return biasMinimizer(datasetOf(run), { alpha: tiny, depth, w0: shapeOf(run) }).beta;
}

const theory = "theory alone: the minimizer of Q at α = 1e-20";

const kernel = holding("Woodworth et al. 2020, Section 5, and theory: the weighted minimum-l2 solution", [
  ...[2, 3].flatMap((depth) => [
    {
      says: `D = ${depth}, α = 10: the flow does not end at the minimum-l2 solution: distance to the weighted one over that to it`,
      expected: below(1e-3),
      measure: (evidence: Evidence) => {
        const run = at(evidence, depth, 10);
        const weighted = kernelLimit(datasetOf(run), { depth, w0: shapeOf(run) });
        return biasGap(run.predictor, weighted.beta) / biasGap(run.predictor, minimumL2(datasetOf(run)).beta);
      },
    },
    {
      says: `D = ${depth}, α = 10: it ends at that with the least sum of (βᵢ / w₀ᵢ^(D−1))²: distance, relative`,
      expected: below(1e-3),
      measure: (evidence: Evidence) => {
        const run = at(evidence, depth, 10);
        return biasGap(run.predictor, kernelLimit(datasetOf(run), { depth, w0: shapeOf(run) }).beta);
      },
    },
  ]),
  {
    says: "Largest distance of the flow's ends to the minimizers of Q with this w₀, relative",
    expected: below(1e-3),
    measure: (evidence) => Math.max(...recordedRuns(evidence[document]).map((run) => run.last("bias_gap"))),
  },
]);

const rich: Claim[] = [
  ...holding("Woodworth et al. 2020, Section 5", [
    {
      says: "D = 2: towards the rich limit the shape drops out: excess l1 norm at α = 1e-3 over that at α = 1",
      expected: below(0.05),
      measure: (evidence) => at(evidence, 2, 1e-3).last("excess_l1") / at(evidence, 2, 1).last("excess_l1"),
    },
  ]),
  {
    says: "The rich limit is the minimum-l1 solution whatever w₀, at D = 3 too: distance to it, relative",
    where: "Woodworth et al. 2020, Theorem 3, read for any w₀",
    expected: below(0.02),
    measure: async (evidence) => biasGap(richEnd(evidence, 3), (await minimumL1Of(at(evidence, 3, 1))).beta),
    verdict: "false as written",
    truth: {
      says: "At D = 3 it is that with the least sum of |βᵢ| / w₀ᵢ^(D−2): distance, relative",
      where: theory,
      expected: below(1e-9),
      measure: async (evidence) => {
        const run = at(evidence, 3, 1);
        const solution = await richLimit(datasetOf(run), { depth: 3, w0: shapeOf(run) });
        return biasGap(richEnd(evidence, 3), solution.beta);
      },
    },
  },
  ...holding(theory, [
    {
      says: "D = 2: the limit is the minimum-l1 solution: distance, relative",
      expected: below(0.02),
      measure: async (evidence) =>
        biasGap(richEnd(evidence, 2), (await minimumL1Of(at(evidence, 2, 1))).beta),
    },
  ]),
];

export const initialShape: Reproduction = {
  id: document,
  title: "The shape of the initialization: what the limits keep of it",
  source: "Woodworth et al. 2020, Section 5 and Theorem 3",
  documents: [document],
  figures: ["bias-gap", "excess-l1-against-alpha"],
  claims: [...kernel, ...rich],
};
