import { max } from "d3";
import { loadDataset } from "../src/data/datasets.ts";
import type { PointsData } from "../src/document/types.ts";
import { arrayFrames } from "../src/results/array-frames.ts";
import { kernelSpline, linearSpline, type LayerShares } from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { above, below, type Expectation, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const [splines, limits] = ["williams-splines", "williams-kernel-limits"] as const;
const source = "Williams et al. 2019; Woodworth et al. 2020, Figure 7";

const sparse = "Savarese et al. 2019, Theorem 3.3: from a small start the curve is a linear spline";

/**
 * Of k units, layers times k^-s and k^s: the limit's shares, its largest value, and that of 10 000 units. At s = 0 these are random
 * features, whose kernels still differ: over twelve draws in float64 1.1246, with a standard deviation of .0054; the published
 * curves have 1.138 to 1.149.
 */
const scalings: readonly [
  s: string,
  layerScales: number[],
  shares: LayerShares,
  largest: number,
  trained: Expectation,
][] = [
  ["0", [1, 1], { output: 1, input: 0 }, 1.121, within(1.1246, 3 * 0.0054)],
  ["1/4", [0.1, 10], { output: 1, input: 2 }, 1.0196, within(1.0196, 5e-3)],
  ["1/2", [0.01, 100], { output: 0, input: 1 }, 1.0137, within(1.0137, 5e-3)],
];

/** The points of a document, without the constant beside them. */
function pointsOf(evidence: Evidence, document: string) {
  const { data } = recordedRuns(evidence[document])[0].specification;
  const { X, y } = loadDataset({ ...(data as PointsData), constant: false }, new Map());
  return { x: X, y };
}

/** A run's function at its end. */
const functionOf = ({ results, row }: RecordedRun): Float32Array =>
  arrayFrames(results, "function", row).at(-1)!.values;

const toSpline = (evidence: Evidence, alpha: number): number =>
  meanAt(evidence[splines], { "init.alpha": alpha }, (run) => Math.sqrt(run.last("test_loss"))).mean;

const rich = (most: number) => ({
  says: "α = 0.1: root mean square distance of the curve to the linear spline, mean",
  expected: below(most),
  measure: (evidence: Evidence) => toSpline(evidence, 0.1),
});

const grows = {
  says: "The same at α = 4, over that at 0.1",
  expected: above(4),
  measure: (evidence: Evidence) => toSpline(evidence, 4) / toSpline(evidence, 0.1),
};

export const williamsSplines: Reproduction = {
  id: splines,
  title: "From straight lines to the kernel's curve through nine points",
  source: "Williams et al. 2019; Savarese et al. 2019; Woodworth et al. 2020, Figure 7",
  documents: [splines, limits],
  figures: ["curves-through-points", "loss"],
  claims: [
    ...holding(sparse, [rich(0.02), grows]),
    ...holding(
      `theory alone: ${source}`,
      scalings.map(([s, , shares, largest]) => ({
        says: `s = ${s}: the kernel limit's largest value`,
        expected: within(largest, 1e-3),
        measure: (evidence: Evidence) => {
          const limit = kernelSpline(pointsOf(evidence, limits), shares);
          return max(Array.from({ length: 2001 }, (_, k) => limit.at(Math.sqrt(3) * (k / 1000 - 1))))!;
        },
      })),
    ),
    ...holding(
      source,
      scalings.map(([s, layerScales, , , trained]) => ({
        says: `s = ${s}, 10 000 units: the trained network's largest value on the grid`,
        expected: trained,
        measure: (evidence: Evidence) => {
          const run = recordedRuns(evidence[limits]).find(
            ({ specification }) => specification.init.layerScales?.[1] === layerScales[1],
          );
          return run ? max(functionOf(run))! : NaN;
        },
      })),
    ),
    ...holding("theory alone: Savarese et al. 2019, Theorem 3.3", [
      {
        says: "Total variation of the linear spline's slope",
        expected: within(16 / Math.sqrt(3), 1e-6),
        measure: (evidence) => linearSpline(pointsOf(evidence, splines)).slopeVariation,
      },
    ]),
  ],
  shortened: {
    [splines]: {
      "sweep[0].values": [[0.1, 0.05]],
      "sweep[1].values": [2],
      "train.epochs": 4000,
    },
    [limits]: {
      "model.widths": [500],
      "train.epochs": 1500,
      "record.every": 1500,
      "sweep[0].values": [[[0.2114742, 4.7287], 0.01]],
    },
  },
  shortClaims: [
    // On its way: the loss has fallen by as much.
    ...holding(sparse, [rich(0.1)]),
    ...holding(source, [
      {
        says: "s = 1/4, 500 units: largest distance on the grid from the kernel limit",
        expected: below(0.2),
        measure: (evidence) => {
          const [run] = recordedRuns(evidence[limits]);
          const limit = kernelSpline(pointsOf(evidence, limits), { output: 1, input: 2 });
          const [from, to, count] = (run.specification.data as PointsData).grid!;
          return max(functionOf(run), (y, k) =>
            Math.abs(y - limit.at(from + ((to - from) * k) / (count - 1))),
          )!;
        },
      },
    ]),
  ],
};
