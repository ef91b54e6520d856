import { epochOrder } from "../../src/data/stream.ts";
import type { Variant } from "../../src/wgsl/choice.ts";
import type { Kernel } from "../../src/wgsl/kernel.ts";
import { predictorProducts, tileRows } from "../../src/kernels/predictor-products.ts";
import { type Placement, TILE_WORDS, packTiles, tileWords } from "../../src/plan/tiles.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { type Coordinates, type StepFormula, invariantDecay } from "./diagonal-step.ts";
import type { KernelBench, KernelCall } from "./gpu.ts";
import { dot } from "./mirror.ts";
import { randomFloats } from "./numbers.ts";

export interface DescentShape {
  depth: number;
  inputs: number;
  samples: number;
  /** Each run's scale of initialization. */
  alphas: readonly number[];
  /** The batch's place in the epoch: all samples unless said. */
  batch?: { start: number; size: number };
  gap?: boolean;
  invariant?: boolean;
  decays?: boolean;
  shuffled?: boolean;
  datasets?: number;
  streams?: number;
  /** The time derivative is asked for, in place of a step. */
  flow?: boolean;
}

/** One dispatch of diagonal descent: runs at different alphas, in states that training may visit. */
export interface DescentProblem {
  shape: Required<DescentShape>;
  coordinates: Coordinates;
  /** Names of the state's fields. */
  layout: string[];
  channels: number;
  capacity: number;
  step: NonNullable<KernelCall["step"]>;
  placements: Placement[];
  order: Uint32Array;
  X: Float32Array;
  /** [runs * channels, capacity] */
  signal: Float32Array;
  /** `struct RunParameters`, [runs, 7] */
  parameters: Float32Array;
  /** [runs, fields, inputs] */
  state: Float32Array;
  horizon: Uint32Array;
}

export const PARAMETERS = 7;

const powerOfTwo = (value: number): number => 2 ** Math.round(Math.log2(value));

export function descentProblem(coordinates: Coordinates, given: DescentShape): DescentProblem {
  const shape = {
    batch: { start: 0, size: given.samples },
    gap: false,
    invariant: false,
    decays: false,
    shuffled: false,
    datasets: 1,
    streams: 1,
    flow: false,
    ...given,
  };
  const { depth: D, inputs: n, samples, alphas, batch, gap, decays, datasets, streams } = shape;
  const runs = alphas.length;
  const channels = gap ? 2 : 1;
  const layout = coordinates.layout(shape);
  const scale = Math.fround(1 / batch.size);
  const share = (run: number, count: number) => Math.floor((run * count) / runs);
  const order = new Uint32Array(2 * streams * samples);
  for (let row = 0; row < 2 * streams; row++) order.set(epochOrder(7, row, samples), row * samples);
  // Room for two more samples than the batch has; what lies there must not be read.
  const capacity = batch.size + 2;
  const signal = new Float32Array(runs * channels * capacity).fill(NaN);
  const parameters = new Float32Array(PARAMETERS * runs);
  const state = new Float32Array(runs * layout.length * n);

  alphas.forEach((alpha, run) => {
    const draws = randomFloats(6 * n, 100 + run);
    const displacement = decays || layout.includes("b") ? 1 : Math.min(1, powerOfTwo(alpha ** -D));
    let [largest, furthest, gaps] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const a = Math.fround(1 + 0.5 * draws[i]);
      // Predictors alpha^D (w+^D - w-^D) in [-1, 1].
      const t = Math.asinh(draws[n + i] / (2 * (alpha * a) ** D)) / D;
      const visited = coordinates.visit(a, t, { depth: D, displacement }, draws.subarray(2 * n + 4 * i));
      layout.forEach((name, field) => {
        state[(run * layout.length + field) * n + i] = visited.fields[name];
      });
      largest = Math.max(largest, visited.weight);
      furthest = Math.max(furthest, visited.displacement);
      gaps = Math.max(gaps, visited.gap);
    }
    for (let channel = 0; channel < channels; channel++) {
      const values = randomFloats(batch.size, 200 + 2 * run + channel, channel === 0 ? 1 : gaps);
      signal.set(values, (run * channels + channel) * capacity);
    }
    // An update of about a third of w+ - w-, or of a tenth of the largest weight where that is less.
    const sum = 0.5 * Math.sqrt(batch.size) * scale;
    const stable = 0.1 / (displacement * D * largest ** (D - 2) * sum);
    const visible = (0.3 * furthest) / (2 * D * largest ** (D - 1) * sum);
    const decay = decays ? Math.fround(0.01 / (1 + run)) : 0;
    parameters.set(
      [
        Math.min(stable, visible),
        alpha ** D * displacement,
        decay,
        invariantDecay(D, decay),
        NaN,
        NaN,
        displacement,
      ],
      PARAMETERS * run,
    );
  });
  return {
    shape,
    coordinates,
    layout,
    channels,
    capacity,
    step: { index: 41, start: batch.start, size: batch.size, order: 1, scale },
    placements: alphas.map((_, run) => ({
      data: share(run, datasets),
      targets: 0,
      stream: share(run, streams),
    })),
    order,
    X: randomFloats(datasets * samples * n, 11),
    signal,
    parameters,
    state,
    horizon: Uint32Array.from({ length: 2 * runs }, (_, word) => (word % 2 ? 0 : 1000)),
  };
}

