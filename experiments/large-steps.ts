import { median } from "d3";
import { errorsOverFlow, runsAtStep, shareOf } from "./beside-the-flow.ts";
import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below, between } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const ratios = ({ "large-steps": results }: Evidence, steps: number): number[] =>
  errorsOverFlow(results, steps);

const gaps = ({ "large-steps": results }: Evidence, steps: number): number[] =>
  runsAtStep(results, steps).map((run) => run.last("effective_bias_gap"));

/** Steps of 0.5, 0.97, 1.05, 1.1 and 1.2 of the edge, of a few datasets. */
const SHORT = [
  [1, 0.0958764],
  [1, 0.186],
  [1, 0.201341],
  [1, 0.210928],
  [1, 0.230103],
  [2, 0.120443],
  [2, 0.23366],
  [2, 0.252931],
  [2, 0.264975],
  [2, 0.289064],
  [3, 0.0510476],
  [3, 0.0990323],
  [3, 0.1072],
  [3, 0.112305],
  [3, 0.122514],
  [4, 0.0656439],
  [4, 0.127349],
  [4, 0.137852],
  [4, 0.144417],
  [4, 0.157545],
  [5, 0.13423],
  [5, 0.260406],
  [5, 0.281883],
  [5, 0.295305],
  [5, 0.322151],
  [6, 0.286818],
  [6, 0.556427],
  [6, 0.602318],
  [6, 0.631],
  [6, 0.688364],
  [7, 0.0861985],
  [7, 0.167225],
  [7, 0.181017],
  [7, 0.189637],
  [7, 0.206876],
  [8, 0.0858139],
  [8, 0.166479],
  [8, 0.180209],
  [8, 0.188791],
  [8, 0.205953],
  [9, 0.225008],
  [9, 0.436515],
  [9, 0.472516],
  [9, 0.495017],
  [9, 0.540018],
];

const ends = holding("Even et al. 2023, Theorem 1, with the shift", [
  {
    says: "Steps of 0.5 and 0.97 of the edge: the largest distance to the minimizer of Q of the effective start, relative",
    expected: below(1e-4),
    measure: (evidence) => Math.max(...gaps(evidence, 0.5), ...gaps(evidence, 0.97)),
  },
  {
    says: "Past the edge, 1.2: the median",
    expected: below(1e-4),
    measure: (evidence) => median(gaps(evidence, 1.2).filter(Number.isFinite))!,
  },
]);

export const largeSteps: Reproduction = {
  id: "large-steps",
  title: "Large steps with full batches lead away from sparse solutions",
  source: "Even et al. 2023",
  documents: ["large-steps"],
  figures: ["population-l2", "effective-alpha"],
  claims: [
    ...holding(
      "Even et al. 2023, in numbers of our own: 95 % of medians of 60 among 300 datasets in float64, whose own are 1.04, 1.19, 1.35, 4.9, 13.9 and 40",
      [
        ...(
          [
            [0.1, 1.034, 1.046],
            [0.5, 1.15, 1.23],
            [0.97, 1.27, 1.42],
            [1.05, 3.7, 6.6],
            [1.1, 9, 20],
            [1.2, 25, 67],
          ] as const
        ).map(([steps, low, high]) => ({
          says: `Step ${steps} of the edge where the flow ends: |β − β*|² over the flow's, median of 60 datasets`,
          expected: between(low, high),
          measure: (evidence: Evidence) => median(ratios(evidence, steps))!,
        })),
        {
          says: "Share of datasets where a step of 0.97 of the edge is worse than the flow (0.953 of 300)",
          expected: above(0.9),
          measure: (evidence) => shareOf(ratios(evidence, 0.97), (ratio) => ratio > 1),
        },
      ],
    ),
    ...ends,
  ],
  // Nine datasets, of which the medians say little.
  shortened: {
    "large-steps": {
      "train.epochs": 10_000,
      "record.every": 10_000,
      "sweep[0]": { paths: ["data.seed", "train.stepSize"], values: SHORT },
    },
  },
  shortClaims: [
    ...ends,
    ...holding("Even et al. 2023, of nine datasets", [
      {
        says: "Step 1.2 of the edge: |β − β*|² over the flow's, median, over that of 0.97",
        expected: above(10),
        measure: (evidence) => median(ratios(evidence, 1.2))! / median(ratios(evidence, 0.97))!,
      },
    ]),
  ],
};
