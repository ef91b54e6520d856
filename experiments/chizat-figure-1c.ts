import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const document = "chizat-figure-1c";
const source = "Chizat et al. 2019, Figure 1c";

/** Read off the published curve, whose losses are half the mean square: test loss over the scale of initialization. */
export const publishedTestLosses: readonly (readonly [alpha: number, loss: number])[] = [
  [0.01, 2 * 0.000075],
  [0.0316, 2 * 0.00051],
  [0.1, 2 * 0.00175],
  [0.316, 2 * 0.00279],
  [1, 2 * 0.00307],
];

/** Means and standard errors over five seeds, in float64, of half the mean square as well. */
const known: readonly [alpha: number, mean: number, error: number][] = [
  [0.01, 2 * 0.000083, 2 * 0.000008],
  [0.0316, 2 * 0.00043, 2 * 0.00006],
  [0.1, 2 * 0.00164, 2 * 0.00006],
  [0.316, 2 * 0.0029, 2 * 0.00016],
  [1, 2 * 0.00331, 2 * 0.00021],
];

const testLoss = (evidence: Evidence, alpha: number) =>
  meanAt(evidence[document], { "init.alpha": alpha }, (run) => run.last("test_loss"));

const rises = {
  says: "Test loss at τ = 1 over that at τ = 0.1, means",
  expected: above(1.5),
  measure: (evidence: Evidence) => testLoss(evidence, 1).mean / testLoss(evidence, 0.1).mean,
};

export const chizatFigure1c: Reproduction = {
  id: document,
  title: "Lazy students know little of what they have not seen",
  source,
  documents: [document],
  isLong: true,
  figures: ["students-against-scale", "loss"],
  claims: holding(source, [
    ...known.map(([alpha, mean, error]) => ({
      says: `τ = ${alpha}: test loss, mean of 5 seeds, within 3 standard errors`,
      expected: within(mean, 3 * error * Math.SQRT2),
      measure: (evidence: Evidence) => testLoss(evidence, alpha).mean,
    })),
    rises,
    {
      says: "τ = 1: the least test loss along the path over that at the end, mean",
      expected: within(0.63, 0.15),
      measure: (evidence) =>
        meanAt(evidence[document], { "init.alpha": 1 }, (run) => {
          const losses = run.series("test_loss");
          return Math.min(...losses) / losses[losses.length - 1];
        }).mean,
    },
  ]),
  shortened: {
    [document]: {
      "data.dimension": 20,
      "data.samples": 100,
      "data.testSamples": 200,
      "model.widths": [10],
      "train.epochs": 400,
      "sweep[0].values": [
        [0.1, 5],
        [1, 0.1],
      ],
    },
  },
  shortClaims: holding(source, [rises]),
};
