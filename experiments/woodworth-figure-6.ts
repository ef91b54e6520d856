import { max } from "d3";
import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { recordedRuns } from "./evidence.ts";
import { below, near } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const document = "woodworth-figure-6";

const [shallow, deep] = ["[30]", "[30,30]"];

/** Read off the published curves: gradient distances over alpha^D, by the hidden widths of the network. */
const published: [widths: string, depth: number, points: [alpha: number, distance: number][]][] = [
  [
    shallow,
    2,
    [
      [0.05, 0.54],
      [0.2, 0.409],
      [0.4, 0.222],
      [0.5, 0.152],
      [1, 0.027],
    ],
  ],
  [
    deep,
    3,
    [
      [0.2, 0.677],
      [0.5, 0.512],
      [1, 0.227],
    ],
  ],
];

const distance = (evidence: Evidence, widths: string, alpha: number): number =>
  meanAt(evidence[document], { "model.widths": widths, "init.alpha": alpha }, (run) =>
    run.last("gradient_distance"),
  ).mean;

/** The largest ratio of a depth's mean distances, each at a larger alpha over that at the one before. */
function steepest(evidence: Evidence, [widths, , points]: (typeof published)[number]): number {
  const distances = points.map(([alpha]) => distance(evidence, widths, alpha));
  return max(distances.slice(1).map((value, k) => value / distances[k]))!;
}

const source = "Woodworth et al. 2020, Figure 6b";

export const woodworthFigure6: Reproduction = {
  id: "woodworth-figure-6",
  title:
    "Ten points on the circle: gradients turn less the larger the scale, and more the deeper the network",
  source,
  documents: [document],
  figures: ["gradient-distance-against-scale"],
  claims: [
    ...holding(
      source,
      published.flatMap(([widths, depth, points]) =>
        points.map(([alpha, value]) => ({
          says: `D = ${depth}, α^D = ${Number((alpha ** depth).toPrecision(3))}: distance of the gradients, mean of 8 teachers`,
          expected: near(value, 0.25),
          measure: (evidence: Evidence) => distance(evidence, widths, alpha),
        })),
      ),
    ),
    ...holding(source, [
      {
        says: "Every depth: distances at one scale over those at the next smaller, largest of them",
        expected: below(1),
        measure: (evidence) => max(published, (own) => steepest(evidence, own))!,
      },
      {
        says: "α = 1: the distance of two layers over that of three",
        expected: below(0.5),
        measure: (evidence) => distance(evidence, shallow, 1) / distance(evidence, deep, 1),
      },
    ]),
  ],
  isLong: true,
  shortened: {
    [document]: { "train.epochs": 3000 },
  },
  // Distances grow on until the loss is at 1e-9.
  shortClaims: holding(source, [
    {
      says: "Every depth: distances at one scale over those at the next smaller, largest of them",
      expected: below(1),
      measure: (evidence) => max(published, (own) => steepest(evidence, own))!,
    },
    {
      says: "Training losses over that at the start, largest of them",
      expected: below(0.1),
      measure: (evidence) =>
        max(recordedRuns(evidence[document]), (run) => run.last("loss") / run.series("loss")[0])!,
    },
  ]),
};
