import { type Claim, holding } from "./claim.ts";
import { type Evidence, recordedRun, recordedRuns } from "./evidence.ts";
import { below, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const nuclear = (evidence: Evidence, alpha: number): number =>
  recordedRun(evidence["matrix-conjecture"], { "init.alpha": alpha }).last("predictor_nuclear");

/** By alpha, from an integration to twelve digits. */
const known = [
  [1, 2.05717],
  [0.1, 2.0033],
  [0.01, 2.11747],
  [1e-3, 2.29215],
  [1e-4, 2.42689],
] as const;

const conjecture: Claim = {
  says: "Gradient flow from α → 0 ends at the least nuclear norm: the excess at α = 1e-4",
  where: "Gunasekar et al. 2017, the conjecture of Section 3",
  expected: below(0.01),
  measure: (evidence) => nuclear(evidence, 1e-4) - 2,
  verdict: "false as written",
  truth: {
    says: "It is least near α = 0.1 and grows from there to 0.5: the norm at α = 1e-4 over that at α = 0.1",
    where: "theory: this flow goes to the least rank, 1, whose entry (0, 0) is 2 and norm 2.5",
    expected: within(0.42359, 2e-3),
    measure: (evidence) => nuclear(evidence, 1e-4) - nuclear(evidence, 0.1),
  },
};

export const matrixConjecture: Reproduction = {
  id: "matrix-conjecture",
  title: "Three entries on which small starts do not find the least nuclear norm",
  source: "Gunasekar et al. 2017; Razin & Cohen 2020",
  documents: ["matrix-conjecture"],
  figures: ["loss"],
  claims: [
    conjecture,
    ...holding("theory: the flow in float64", [
      ...known.map(([alpha, norm]) => ({
        says: `α = ${alpha}: the nuclear norm at the end of the flow`,
        expected: within(norm, 1e-3),
        measure: (evidence: Evidence) => nuclear(evidence, alpha),
      })),
      {
        says: "Every run sees its three entries: largest loss at the end, times 1e10",
        expected: below(1),
        measure: (evidence) =>
          1e10 * Math.max(...recordedRuns(evidence["matrix-conjecture"]).map((run) => run.last("loss"))),
      },
    ]),
  ],
};
