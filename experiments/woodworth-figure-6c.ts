import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const document = "woodworth-figure-6c";
const source = "after Woodworth et al. 2020, Figure 6c";

/** Read off the published curve, of MNIST and 5000 hidden units: accuracies over the scale; of the last layer alone .973. */
export const publishedAccuracies: readonly (readonly [alpha: number, accuracy: number])[] = [
  [0.1, 0.9863],
  [1, 0.986],
  [2, 0.986],
  [3, 0.983],
  [5, 0.981],
  [10, 0.978],
  [20, 0.9765],
  [50, 0.976],
  [500, 0.976],
];

const mean = (evidence: Evidence, quantity: string, alpha: number, layers = "all"): number =>
  meanAt(evidence[document], { "init.alpha": alpha, "train.layers": layers }, (run) => run.last(quantity))
    .mean;

const error = (evidence: Evidence, alpha: number, layers?: string): number =>
  1 - mean(evidence, "test_accuracy", alpha, layers);

const rises = {
  says: "Share of unseen digits that is wrong at α = 4, over that at 0.3, means",
  expected: above(1.5),
  measure: (evidence: Evidence) => error(evidence, 4) / error(evidence, 0.3),
};

export const woodworthFigure6c: Reproduction = {
  id: document,
  title: "Real digits: the larger the scale, the more unseen ones are wrong",
  source: "Woodworth et al. 2020, Figure 6c",
  documents: [document],
  figures: ["accuracy-against-scale"],
  isLong: true,
  claims: holding(source, [
    rises,
    {
      says: "α = 0.3: share that is wrong, over that where the last layer alone trains, means",
      expected: below(0.8),
      measure: (evidence) => error(evidence, 0.3) / error(evidence, 0.3, "last"),
    },
    {
      says: "α = 0.1: share of the signs of hidden units that stay, mean",
      expected: below(0.8),
      measure: (evidence) => mean(evidence, "activation_stability", 0.1),
    },
    {
      says: "α = 4: the same",
      expected: above(0.95),
      measure: (evidence) => mean(evidence, "activation_stability", 4),
    },
  ]),
  shortened: {
    [document]: {
      "data.samples": 200,
      "model.widths": [64],
      "train.epochs": 150,
      "sweep[0].values": [
        [0.3, 0.01],
        [4, 0.0006],
      ],
      "sweep[1].values": ["all"],
    },
  },
  shortClaims: holding(source, [rises]),
};
