import { matrixFlow, razinCohenBound } from "../src/theory/index.ts";
import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { above, below, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const at = (evidence: Evidence, stopLoss: number): RecordedRun =>
  recordedRun(evidence["matrix-unbounded"], { "train.stopLoss": stopLoss });

/** W_00 over what Theorem 1 says that it is at least, at the run's own loss. */
const overBound = (run: RecordedRun): number => run.predictor[0] / razinCohenBound(run.last("loss"));

const leastNuclear: Claim = {
  says: "Small starts find the least nuclear norm, 2: what the norm is above it at a loss of 1e-3",
  where: "Gunasekar et al. 2017, the conjecture of Section 3",
  expected: below(0.1),
  measure: (evidence) => at(evidence, 1e-3).last("excess_nuclear"),
  verdict: "false as written",
  truth: {
    says: "It grows as the loss falls: the excess at a loss of 1e-3 over that at 1e-2",
    where: "Razin & Cohen 2020, Theorem 1",
    expected: above(3),
    measure: (evidence) =>
      at(evidence, 1e-3).last("excess_nuclear") / at(evidence, 1e-2).last("excess_nuclear"),
  },
};

/** Two factors 0.01 I in float64, down to a loss of 1e-3. */
const ofTwoFactors = (): number =>
  matrixFlow(
    {
      rows: 2,
      columns: 2,
      entries: Int32Array.of(0, 1, 1, 0, 1, 1),
      targets: Float64Array.of(1, 1, 0),
    },
    { factors: [1, 2].map(() => Float64Array.of(0.01, 0, 0, 0.01)) },
    { stopLoss: 1e-3 },
  ).final.W[0];

export const matrixUnbounded: Reproduction = {
  id: "matrix-unbounded",
  title: "Three entries on which every norm grows without bound",
  source: "Razin & Cohen 2020",
  documents: ["matrix-unbounded"],
  figures: ["loss"],
  claims: [
    leastNuclear,
    ...holding("Razin & Cohen 2020, Theorem 1, in terms of the loss", [
      {
        says: "The entry that nobody observes over (1 − e)² / e, e = √(3 L): least over losses from 0.1 to 1e-3",
        expected: above(1),
        measure: (evidence) => Math.min(...recordedRuns(evidence["matrix-unbounded"]).map(overBound)),
      },
      {
        says: "That entry at a loss of 1e-3",
        expected: within(18.2, 0.05),
        measure: (evidence) => at(evidence, 1e-3).predictor[0],
      },
    ]),
    ...holding("theory alone: in float64; in float32 rounding takes two factors across det W = 0", [
      {
        says: "The same of two factors",
        expected: within(18.2, 0.05),
        measure: ofTwoFactors,
      },
    ]),
  ],
  shortened: { "matrix-unbounded": { "sweep[0].values": [0.1, 0.03, 0.01] } },
  shortClaims: holding("Razin & Cohen 2020, Theorem 1, in terms of the loss", [
    {
      says: "The entry that nobody observes over (1 − e)² / e, e = √(3 L), at a loss of 1e-2",
      expected: within(1.418, 0.01),
      measure: (evidence) => overBound(at(evidence, 1e-2)),
    },
  ]),
};
