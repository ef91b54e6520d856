import { median } from "d3";
import { fitPowerLaw } from "../src/results/power-law.ts";
import { type Claim, holding } from "./claim.ts";
import { type Evidence, type RecordedRun, type ReproducedResults, recordedRuns } from "./evidence.ts";
import { below, between, type Expectation, within } from "./expectation.ts";
import type { Reproduction } from "./reproduction.ts";

const documents = { 2: "step-plane-relu", 3: "step-plane-relu-depth-3" } as const;

/** Of the loss at the start: what has come below it has learned. Past the edge runs end with dead units, well above. */
const LEARNED = 0.1;

/** At one scale of initialization: the largest step size that learns, and what it is over N / lambda_1(K(0)). */
interface Border {
  alpha: number;
  step: number;
  overEdge: number;
}

const hasLearned = (run: RecordedRun): boolean => run.last("loss") < LEARNED * run.series("loss")[0];

function bordersOf(results: ReproducedResults, isWanted: (alpha: number) => boolean): Border[] {
  const borders = new Map<number, Border>();
  for (const run of recordedRuns(results)) {
    const [alpha, step] = [run.last("init.alpha"), run.last("train.stepSize")];
    if (!isWanted(alpha) || !hasLearned(run) || step < (borders.get(alpha)?.step ?? 0)) continue;
    borders.set(alpha, { alpha, step, overEdge: run.series("sharpness")[0] });
  }
  return [...borders.values()];
}

const isLazy = (alpha: number): boolean => alpha >= 1;

/** Below these alphas the border does not grow any more. */
const richest = { 2: 0.2, 3: 0.4 } as const;

/** The edges that are known, about; the largest step of a grid that is below one is up to a grid's spacing below it. */
const edges = { 2: 2.2, 3: 5 } as const;

const claimsAt = (depth: 2 | 3, { spacing, slope }: { spacing: number; slope: Expectation }): Claim[] => {
  const of = (evidence: Evidence, isWanted: (alpha: number) => boolean) =>
    bordersOf(evidence[documents[depth]], isWanted);
  const layers = depth === 2 ? "One hidden layer" : "Two hidden layers";
  return holding("theory: K(0) grows like α^(2D − 2); where the edge is over it: docs/phase-diagrams.md", [
    {
      says: `${layers}, α ≥ 1: the exponent of the largest step that learns in α`,
      expected: slope,
      measure: (evidence) =>
        fitPowerLaw(of(evidence, isLazy).map(({ alpha, step }) => ({ x: alpha, y: step })))?.slope ?? NaN,
    },
    {
      says: `${layers}, α ≥ 1: that step over N / λ₁(K(0)), median`,
      expected: between(Number((edges[depth] / spacing).toPrecision(2)), edges[depth]),
      measure: (evidence) => median(of(evidence, isLazy), ({ overEdge }) => overEdge)!,
    },
    {
      says: `${layers}, α ≤ ${richest[depth]}: the largest of these steps over the least; the edge at the start grows like α^${2 - 2 * depth}`,
      expected: below(Number((spacing * spacing).toPrecision(3))),
      measure: (evidence) => {
        const steps = of(evidence, (alpha) => alpha <= richest[depth]).map(({ step }) => step);
        return Math.max(...steps) / Math.min(...steps);
      },
    },
  ]);
};

const deadUnits: Claim[] = holding("docs/phase-diagrams.md: steps that are too large kill units", [
  {
    says: "Two hidden layers: share of units that are active, of runs that have not learned with a step above N / λ₁(K(0)), median",
    expected: below(0.75),
    measure: ({ "step-plane-relu-depth-3": results }) =>
      median(
        recordedRuns(results).filter(
          (run) => run.series("sharpness")[0] > 1 && !hasLearned(run) && Number.isFinite(run.last("loss")),
        ),
        (run) => run.last("active_units"),
      )!,
  },
]);

const exponent = (depth: number, distance: number) => within(2 - 2 * depth, distance);

const SHORT: Record<2 | 3, [number, number, number]> = { 2: [-3, 0.5, 29], 3: [-3.5, 0.5, 33] };

/** Of steps in geometric progression. */
const spacingOf = ([low, high, count]: readonly [number, number, number]): number =>
  10 ** ((high - low) / (count - 1));

export const stepPlaneRelu: Reproduction = {
  id: "step-plane-relu",
  title: "The plane of α and step size of ReLU networks",
  source: "Atanasov et al. 2024",
  documents: Object.values(documents),
  isLong: true,
  figures: ["phase-diagram"],
  claims: [
    ...claimsAt(2, { spacing: spacingOf([-3.5, 0.5, 48]), slope: exponent(2, 0.15) }),
    ...claimsAt(3, { spacing: spacingOf([-4, 0.5, 46]), slope: exponent(3, 0.15) }),
    ...deadUnits,
  ],
  // A few scales of each regime.
  shortened: {
    "step-plane-relu": {
      "train.epochs": 600,
      "record.every": 600,
      "sweep[0]": { path: "init.alpha", values: [0.05, 0.1, 0.2, 1, 2, 4, 8] },
      "sweep[1]": { path: "train.stepSize", logspace: SHORT[2] },
    },
    "step-plane-relu-depth-3": {
      "train.epochs": 600,
      "record.every": 600,
      "sweep[0]": { path: "init.alpha", values: [0.15, 0.25, 0.4, 1, 1.5, 2.2, 3.2] },
      "sweep[1]": { path: "train.stepSize", logspace: SHORT[3] },
    },
  },
  // A coarser grid's border: an exponent is known to two spacings over the scales of the lazy regime. A median of four says little.
  shortClaims: [
    ...claimsAt(2, { spacing: spacingOf(SHORT[2]), slope: exponent(2, 0.3) }),
    ...claimsAt(3, { spacing: spacingOf(SHORT[3]), slope: exponent(3, 0.6) }),
  ].filter(({ says }) => !says.endsWith("median")),
};
