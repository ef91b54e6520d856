/** What theory knows of a sweep over two axes, computed where the data are at hand: figures of a folder have the manifest alone. */

import type { Run } from "../document/types.ts";
import { degreeOf } from "../models/degree.ts";
import { behaviourOf } from "../models/registry.ts";
import { type Member, batchSize, labelNoise, noisyEpochs, scalesOf } from "../plan/cohort.ts";
import { ConvergenceError, flowTime, InfeasibleError, type StepEdges, stepEdges } from "../theory/index.ts";

/** A line in the plane of two swept axes. */
export interface TheoryLine {
  label: string;
  /** The axes' paths, and points on the line. */
  x: string;
  y: string;
  points: [number, number][];
}

/** Scales that a line is computed at, at most: each may take a search for a minimizer and a flow. */
const MOST_SCALES = 24;
const MOST_POINTS = 100;
/** Entries of X past which no line is computed. */
const MOST_ENTRIES = 20_000;

/**
 * The lines that theory gives for diagonal networks over alpha and one other axis, of sweeps whose other settings are one:
 * the edges of stability and the least step within the epochs (Atanasov et al. 2024), scales that weight decay or noise on labels
 * take to the same (Lyu et al. 2024; HaoChen et al. 2021), the scale where the logistic loss's margin changes (Moroshko et al. 2020).
 * Of other networks the edge at the start. None where theory knows nothing.
 */
export async function theoryLines(members: readonly Member[]): Promise<TheoryLine[]> {
  const [first] = members;
  if (!first) return [];
  const { run, dataset } = first;
  if (dataset.samples * dataset.inputs > MOST_ENTRIES) return [];
  const axes = Object.keys(run.swept).filter((path) => !path.endsWith(".seed"));
  if (axes.length !== 2 || !axes.includes("init.alpha")) return [];
  const other = axes.find((path) => path !== "init.alpha")!;
  const values = (path: string) => [...new Set(members.map(({ run }) => run.swept[path]))].filter(isNumber);
  const alphas = spread(values("init.alpha"));
  const others = values(other);
  const make = members.every(isDiagonal) ? linesOver[other] : linesOfAnyNetwork[other];
  if (!make || new Set(members.map(({ run }) => other in run.swept)).size > 1) return [];
  const line = (label: string, points: [number, number][]): TheoryLine => ({
    label,
    x: other,
    y: "init.alpha",
    points: points.filter(([value]) => Number.isFinite(value) && value >= 0),
  });
  const one = new Set(members.map(({ dataset }) => dataset)).size === 1;
  const lines = await make({ member: first, alphas, others, one });
  return lines.map(([label, points]) => line(label, points));
}

interface Sweep {
  /** Any of its runs. */
  member: Member;
  alphas: number[];
  others: number[];
  /** Whether all runs have the same data. */
  one: boolean;
}

/** A label, and points [value, alpha]. */
type Line = [label: string, points: [number, number][]];

type Maker = (sweep: Sweep) => Line[] | Promise<Line[]>;

const edgeAtStart = "edge at the start, N / λ₁(K(0))";

