import { max, min } from "d3";
import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { recordedRuns } from "./evidence.ts";
import { above, below, between } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { geometricMeanAt, meanAt } from "./trials.ts";
import { type Critical, criticalScales } from "../src/results/critical-scale.ts";
import { estimate } from "../src/results/estimate.ts";

const [teacher, signs] = ["hidden-layers-teacher", "hidden-layers-signs"] as const;

/** Within twice the best test loss. */
const factor = 2;

/** Trials' mean of the logarithm: the critical scale of networks with so many hidden layers. */
function criticalAt(evidence: Evidence, document: string, layers: number, scale: "alpha" | "output"): number {
  const own = criticalScales(evidence[document], factor).filter((critical) => critical.layers === layers);
  return Math.exp(estimate(own.map((critical: Critical) => Math.log(critical[scale]))).mean);
}

/** The deepest networks' critical scale over that of the shallowest. */
function deepOverShallow(evidence: Evidence, document: string, scale: "alpha" | "output"): number {
  const trials = criticalScales(evidence[document], factor);
  // Where no scale is too large, there is nothing to compare.
  if (trials.every(({ isBound }) => isBound)) return NaN;
  const depths = trials.map(({ layers }) => layers);
  const [deepest, shallowest] = [max(depths)!, min(depths)!];
  return criticalAt(evidence, document, deepest, scale) / criticalAt(evidence, document, shallowest, scale);
}

/** Distinct values of a column, in the sweep's order. */
const distinct = <Value>(values: Iterable<Value>): Value[] => [...new Set(values)];

/** By depth: the least over scales of the trials' mean test loss, over that at the largest scale; the largest of these. */
function worstGain(evidence: Evidence, document: string): number {
  const results = evidence[document];
  const alphas = distinct(recordedRuns(results).map((run) => run.last("init.alpha")));
  const widths = distinct(results.runs.columns["model.widths"] as string[]);
  const ratios = widths.map((own) => {
    const losses = alphas.map((alpha) =>
      geometricMeanAt(results, { "model.widths": own, "init.alpha": alpha }, (run) => run.last("test_loss")),
    );
    return min(losses)! / losses[alphas.indexOf(max(alphas)!)];
  });
  return max(ratios)!;
}

/** Extremes over depths of a quantity's mean at the smallest or the largest scale. */
function atEnd(
  evidence: Evidence,
  document: string,
  quantity: string,
  end: typeof min | typeof max,
): number[] {
  const results = evidence[document];
  const alpha = end(recordedRuns(results), (run) => run.last("init.alpha"))!;
  return distinct(results.runs.columns["model.widths"] as string[]).map(
    (own) => meanAt(results, { "model.widths": own, "init.alpha": alpha }, (run) => run.last(quantity)).mean,
  );
}

const both = [
  [teacher, "teacher"],
  [signs, "sparse signs"],
] as const;

export const hiddenLayers: Reproduction = {
  id: "hidden-layers",
  title: "Test error and critical scale of ReLU networks with several hidden layers",
  source: "Woodworth et al. 2020, Section 5; Chizat et al. 2019",
  documents: [teacher, signs],
  figures: [
    "test-error-against-scale",
    "critical-scale-against-depth",
    "kernel-change-against-scale",
    "activation-stability-against-scale",
  ],
  claims: [
    ...holding(
      "Chizat et al. 2019; Woodworth et al. 2020: below some scale a network is no kernel method, and does better",
      both.flatMap(([document, name]) => [
        {
          says: `${name}, every depth: test loss at the best scale over that at the largest, largest of them`,
          expected: below(0.8),
          measure: (evidence: Evidence) => worstGain(evidence, document),
        },
        {
          says: `${name}, every depth: kernel change at the smallest scale, least of them`,
          expected: above(1),
          measure: (evidence: Evidence) => min(atEnd(evidence, document, "ntk_drift", min))!,
        },
        {
          says: `${name}, every depth: kernel change at the largest scale over that at the smallest, largest of them`,
          expected: below(0.2),
          measure: (evidence: Evidence) => {
            const large = atEnd(evidence, document, "ntk_drift", max);
            const small = atEnd(evidence, document, "ntk_drift", min);
            return max(large.map((change, k) => change / small[k]))!;
          },
        },
        {
          says: `${name}, every depth: share of ReLU signs that stay, largest scale less smallest, least of them`,
          expected: above(0.05),
          measure: (evidence: Evidence) => {
            const large = atEnd(evidence, document, "activation_stability", max);
            const small = atEnd(evidence, document, "activation_stability", min);
            return min(large.map((share, k) => share - small[k]))!;
          },
        },
      ]),
    ),
    {
      says: "sparse signs: critical α of the deepest networks over that of the shallowest is above 1",
      where:
        "Woodworth et al. 2020, of diagonal networks: depth lets a larger scale train in the rich regime",
      expected: above(1),
      measure: (evidence) => deepOverShallow(evidence, signs, "alpha"),
      verdict: "false as written",
      truth: {
        says: "Of ReLU networks from He's weights it is the other way: the same ratio",
        where: "trials with data and weights of their own",
        expected: between(0.2, 0.95),
        measure: (evidence) => deepOverShallow(evidence, signs, "alpha"),
      },
    },
    ...holding("trials with data and weights of their own", [
      {
        says: "teacher: critical α of the deepest networks over that of the shallowest: much the same",
        expected: between(0.6, 1.8),
        measure: (evidence) => deepOverShallow(evidence, teacher, "alpha"),
      },
      ...both.map(([document, name]) => ({
        says: `${name}: the critical scale of the output, αᵏ⁺¹, deepest over shallowest`,
        expected: below(1),
        measure: (evidence: Evidence) => deepOverShallow(evidence, document, "output"),
      })),
    ]),
  ],
  isLong: true,
  shortened: Object.fromEntries(
    [teacher, signs].map((document) => [
      document,
      {
        "sweep[0].values": [[16], [16, 16, 16]],
        "sweep[1].values": [0.178, 0.316, 0.562, 1],
        "sweep[2].values": [1, 2, 3].map((seed) => [seed, seed]),
        "train.maxSteps": 150,
        "data.testSamples": 250,
      },
    ]),
  ),
};
