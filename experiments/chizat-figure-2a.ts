import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below, between } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { particleLoss } from "./particle-loss.ts";

const document = "chizat-figure-2a";
const source = "Chizat et al. 2019, Figure 2a";

/** Published at m = 32, at convergence: .53 and .10. */
const lazier = (least: number) => ({
  says: "32 units: loss on unseen inputs of the sum over √m over that of the sum over m, medians; published: 5.3",
  expected: between(least, 9),
  measure: (evidence: Evidence) =>
    particleLoss(evidence, document, 32, "√m") / particleLoss(evidence, document, 32),
});

const wider = (most: number) => ({
  says: "Sum over m: loss on unseen inputs at 32 units over that at 2, medians",
  expected: below(most),
  measure: (evidence: Evidence) => particleLoss(evidence, document, 32) / particleLoss(evidence, document, 2),
});

export const chizatFigure2a: Reproduction = {
  id: document,
  title: "Wide students learn if divided by their number, and are lazy if divided by its root",
  source,
  documents: [document],
  isLong: true,
  figures: ["loss-against-particles", "loss"],
  claims: holding(source, [
    lazier(2),
    wider(0.4),
    {
      says: "Sum over √m: loss on unseen inputs at 32 units over that at 8, medians",
      expected: above(0.5),
      measure: (evidence) =>
        particleLoss(evidence, document, 32, "√m") / particleLoss(evidence, document, 8, "√m"),
    },
  ]),
  shortened: {
    [document]: {
      "train.epochs": 600,
      "sweep[0].values": [
        [2, 0.707107],
        [32, 0.176777],
        [32, 0.420448],
      ],
      "sweep[1].values": [[1, 1]],
    },
  },
  shortClaims: holding(source, [lazier(1.5), wider(0.6)]),
};
