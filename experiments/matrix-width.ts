import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { below, between } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { meanAt } from "./trials.ts";

const ofWidth = (evidence: Evidence, width: number, quantity: string): number =>
  meanAt(evidence["matrix-width"], { "model.width": width }, (run) => run.last(quantity)).mean;

const movement = (run: RecordedRun): number => run.last("unobserved_drift");

/** alpha^2 k at which the mean movement of unobserved entries is half of that at the smallest alpha. */
function halfway({ "matrix-scale": results }: Evidence): number {
  const alphas = [...new Set(recordedRuns(results).map((run) => run.last("init.alpha")))].sort(
    (a, b) => a - b,
  );
  const points = alphas.map((alpha) => ({
    scale: 1000 * alpha ** 2,
    moved: meanAt(results, { "init.alpha": alpha }, movement).mean,
  }));
  const half = points[0].moved / 2;
  const after = points.findIndex(({ moved }) => moved < half);
  if (after < 1) return NaN;
  const [one, other] = [points[after - 1], points[after]];
  const share = (one.moved - half) / (one.moved - other.moved);
  return one.scale * (other.scale / one.scale) ** share;
}

/** By width, what excess and movement are known to be over many datasets, with room for what twenty leave open. */
const known = [
  [10, 0.3, 0.9, 0.55, 0.85],
  [100, 1.8, 3.1, 0.25, 0.42],
  [1000, 4.8, 6.9, 0.045, 0.075],
  [10000, 11, 17, 0.017, 0.03],
] as const;

export const matrixWidth: Reproduction = {
  id: "matrix-width",
  title: "Width as scale: completion leaves what it does not observe where it was",
  source: "Woodworth et al. 2020, Figure 5",
  documents: ["matrix-width", "matrix-scale"],
  figures: ["loss"],
  claims: [
    ...holding("Woodworth et al. 2020, Section 6", [
      ...known.flatMap(([width, low, high, least, most]) => [
        {
          says: `α = 0.1, k = ${width}: mean nuclear norm over that of the true matrix`,
          expected: between(low, high),
          measure: (evidence: Evidence) => ofWidth(evidence, width, "truth_excess_nuclear"),
        },
        {
          says: `α = 0.1, k = ${width}: mean movement of entries that are not observed`,
          expected: between(least, most),
          measure: (evidence: Evidence) => ofWidth(evidence, width, "unobserved_drift"),
        },
      ]),
      {
        says: "k = 1000: α²k at which entries that are not observed move half as far as from the smallest start",
        expected: between(0.15, 0.6),
        measure: halfway,
      },
    ]),
  ],
  shortened: {
    "matrix-width": {
      "sweep[0].values": [10, 1000],
      "sweep[1].values": [
        [1, 1],
        [2, 2],
      ],
    },
    "matrix-scale": { "sweep[0].values": [0.001732, 0.02828], "sweep[1].values": [[1, 1]] },
  },
  shortClaims: holding("Woodworth et al. 2020, Section 6", [
    {
      says: "The wider, the less do entries move that are not observed: k = 1000 over k = 10",
      expected: below(0.3),
      measure: (evidence) =>
        ofWidth(evidence, 1000, "unobserved_drift") / ofWidth(evidence, 10, "unobserved_drift"),
    },
  ]),
};
