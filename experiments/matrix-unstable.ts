import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRuns } from "./evidence.ts";
import { within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

/** From 0.01 I, and from factors that a 1e-12-th part of Gaussian matrices is added to. */
const starts = ({ "matrix-unstable": results }: Evidence): RecordedRun[] => recordedRuns(results);

export const matrixUnstable: Reproduction = {
  id: "matrix-unstable",
  title: "Three factors: an end that a start beside it does not share",
  source: "Arora et al. 2019, Theorem 2",
  documents: ["matrix-unstable"],
  figures: ["loss"],
  claims: [
    ...holding("Arora et al. 2019, Theorem 2", [
      {
        says: "From 0.01 I: the nuclear norm at the end, the least of semidefinite matrices",
        expected: within(2, 1e-3),
        measure: (evidence) => starts(evidence)[0].last("predictor_nuclear"),
      },
    ]),
    {
      says: "From factors a 1e-12-th part beside 0.01 I: the nuclear norm at the end is still 2",
      where: "Arora et al. 2019, Theorem 2, taken for a law of starts near the identity",
      expected: within(2, 1e-3),
      measure: (evidence) => starts(evidence)[1].last("predictor_nuclear"),
      verdict: "false as written",
      truth: {
        says: "It is near 1, the least norm of all matrices",
        where: "theory: the flow in float64; multiples of the identity are unstable beyond two factors",
        expected: within(1.0375, 2e-3),
        measure: (evidence) => starts(evidence)[1].last("predictor_nuclear"),
      },
    },
    ...holding("theory: the flow in float64", [
      {
        says: "That end is not semidefinite: its last diagonal entry",
        expected: within(-0.9625, 2e-3),
        measure: (evidence) => starts(evidence)[1].predictor[8],
      },
    ]),
  ],
};
