import { type StepEdges, stepEdges } from "../src/theory/index.ts";
import { fitPowerLaw } from "../src/results/power-law.ts";
import { holding } from "./claim.ts";
import { type Evidence, type RecordedRun, type ReproducedResults, recordedRuns } from "./evidence.ts";
import { between, within } from "./expectation.ts";
import { datasetOf, once } from "./interpolation.ts";
import type { Reproduction } from "./reproduction.ts";

const documents = { 2: "step-plane", 3: "step-plane-depth-3", 4: "step-plane-depth-4" } as const;

const edgesOf = once((run, depth: number, alpha: number): StepEdges =>
  stepEdges(datasetOf(run), { depth, alpha }),
);

/** At one scale of initialization: the largest step size of those that converged, and the edges of theory. */
interface Border extends StepEdges {
  alpha: number;
  largest: number;
}

/** The loss that a run has come below which converges: near its start no run has a loss below 9. */
const CONVERGED = 1e-3;

function bordersOf(
  results: ReproducedResults,
  depth: number,
  [from, to]: readonly [number, number],
): Border[] {
  const byAlpha = new Map<number, RecordedRun[]>();
  for (const run of recordedRuns(results)) {
    const alpha = run.last("init.alpha");
    if (from <= alpha && alpha <= to) byAlpha.set(alpha, [...(byAlpha.get(alpha) ?? []), run]);
  }
  return [...byAlpha].map(([alpha, runs]) => ({
    alpha,
    largest: Math.max(
      ...runs.filter((run) => run.last("loss") < CONVERGED).map((run) => run.last("train.stepSize")),
    ),
    ...edgesOf(runs[0], depth, alpha),
  }));
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Scales at which features are learned, and at which the kernel stands still; what the border is over the edge at the end. */
const regimes = [
  { depth: 2, rich: [0.01, 0.2], lazy: [3, 10], over: { rich: [1.3, 1.75], lazy: [1.7, 2] } },
  { depth: 3, rich: [0.06, 0.3], lazy: [2, 5], over: { rich: [1.3, 1.75], lazy: [2, 2.7] } },
  { depth: 4, rich: [0.25, 0.52], lazy: [1.5, 3.2], over: { rich: [1.3, 1.75], lazy: [2, 2.7] } },
] as const;

type Regime = "rich" | "lazy";

const overEdge =
  (depth: 2 | 3 | 4, range: readonly [number, number]) =>
  (evidence: Evidence): number =>
    median(bordersOf(evidence[documents[depth]], depth, range).map(({ largest, end }) => largest / end));

const slope =
  (depth: 2 | 3 | 4, range: readonly [number, number]) =>
  (evidence: Evidence): number =>
    fitPowerLaw(
      bordersOf(evidence[documents[depth]], depth, range).map(({ alpha, largest }) => ({
        x: alpha,
        y: largest,
      })),
    )?.slope ?? NaN;

const scales = (values: number[]) => ({ path: "init.alpha", values });

const spanOf = (range: readonly number[]): string => range.join(" … ");

export const stepPlane: Reproduction = {
  id: "step-plane",
  title: "The plane of α and step size",
  source: "Atanasov et al. 2024; Even et al. 2023",
  documents: Object.values(documents),
  isLong: true,
  figures: ["phase-diagram"],
  claims: holding(
    "theory: the edge of stability where the flow ends",
    regimes.flatMap(({ depth, over, ...ranges }) =>
      (["rich", "lazy"] as Regime[]).flatMap((regime) => [
        {
          says: `D = ${depth}, α = ${spanOf(ranges[regime])}: the largest step size that converges over N / λ₁ where the flow ends, median`,
          expected: between(over[regime][0], over[regime][1]),
          measure: overEdge(depth, ranges[regime]),
        },
        {
          says: `D = ${depth}, α = ${spanOf(ranges[regime])}: its exponent in α`,
          expected: within(regime === "rich" ? 0 : 2 - 2 * depth, 0.15),
          measure: slope(depth, ranges[regime]),
        },
      ]),
    ),
  ),
  // A few scales of each regime.
  shortened: {
    "step-plane": { "sweep[0]": scales([0.01, 0.02, 0.05, 0.15, 3.5, 5, 7, 10]) },
    "step-plane-depth-3": { "sweep[0]": scales([0.07, 0.11, 0.17, 0.27, 2, 2.5, 3.5, 5]) },
    "step-plane-depth-4": { "sweep[0]": scales([0.26, 0.3, 0.4, 0.5, 1.6, 2, 2.5, 3]) },
  },
};
