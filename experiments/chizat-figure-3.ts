import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below } from "./expectation.ts";
import { imageFigures } from "./image-figures.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const document = "chizat-figure-3";
const source = "after Chizat et al. 2019, Figure 3";

/** Read off the published curves, of CIFAR-10 and VGG11: over the output's scale, test accuracy and mean stability of activations. */
export const publishedCurves: readonly (readonly [alpha: number, accuracy: number, stability: number])[] = [
  [1, 0.882, 0.547],
  [10, 0.722, 0.779],
  [100, 0.549, 0.992],
  [1000, 0.547, 0.999],
];

const mean = (evidence: Evidence, quantity: string, alpha: number): number =>
  meanAt(evidence[document], { "init.alpha": alpha }, (run) => run.last(quantity)).mean;

const [smallest, largest] = [0.02, 4];

const turns = {
  says: `Share of activations that stay, mean over layers, at α = ${smallest} less that at ${largest}`,
  expected: below(-0.05),
  measure: (evidence: Evidence) =>
    mean(evidence, "layer_activation_stability", smallest) -
    mean(evidence, "layer_activation_stability", largest),
};

const still = {
  says: `α = ${largest}: drift of the tangent kernel, mean`,
  expected: below(0.05),
  measure: (evidence: Evidence) => mean(evidence, "ntk_drift", largest),
};

export const chizatFigure3: Reproduction = {
  id: document,
  title: "Lazy convolutional networks keep their activations, and see less in images",
  source: "Chizat et al. 2019, Figure 3",
  documents: [document],
  figures: imageFigures,
  isLong: true,
  claims: holding(source, [
    turns,
    {
      says: `α = ${largest}: share of activations that stay, mean over layers`,
      expected: above(0.98),
      measure: (evidence) => mean(evidence, "layer_activation_stability", largest),
    },
    {
      says: `Accuracy on unseen digits at α = 0.1 less that at ${largest}, at one training loss, means`,
      expected: above(0.02),
      measure: (evidence) => mean(evidence, "test_accuracy", 0.1) - mean(evidence, "test_accuracy", largest),
    },
    still,
    {
      says: `α = ${smallest}: the same`,
      expected: above(1),
      measure: (evidence) => mean(evidence, "ntk_drift", smallest),
    },
  ]),
  shortened: {
    [document]: {
      "data.samples": 30,
      "data.testSamples": 100,
      "train.epochs": 200,
      "train.stopLoss": 0.5,
      "sweep[0].values": [
        [0.02, 0.00003],
        [4, 0.0003],
      ],
      "sweep[1].values": [[1, 1]],
    },
  },
  shortClaims: holding(source, [turns, still]),
};
