import { median } from "d3";
import { type Claim, holding } from "./claim.ts";
import type { Evidence, RecordedRun } from "./evidence.ts";
import { above, below, between, type Expectation, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { geometricMeanAt, meanAt, trialsAt } from "./trials.ts";
import { type Estimate, estimate } from "../src/results/estimate.ts";
import { trialLaw } from "../src/results/trial-law.ts";
import { settingsOf } from "../src/results/trials.ts";

const widthPath = "model.widths[0]";

/** The exponent of the kernel's change in the width: a fit a trial. */
function widthExponent(evidence: Evidence, document: string): Estimate {
  const results = evidence[document];
  const drift = results.runs.columns.ntk_drift as Float64Array;
  return trialLaw(results, settingsOf(results), widthPath, (row) => drift[row])?.exponent ?? estimate([]);
}

const initializations = [
  {
    document: "kernel-width-he",
    name: "He",
    exponent: -2,
    why: "output weights shrink with the width, and so does all that they send back",
  },
  {
    document: "kernel-width-gaussian",
    name: "Gaussian of standard deviation 1, times α = 0.3",
    exponent: -1,
    why: "output weights stay large, and a ReLU that switches counts in full",
  },
] as const;

const widthClaims = initializations.flatMap(({ document, name, exponent, why }) =>
  holding(`initial weights: ${name}; ${why}`, [
    {
      says: `${name}: exponent of ‖K − K(0)‖ / ‖K(0)‖ in the width, mean of the trials' own fits`,
      expected: within(exponent, 0.3),
      measure: (evidence: Evidence) => widthExponent(evidence, document).mean,
    },
    {
      says: `${name}: half of its 95% interval`,
      expected: below(0.5),
      measure: (evidence: Evidence) => widthExponent(evidence, document).margin,
    },
  ]),
);

const constancy: Claim = {
  says: "Difference of the two exponents",
  where: "Jacot et al. 2018, as it is read: the kernel becomes constant at one rate",
  expected: within(0, 0.3),
  measure: (evidence) =>
    widthExponent(evidence, "kernel-width-gaussian").mean - widthExponent(evidence, "kernel-width-he").mean,
  verdict: "false as written",
  truth: {
    says: "It becomes constant, at a rate that depends on the initial weights: the difference",
    where: "the same runs",
    expected: within(1, 0.3),
    measure: (evidence) =>
      widthExponent(evidence, "kernel-width-gaussian").mean - widthExponent(evidence, "kernel-width-he").mean,
  },
};

export const kernelAgainstWidth: Reproduction = {
  id: "kernel-width",
  title: "Change of the tangent kernel against width",
  source: "Jacot et al. 2018",
  documents: initializations.map(({ document }) => document),
  isLong: true,
  figures: ["kernel-change-against-width"],
  claims: [...widthClaims, constancy],
  shortened: Object.fromEntries(
    initializations.map(({ document }) => [
      document,
      {
        "sweep[0].values": [64, 128, 256, 512].map((width) => [width, 0.4 / width]),
        "sweep[1].values": [1, 2, 3, 4, 5, 6].map((seed) => [seed, seed]),
      },
    ]),
  ),
};

const drift = (run: RecordedRun): number => run.last("ntk_drift");
const stability = (run: RecordedRun): number => run.last("activation_stability");

/** Kernel change at alpha = 8 over that at alpha = 1, of trials' geometric means. */
const fall = ({ "kernel-scale": results }: Evidence, unbiased: boolean): number =>
  geometricMeanAt(results, { "model.unbiased": unbiased, "init.alpha": 8 }, drift) /
  geometricMeanAt(results, { "model.unbiased": unbiased, "init.alpha": 1 }, drift);

/** A trial in which a ReLU switches changes its kernel in a jump; most have none at such scales. */
function medianExponent({ "kernel-scale": results }: Evidence): number {
  const at = (alpha: number) => trialsAt(results, { "model.unbiased": true, "init.alpha": alpha }).map(drift);
  const before = at(1);
  return median(at(8).map((change, trial) => Math.log(change / before[trial]) / Math.log(8)))!;
}

const signs = (says: string, expected: Expectation, unbiased: boolean, alpha: number) => ({
  says,
  expected,
  measure: ({ "kernel-scale": results }: Evidence) =>
    meanAt(results, { "model.unbiased": unbiased, "init.alpha": alpha }, stability).mean,
});

export const lazyTraining: Reproduction = {
  id: "kernel-scale",
  title: "Change of the tangent kernel and of ReLU signs against the scale of initialization",
  source: "Chizat et al. 2019",
  documents: ["kernel-scale"],
  figures: ["kernel-change-against-scale", "activation-stability-against-scale"],
  claims: [
    ...holding("Chizat et al. 2019: with f(w(0)) = 0, a large scale leaves the kernel as it is", [
      {
        says: "Difference of two copies: kernel change at α = 8 over that at α = 1",
        expected: below(0.01),
        measure: (evidence) => fall(evidence, true),
      },
      {
        says: "The exponent of α that this makes, median over trials: −4, as the copies' symmetry takes away the first order",
        expected: within(-4, 0.5),
        measure: medianExponent,
      },
      signs("Share of ReLU signs that stay at α = 8", above(0.999), true, 8),
      signs("Share of ReLU signs that stay at α = 0.125", below(0.96), true, 0.125),
    ]),
    {
      says: "One copy, f(w(0)) ≠ 0: kernel change at α = 8 over that at α = 1",
      where: "Chizat et al. 2019, without its condition: a large scale is enough",
      expected: below(0.1),
      measure: (evidence) => fall(evidence, false),
      verdict: "false as written",
      truth: {
        says: "There is α² f to unlearn, by features that move as far at every scale: the same ratio",
        where: "the same runs",
        expected: between(0.3, 3),
        measure: (evidence) => fall(evidence, false),
      },
    },
    ...holding("the same runs", [
      signs("One copy: share of ReLU signs that stay at α = 8", below(0.999), false, 8),
    ]),
  ],
  shortened: {
    "kernel-scale": {
      "sweep[1].values": [
        [0.125, 0.00625],
        [1, 0.00625],
        [8, 9.765625e-5],
      ],
      "sweep[2].values": [1, 2, 3, 4].map((seed) => [seed, seed]),
    },
  },
};
