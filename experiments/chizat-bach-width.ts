import type { ParticleScaling } from "../src/results/particle-networks.ts";
import {
  type DeconvolutionDraw,
  deconvolutionDraw,
  deconvolutionExcess,
  deconvolutionGap,
  deconvolutionSuccess,
} from "../src/theory/index.ts";
import { holding } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { above, below, between } from "./expectation.ts";
import { particleLoss } from "./particle-loss.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "chizat-bach-width";
const source = "Chizat & Bach 2018, Section 4.2 and Figure 3";

/** What is learned is a teacher without noise, so that the least loss is 0. */
const excess = (evidence: Evidence, count: number, scaling: ParticleScaling = "m"): number =>
  particleLoss(evidence, document, count, scaling);

const known = new Map<number, DeconvolutionDraw>();

/** Drawn when a claim asks. */
const draws = Array.from({ length: 10 }, (_, k) => () => {
  const draw = known.get(k) ?? deconvolutionDraw(k + 1);
  known.set(k, draw);
  return draw;
});

/** Draws of ten in which so many particles end at the least objective. */
const successes = (count: number): number =>
  draws.filter((draw) => deconvolutionExcess(draw(), count) < deconvolutionSuccess).length;

const deconvolution = holding("theory alone: Chizat & Bach 2018, Section 4.1", [
  {
    says: "Sparse deconvolution, five spikes, 5 particles: draws of ten that succeed",
    expected: between(0, 4),
    measure: () => successes(5),
  },
  ...[8, 10, 16].map((count) => ({
    says: `The same with ${count} particles`,
    expected: between(9, 10),
    measure: () => successes(count),
  })),
  {
    says: "Masses alone on 64 fixed places: least excess of three draws",
    expected: above(0.02),
    measure: () => Math.min(...draws.slice(0, 3).map((draw) => deconvolutionExcess(draw(), 64, false))),
  },
  {
    says: "The least objectives of ten draws are proved to",
    expected: below(1e-5),
    measure: () =>
      Math.max(
        ...draws.map((draw) => {
          const { problem, least } = draw();
          return deconvolutionGap(problem, least.particles);
        }),
      ),
  },
]);

const few = {
  says: "2 particles, half the teacher's units: excess loss on unseen inputs, median",
  expected: above(0.03),
  measure: (evidence: Evidence) => excess(evidence, 2),
};

export const chizatBachWidth: Reproduction = {
  id: document,
  title: "A few particles more than the teacher has units, and gradient flow finds it",
  source,
  documents: [document],
  figures: ["loss-against-particles", "deconvolution-course", "deconvolution-excess", "loss"],
  claims: [
    ...deconvolution,
    ...holding(source, [
      few,
      {
        says: "8 particles over 2: excess loss, medians",
        expected: below(1e-3),
        measure: (evidence) => excess(evidence, 8) / excess(evidence, 2),
      },
      {
        says: "16 particles over 2: excess loss, medians",
        expected: below(1e-3),
        measure: (evidence) => excess(evidence, 16) / excess(evidence, 2),
      },
      {
        says: "16 particles: excess loss of the sum over √m over that of the sum over m, medians",
        expected: above(10),
        measure: (evidence) => excess(evidence, 16, "√m") / excess(evidence, 16),
      },
    ]),
  ],
  shortened: {
    [document]: {
      "train.epochs": 1500,
      "sweep[0].values": [
        [2, 0.707107],
        [8, 0.353553],
      ],
      "sweep[1].values": [[1, 1]],
    },
  },
  shortClaims: [
    ...deconvolution,
    ...holding(source, [
      few,
      {
        says: "8 particles over 2: excess loss",
        expected: below(0.1),
        measure: (evidence) => excess(evidence, 8) / excess(evidence, 2),
      },
    ]),
  ],
};
