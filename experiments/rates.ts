import { holding } from "./claim.ts";
import { type Evidence, recordedRun, recordedRuns } from "./evidence.ts";
import { below, near, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { slopeInAlpha } from "./slope-in-alpha.ts";

interface Rate {
  quantity: "weight_distance" | "linear_distance" | "ntk_drift";
  symbol: string;
  exponent: number;
  /** Prefactor under gradient flow. */
  flow: number;
  /** Prefactor at step size 0.01 α⁻², from float64 descent at α = 64. */
  descent: number;
}

const rates: readonly Rate[] = [
  { quantity: "weight_distance", symbol: "‖w − w(0)‖", exponent: -1, flow: 0.7715, descent: 0.7715191 },
  { quantity: "linear_distance", symbol: "‖w − wbar‖", exponent: -3, flow: 0.077, descent: 0.06314145 },
  { quantity: "ntk_drift", symbol: "‖K − K(0)‖ / ‖K(0)‖", exponent: -4, flow: 0.0442, descent: 0.03695061 },
];

const ranges = [
  [4, 64],
  [64, 1000],
] as const;

const theory = "theory: rates in α of the kernel regime";

const slopes = holding(
  theory,
  rates.flatMap(({ quantity, symbol, exponent }) =>
    ranges.map((range) => ({
      says: `α = ${range.join(" … ")}: the exponent of ${symbol}`,
      expected: within(exponent, 0.02),
      measure: (evidence: Evidence) => slopeInAlpha(evidence.rates, (run) => run.last(quantity), range),
    })),
  ),
);

const functionRate = [
  ...holding("Chizat et al. 2019, Theorem 2.2, in the scale of the weights", [
    {
      says: "α = 4 … 1000: the exponent of the largest |f − fbar| on the way is at most −2",
      expected: below(-2),
      measure: functionExponent,
    },
  ]),
  ...holding("theory: the symmetry of w₊ and w₋ buys two more powers", [
    {
      says: "α = 4 … 1000: the exponent of the largest |f − fbar| on the way",
      expected: within(-4, 0.02),
      measure: functionExponent,
    },
  ]),
];

function functionExponent(evidence: Evidence): number {
  return slopeInAlpha(evidence.rates, (run) => run.largest("function_distance"));
}

/** A quantity over its power of alpha, at alpha = 8, where the kernel regime's laws hold to four digits. */
const prefactor =
  ({ quantity, exponent }: Rate) =>
  (evidence: Evidence): number =>
    recordedRun(evidence.rates, { "init.alpha": 8 }).last(quantity) / 8 ** exponent;

/** Step sizes of rates-step-sizes, each half of the one before. */
const halvings = [6.25e-5, 3.125e-5, 1.5625e-5];

/** The prefactor at step size zero: Richardson's extrapolation, exact for what is quadratic in the step size. */
const flowPrefactor =
  ({ quantity, exponent }: Rate) =>
  (evidence: Evidence): number => {
    const [coarse, middle, fine] = halvings.map(
      (stepSize) =>
        recordedRun(evidence["rates-step-sizes"], { "train.stepSize": stepSize }).last(quantity) /
        8 ** exponent,
    );
    return (8 * fine - 6 * middle + coarse) / 3;
  };

const law = ({ symbol, exponent }: Rate): string => `${symbol} ≈ c α^${exponent}`;

const flowPrefactors = holding(
  theory,
  rates.map((rate) => ({
    says: `${law(rate)} under gradient flow: c, extrapolated to step size 0`,
    // Four digits are known.
    expected: near(rate.flow, 1e-3),
    measure: flowPrefactor(rate),
  })),
);

const descentPrefactors = holding(
  "float64 descent on the same data",
  rates.map((rate) => ({
    says: `${law(rate)} at step size 0.01 α⁻²: c`,
    expected: near(rate.descent),
    measure: prefactor(rate),
  })),
);

const convergence = holding("theory: α² times the step size sets the pace in the kernel regime", [
  {
    says: "Step size 0.01 α⁻² trains at every α = 4 … 1000: largest final loss over the initial one",
    expected: below(1e-10),
    measure: largestRemainder,
  },
]);

function largestRemainder({ rates: results }: Evidence): number {
  return Math.max(...recordedRuns(results).map((run) => run.last("loss") / run.series("loss")[0]));
}

export const ratesInAlpha: Reproduction = {
  id: "rates",
  title: "Distances and kernel change as powers of α",
  source: "Chizat et al. 2019; the ± symmetry of the diagonal network",
  documents: ["rates", "rates-step-sizes"],
  figures: ["distances-against-alpha", "kernel-drift-against-alpha"],
  claims: [...slopes, ...functionRate, ...flowPrefactors, ...descentPrefactors, ...convergence],
};