export interface DescentResult {
  state: Float32Array;
  beta: Float32Array;
  horizon: Uint32Array;
}

/** Sums over the batch of the runs at `positions`, [runs * channels, inputs]; those of others are NaN. */
async function sumsOverBatch(
  gpu: KernelBench,
  by: Variant,
  { shape, channels, capacity, placements, step, order, X, signal }: DescentProblem,
  positions: number[],
): Promise<Float32Array> {
  const { inputs, samples, shuffled, streams } = shape;
  const fours = by.kernel === predictorProducts.fours;
  const room = Math.max(4, tileRows(positions.length * channels, { fours }));
  const stride = fours ? 4 * Math.ceil(inputs / 4) : inputs;
  const rows = Array.from({ length: X.length / inputs }, (_, row) => {
    const padded = new Float32Array(stride);
    padded.set(X.subarray(row * inputs, (row + 1) * inputs));
    return padded;
  });
  const tiles = packTiles(positions, placements, channels, room, room);
  const { products } = await gpu.run(by.kernel, {
    params: { samples, inputs, channels, capacity, streams, room, stride },
    overrides: { ...by.overrides, ROWS: room, SHUFFLED: shuffled, BACK: true },
    shape: { inputs, room, tiles: tiles.length / tileWords(room) },
    step,
    bind: {
      tiles,
      order,
      X: Float32Array.from(rows.flatMap((row) => [...row])),
      y: new Float32Array(1),
      rows: signal,
      products: placements.length * channels * inputs,
    },
  });
  return products;
}

/** Dispatches the runs at `positions` once; beta is poisoned with NaN before. */
export async function descend(
  gpu: KernelBench,
  kernel: Kernel,
  problem: DescentProblem,
  {
    LANES,
    PER_INVOCATION,
    sums = { kernel: predictorProducts.quads, overrides: { LANES: 4, COLUMNS: 5, TERMS: 2 } },
    positions = [...problem.placements.keys()],
  }: {
    LANES: number;
    PER_INVOCATION?: number | undefined;
    sums?: Variant | undefined;
    positions?: number[];
  },
): Promise<DescentResult> {
  const { shape, coordinates, layout, channels, capacity, placements } = problem;
  const { depth, inputs, samples, shuffled, decays, streams, flow } = shape;
  const tiles = packTiles(positions, placements, channels, 8);
  const { state, beta, horizon } = await gpu.run(kernel, {
    params: { samples, inputs, channels, capacity, streams },
    overrides: {
      LANES,
      ...(PER_INVOCATION ? { PER_INVOCATION } : {}),
      ...(kernel.entry === "update" ? {} : { SHUFFLED: shuffled }),
      DEPTH: depth,
      FIELDS: layout.length,
      ...coordinates.places(layout),
      DECAY: decays,
      ...(flow ? { FLOW: true } : {}),
    },
    shape: { inputs, tiles: tiles.length / TILE_WORDS },
    step: problem.step,
    bind: {
      tiles,
      order: problem.order,
      X: kernel.entry === "update" ? await sumsOverBatch(gpu, sums, problem, positions) : problem.X,
      signal: problem.signal,
      runs: problem.parameters,
      state: problem.state,
      beta: placements.length * (flow ? layout.length : channels) * inputs,
      horizon: problem.horizon,
    },
  });
  return { state, beta, horizon: new Uint32Array(horizon.buffer) };
}