/** By the other axis. */
const linesOver: Record<string, Maker> = {
  "train.stepSize": ({ member, alphas, one }) => {
    const { run, dataset, w0 } = member;
    if (!one || !isFlowLike(run, dataset.samples) || run.train.method !== "gradient-descent") return [];
    const { stopLoss, epochs } = run.train;
    const depth = degreeOf(run.model);
    const shape = w0.subarray(0, dataset.inputs);
    const found = alphas.flatMap((alpha): { alpha: number; edges: StepEdges; budget: number }[] => {
      const initialization = { depth, alpha, w0: shape };
      try {
        const budget = stopLoss === null ? NaN : flowTime(dataset, initialization, stopLoss) / epochs;
        return [{ alpha, edges: stepEdges(dataset, initialization), budget }];
      } catch (error) {
        if (error instanceof ConvergenceError || error instanceof InfeasibleError) return [];
        throw error;
      }
    });
    return [
      [edgeAtStart, found.map(({ alpha, edges }) => [edges.start, alpha])],
      ["edge where the flow ends", found.map(({ alpha, edges }) => [edges.end, alpha])],
      ...(stopLoss === null
        ? []
        : ([
            [`least step within ${epochs} epochs`, found.map(({ alpha, budget }) => [budget, alpha])],
          ] satisfies Line[])),
    ];
  },
  "train.time": ({ member: { run }, alphas, others }) => {
    const { l2 } = run.loss;
    if (l2 === 0) return [];
    const [last, largest] = [Math.max(...others), Math.max(...alphas)];
    // Diagonals through the map, a decade apart.
    const lowest = Math.floor(Math.log10(Math.min(...alphas)) - (2 * l2 * last) / Math.LN10);
    const powers = Array.from({ length: 30 }, (_, k) => lowest + k).filter((power) => 10 ** power < largest);
    return powers.map((power): Line => [
      `α exp(−2 l2 t) = ${tenTo(power)}`,
      between(alphas)
        .map((alpha): [number, number] => [Math.log(alpha / 10 ** power) / (2 * l2), alpha])
        .filter(([time]) => time <= last),
    ]);
  },
  "train.labelNoise": ({ member: { run, dataset }, alphas, others }) => {
    if (run.train.method !== "gradient-descent" || degreeOf(run.model) !== 2) return [];
    const { X, samples } = dataset;
    const h = X.reduce((sum, value) => sum + value * value, 0) / X.length;
    const noisy = { train: { ...run.train, labelNoise: 1 } };
    const size = batchSize(run, samples);
    // ln(a_eff / a) = -rate delta^2, of the noise alone.
    const rate = (8 * run.train.stepSize ** 2 * h * noisyEpochs(noisy) * Math.ceil(samples / size)) / size;
    const most = Math.max(...others);
    const lowest = Math.floor(Math.log10(Math.min(...alphas)));
    const powers = [lowest, lowest + 1, lowest + 2].filter((power) => 10 ** power < Math.max(...alphas));
    return powers.map((power): Line => [
      `α_eff = ${tenTo(power)}`,
      between(alphas)
        .filter((alpha) => alpha >= 10 ** power)
        .map((alpha): [number, number] => [Math.sqrt(Math.log(alpha / 10 ** power) / rate), alpha])
        .filter(([noise]) => noise <= most),
    ]);
  },
  "train.stopLoss": ({ member: { run }, others }) => {
    if (run.loss.kind !== "logistic") return [];
    const depth = degreeOf(run.model);
    return [
      [
        "αᴰ = ln 1/L",
        others.filter((loss) => loss < 1).map((loss) => [loss, Math.log(1 / loss) ** (1 / depth)]),
      ],
    ];
  },
};

/** The same of models whose kernel at the start is all that theory knows. */
const linesOfAnyNetwork: Record<string, Maker> = {
  "train.stepSize": async ({ member, alphas, one }) => {
    const { run, dataset } = member;
    const { init, model, train } = run;
    if (!one || "init.seed" in run.swept || init.scaling !== "weights") return [];
    if (train.method !== "gradient-descent" || !isFlowLike(run, dataset.samples)) return [];
    const eigenvalue = (await behaviourOf(model)).largestEigenvalue(member, dataset);
    if (!(eigenvalue > 0)) return [];
    const power = 2 * degreeOf(model) - 2;
    return [
      [
        edgeAtStart,
        alphas.map((alpha) => [dataset.samples / (eigenvalue * (alpha / init.alpha) ** power), alpha]),
      ],
    ];
  },
};

const isDiagonal = ({ run, w0 }: Member): boolean =>
  run.model.kind === "diagonal" &&
  degreeOf(run.model) >= 2 &&
  scalesOf(run).A === 1 &&
  w0.subarray(0, w0.length / 2).every((value, i) => value === w0[w0.length / 2 + i]);

/** Full batches on the clean mean squared loss. */
const isFlowLike = (run: Run, samples: number): boolean =>
  run.loss.kind === "squared" &&
  run.loss.reduction === "mean" &&
  run.loss.l2 === 0 &&
  batchSize(run, samples) === samples &&
  labelNoise(run) === 0;

/** As a person writes it. */
const tenTo = (power: number): number => Number(`1e${power}`);

/** Points of a line that costs nothing: evenly between the least and the largest, in the logarithm. */
function between(alphas: readonly number[]): number[] {
  const [low, high] = [Math.min(...alphas), Math.max(...alphas)];
  return Array.from({ length: MOST_POINTS }, (_, k) => low * (high / low) ** (k / (MOST_POINTS - 1)));
}

const isNumber = (value: unknown): value is number => typeof value === "number";

/** A few of many values, from the least to the largest. */
function spread(values: number[]): number[] {
  const sorted = values.sort((one, other) => one - other);
  if (sorted.length <= MOST_SCALES) return sorted;
  return Array.from(
    { length: MOST_SCALES },
    (_, k) => sorted[Math.round((k * (sorted.length - 1)) / (MOST_SCALES - 1))],
  );
}
