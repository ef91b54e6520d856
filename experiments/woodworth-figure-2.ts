import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, recordedRun, recordedRuns } from "./evidence.ts";
import { above, below, near } from "./expectation.ts";
import { datasetOf, flowLimit, minimumL1Of, once } from "./interpolation.ts";
import { biasGap, biasMinimizer, explicitPotential, implicitPotential } from "../src/theory/index.ts";
import { l1Norm } from "../src/theory/norms.ts";
import type { Reproduction } from "./reproduction.ts";

const document = "flow-limit";

const at = (evidence: Evidence, alpha: number): RecordedRun =>
  recordedRun(evidence[document], { "init.alpha": alpha });

/** Inputs of the example that Woodworth et al. draw. */
const inputs = 1000;

/** How far a potential's ratio of a sparse to a dense predictor is above the l1 norm's. */
function aboveL1(potential: (z: number) => number, alpha: number): number {
  const ratio = potential(alpha ** -2) / (inputs * potential(alpha ** -2 / Math.sqrt(inputs)));
  return ratio * Math.sqrt(inputs) - 1;
}

/** The largest relative difference of r from q_4, from z = 1e-9 to 1e9. */
function differenceFromDepth4(): number {
  const zs = Array.from({ length: 181 }, (_, k) => 10 ** (-9 + k / 10));
  return Math.max(...zs.map((z) => Math.abs(explicitPotential(z) / implicitPotential(z, 4) - 1)));
}

/** The minimizer of R on a run's data: that of Q at depth 4, where alpha^4 is depth 2's alpha^2. */
const nearestSolution = once(
  (run, alpha: number): Float64Array =>
    biasMinimizer(datasetOf(run), { depth: 4, alpha: Math.sqrt(alpha) }).beta,
);

async function excess(run: RecordedRun, beta: Float64Array): Promise<number> {
  return l1Norm(beta) - (await minimumL1Of(run)).norm;
}

const theory = "theory alone: Woodworth et al. 2020, Section 4";

const nearest: Claim = {
  says: "α = 0.1: gradient flow ends at the interpolating weights that are nearest to its start: distance of β, relative",
  where: "a reading of the implicit bias that Woodworth et al. 2020, Section 4, refutes",
  expected: below(0.02),
  measure: (evidence) => biasGap(at(evidence, 0.1).predictor, nearestSolution(at(evidence, 0.1), 0.1)),
  verdict: "false as written",
  truth: {
    says: "It ends at the minimizer of Q",
    where: "Woodworth et al. 2020, Theorem 1",
    expected: below(1e-3),
    measure: (evidence) => at(evidence, 0.1).last("bias_gap"),
  },
};

export const woodworthFigure2: Reproduction = {
  id: "woodworth-figure-2",
  title: "Explicit against implicit bias: the nearest solution is not the one that gradient flow finds",
  source: "Woodworth et al. 2020, Figure 2 and Section 4",
  documents: [document],
  figures: ["explicit-and-implicit"],
  claims: [
    nearest,
    ...holding(theory, [
      {
        says: "R comes to the l1 norm sooner than Q: what is left at α = 1e-3, Q's over R's",
        expected: above(10),
        measure: () => aboveL1(implicitPotential, 1e-3) / aboveL1(explicitPotential, 1e-3),
      },
      {
        says: "Both come to the squared l2 norm: R's ratio of a sparse to a dense predictor at α = 100",
        expected: near(1, 1e-6),
        measure: () => (aboveL1(explicitPotential, 100) + 1) / Math.sqrt(inputs),
      },
      {
        says: "R of depth 2 is Q of depth 4 at the same α^D: largest relative difference of r and q₄, z = 1e-9 … 1e9",
        expected: below(1e-12),
        measure: differenceFromDepth4,
      },
      {
        says: "On the data of flow-limit, α = 0.01: excess l1 norm of R's minimizer over that of Q's",
        expected: below(0.5),
        measure: async (evidence) => {
          const [run] = recordedRuns(evidence[document]);
          return (await excess(run, nearestSolution(run, 0.01))) / (await excess(run, flowLimit(run, 0.01)));
        },
      },
    ]),
  ],
};