/** The step by a formula in an arithmetic: its numbers by name, at [runs * inputs] places. */
export function expected<T>(
  arithmetic: Arithmetic<T>,
  formula: StepFormula,
  problem: DescentProblem,
): Record<string, T>[] {
  const { shape, layout, channels, capacity, step, placements, order, X, signal, parameters } = problem;
  const { depth, inputs: n, samples, alphas, gap, invariant, decays, shuffled, streams } = shape;
  return alphas.flatMap((_, run) => {
    const { data, stream } = placements[run];
    const [rate, outputScale, decay, , , , displacement] = parameters.subarray(PARAMETERS * run);
    return Array.from({ length: n }, (_, i) => {
      const before = layout.map((name, field) => [
        name,
        problem.state[(run * layout.length + field) * n + i],
      ]);
      const entry = (j: number) => {
        const place = step.start + j;
        const sample = shuffled ? order[(step.order * streams + stream) * samples + place] : place;
        return X[(data * samples + sample) * n + i];
      };
      const sum = (channel: number) =>
        dot(arithmetic, step.size, entry, (j) => signal[(run * channels + channel) * capacity + j]);
      return formula(
        arithmetic,
        { depth, gap, invariant, decays, rate, scale: step.scale, outputScale, decay, displacement },
        Object.fromEntries(before),
        sum(0),
        gap ? sum(1) : arithmetic.of(0),
      );
    });
  });
}

/** The result's numbers by name, at [runs * inputs] places: all that the step writes. */
export function columns(problem: DescentProblem, result: DescentResult): Record<string, Float32Array> {
  const { inputs: n, alphas } = problem.shape;
  const gather = (numbers: Float32Array, rows: number, row: number) =>
    Float32Array.from({ length: alphas.length * n }, (_, at) => {
      const run = Math.floor(at / n);
      return numbers[(run * rows + row) * n + (at % n)];
    });
  const { layout, channels } = problem;
  const written = layout.filter((name) => name !== "a" && name !== "b");
  return Object.fromEntries([
    ...written.map((name) => [name, gather(result.state, layout.length, layout.indexOf(name))]),
    ...["beta", "gamma"].slice(0, channels).map((name, row) => [name, gather(result.beta, channels, row)]),
  ]);
}

/** The same problem with run `order[r]` in place r. */
export function mapRuns(problem: DescentProblem, order: readonly number[]): DescentProblem {
  const runs = order.length;
  const move = <Numbers extends Float32Array | Uint32Array>(numbers: Numbers): Numbers => {
    const size = numbers.length / runs;
    const moved = numbers.slice() as Numbers;
    order.forEach((run, place) => moved.set(numbers.subarray(run * size, (run + 1) * size), place * size));
    return moved;
  };
  return {
    ...problem,
    placements: order.map((run) => problem.placements[run]),
    signal: move(problem.signal),
    parameters: move(problem.parameters),
    state: move(problem.state),
    horizon: move(problem.horizon),
  };
}

/** What one run has left behind: its state, its predictors, its horizon. */
export function partOf({ layout, channels, shape }: DescentProblem, result: DescentResult, run: number) {
  const part = <Numbers extends Float32Array | Uint32Array>(numbers: Numbers, size: number) =>
    Array.from(numbers.subarray(run * size, (run + 1) * size));
  return {
    state: part(result.state, layout.length * shape.inputs),
    beta: part(result.beta, channels * shape.inputs),
    horizon: part(result.horizon, 2),
  };
}
