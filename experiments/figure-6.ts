import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { above, below, exactly, near, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { stabilityLimit, stabilityNumber } from "./stability.ts";

type Distance = "weight_distance" | "linear_distance";

const symbols = { weight_distance: "‖w − w(0)‖", linear_distance: "‖w − wbar‖" };

/** The step size of both documents. */
const stepSize = 1e-3;

const runs = (evidence: Evidence): RecordedRun[] => recordedRuns(evidence["figure-6"]);
const at = (evidence: Evidence, alpha: number): RecordedRun =>
  recordedRun(evidence["figure-6"], { "init.alpha": alpha });

const distances = holding(
  "float64 descent on the same data",
  (
    [
      [0.05, 2.403925, 6.822962],
      [0.1, 2.268715, 5.214897],
      [0.5, 1.34791, 0.460646],
      [1, 0.760844, 0.073591],
      [5, 0.1543115, 0.00127983],
    ] as const
  ).flatMap(([alpha, weights, linear]) =>
    (
      [
        ["weight_distance", weights],
        ["linear_distance", linear],
      ] as const
    ).map(([name, value]) => ({
      says: `α = ${alpha}: ${symbols[name]} after 10⁴ steps`,
      expected: near(value),
      measure: (evidence: Evidence) => at(evidence, alpha).last(name),
    })),
  ),
);

/** The largest ratio of a distance to that at the next smaller alpha. */
function largestStep(evidence: Evidence, name: Distance): number {
  const ends = runs(evidence).map((run) => run.last(name));
  return Math.max(...ends.slice(1).map((end, k) => end / ends[k]));
}

/** By how much a distance falls from one record to the next at most, relatively, in any run. */
function largestFall(evidence: Evidence, name: Distance): number {
  const falls = runs(evidence).map((run) => {
    const series = run.series(name);
    // At the first record both distances are zero.
    return series.reduce((fall, value, k) => (k < 2 ? fall : Math.max(fall, 1 - value / series[k - 1])), 0);
  });
  return Math.max(...falls);
}

const linearOverWeights = (run: RecordedRun): number =>
  run.last("linear_distance") / run.last("weight_distance");

const order = holding("thesis, Figure 6", [
  ...(["weight_distance", "linear_distance"] as const).flatMap((name) => [
    {
      says: `The larger α, the smaller ${symbols[name]}: largest ratio to that at the next smaller α`,
      expected: below(1),
      measure: (evidence: Evidence) => largestStep(evidence, name),
    },
    {
      says: `${symbols[name]} grows until it settles: its largest fall between records, relative`,
      // What settles in float32 trembles in its last digits.
      expected: below(1e-6),
      measure: (evidence: Evidence) => largestFall(evidence, name),
    },
  ]),
  {
    says: "Kernel regime, α = 5: the weights end where the linearized ones do, ‖w − wbar‖ / ‖w − w(0)‖",
    expected: below(0.01),
    measure: (evidence) => linearOverWeights(at(evidence, 5)),
  },
  {
    says: "Rich regime, α = 0.05: they end farther from them than from where they started, the same ratio",
    expected: above(1),
    measure: (evidence) => linearOverWeights(at(evidence, 0.05)),
  },
]);

const datasets = (evidence: Evidence): RecordedRun[] => recordedRuns(evidence["figure-6-datasets"]);

const share = (evidence: Evidence, isCounted: (run: RecordedRun) => boolean): number => {
  const all = datasets(evidence);
  return all.filter(isCounted).length / all.length;
};

/** Not finite, or above where it started. */
const hasDiverged = (run: RecordedRun, loss: "loss" | "linear_loss"): boolean =>
  !(run.last(loss) < run.series(loss)[0]);

const isPastLimit = (run: RecordedRun): boolean => stabilityNumber(run, stepSize) > stabilityLimit;

/** The share of datasets that puts α = 5 past the limit, and three standard errors of it over 200 of them. */
const sharePastLimit = 0.43;
const threeErrors = 3 * Math.sqrt((sharePastLimit * (1 - sharePastLimit)) / 200);

const stability: Claim[] = [
  ...holding("theory: stable while 2 η λ_max(K(0)) / N < 2", [
    {
      says: "α = 5 is close to the limit: 2 η λ_max(K(0)) / N on the thesis's data",
      expected: within(1.815, 5e-4),
      measure: (evidence) => stabilityNumber(at(evidence, 5), stepSize),
    },
  ]),
  {
    says: "On other datasets of the kind, 43% of the networks diverge at α = 5: share of 200",
    where: "stability of the linearized model, taken for the network's",
    expected: within(sharePastLimit, threeErrors),
    measure: (evidence) => share(evidence, (run) => hasDiverged(run, "loss")),
    verdict: "false as written",
    truth: {
      says: "43% of the linearized models diverge: share of 200",
      where: "float64, eigenvalues of random Gram matrices",
      expected: within(sharePastLimit, threeErrors),
      measure: (evidence) => share(evidence, (run) => hasDiverged(run, "linear_loss")),
    },
  },
  ...holding("theory: stable while 2 η λ_max(K(0)) / N < 2", [
    {
      says: "Those past the limit: share of datasets on which limit and divergence disagree",
      expected: exactly(0),
      measure: (evidence) => share(evidence, (run) => isPastLimit(run) !== hasDiverged(run, "linear_loss")),
    },
  ]),
  ...holding("float64 descent on some of the datasets", [
    {
      says: "Past the limit the network leaves the kernel regime for a flatter minimum: largest final loss",
      expected: below(1e-4),
      measure: (evidence) => Math.max(...datasets(evidence).map((run) => run.last("loss"))),
    },
    {
      says: "There the weights move farther: median ‖w − w(0)‖ past the limit over that before it",
      expected: above(2),
      measure: (evidence) => medianDistance(evidence, true) / medianDistance(evidence, false),
    },
  ]),
];

function medianDistance(evidence: Evidence, past: boolean): number {
  const distances = datasets(evidence)
    .filter((run) => isPastLimit(run) === past)
    .map((run) => run.last("weight_distance"))
    .sort((a, b) => a - b);
  return distances[distances.length >> 1];
}

export const figure6: Reproduction = {
  id: "figure-6",
  title: "Distance from initialization, and from the linearized model's weights",
  source: "thesis, Figure 6",
  documents: ["figure-6", "figure-6-datasets"],
  figures: ["weight-distance", "linear-distance", "distances-against-alpha"],
  claims: [...distances, ...order, ...stability],
};
