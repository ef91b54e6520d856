import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { below, near, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";
import { slopeInAlpha } from "./slope-in-alpha.ts";
import { formulaError, largestGap, relativeGap } from "./smallest-network.ts";

const at = (evidence: Evidence, alpha: number): RecordedRun =>
  recordedRun(evidence["figure-2"], { "init.alpha": alpha });

const alphas = (evidence: Evidence): number[] =>
  recordedRuns(evidence["figure-2"]).map((run) => run.last("init.alpha"));

const theory = "theory: f − fbar = p² − m², |fbar| ≤ 8α on the square";

const surfaces: Claim[] = [
  {
    says: "At large α the linearization is close: largest |f − fbar| at α = 10 over that at α = 1",
    where: "thesis, Figure 2",
    expected: below(0.1),
    measure: (evidence) =>
      largestGap(at(evidence, 10).last("init.alpha")) / largestGap(at(evidence, 1).last("init.alpha")),
    verdict: "false as written",
    truth: {
      says: "The gap is p² − m² at every α, p = w₁ − α, m = w₂ − α: largest deviation from it",
      where: theory,
      expected: below(1e-11),
      measure: (evidence) => Math.max(...alphas(evidence).map(formulaError)),
    },
  },
  ...holding(theory, [
    {
      says: "Relative to fbar's range it is small, 1 / (2α) at α = 10",
      expected: near(0.05, 1e-9),
      measure: (evidence) => relativeGap(at(evidence, 10).last("init.alpha")),
    },
    {
      says: "The relative gap falls as a power of α",
      expected: within(-1, 1e-9),
      measure: (evidence) => slopeInAlpha(evidence["figure-2"], (run) => relativeGap(run.last("init.alpha"))),
    },
  ]),
];

const training = holding("theory: weights travel about y / (2√2 α) in the kernel regime", [
  {
    says: "Training crosses ever less of the surface: α ‖w(end) − w(0)‖ at α = 10",
    expected: near(0.35355, 1e-3),
    measure: (evidence) => 10 * at(evidence, 10).last("weight_distance"),
  },
  {
    says: "So the trained network stays with its linearization: largest |f − fbar| on the way at α = 10",
    expected: below(1e-5),
    measure: (evidence) => at(evidence, 10).largest("function_distance"),
  },
]);

export const figure2: Reproduction = {
  id: "figure-2",
  title: "The smallest network and its linearization, large α",
  source: "thesis, Figure 2",
  documents: ["figure-2"],
  figures: ["surface", "function-distance", "weight-distance"],
  claims: [...surfaces, ...training],
};
