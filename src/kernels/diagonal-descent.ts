import code from "../../shaders/diagonal_descent.wgsl?raw";
import runsCode from "../../shaders/diagonal_runs.wgsl?raw";
import { type Overrides, type Shape, WHOLE, ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { diagonalModules } from "./diagonal/modules.ts";

const shared = {
  file: "diagonal_descent.wgsl",
  modules: [diagonalModules],
  code,
  bindings: {
    params: "uniform",
    step: "step",
    tiles: "read",
    order: "read",
    X: "read",
    signal: "read-write",
    runs: "read",
    state: "read-write",
    beta: "read-write",
    horizon: "read-write",
  },
  params: { samples: "u32", inputs: "u32", channels: "u32", capacity: "u32", streams: "u32" },
  flops: ({ rows, size, inputs }: Shape) => 2 * rows * size * inputs,
  trial: {
    // Weights and steps near one half keep powers of any depth near 1.
    numbers: { X: WHOLE, signal: WHOLE, runs: [0.5], state: [0.5, 1] },
    // The gradient is exact; a polynomial of the weights rounds as often as src/models/diagonal.bound.ts counts.
    roundings: ({ DEPTH }: Overrides) => 8 * Number(DEPTH) + 16,
  },
} as const;

const model = {
  DEPTH: [2],
  FIELDS: [3],
  GAP: [0],
  GAP_SUM: [0],
  INVARIANT: [0],
  EFFECTIVE: [0],
  AVERAGE: [0],
  DECAY: [false, true],
  FLOW: [false, true],
} as const;

/** One descent step of diagonal networks, their linearized twin and their conserved quantity (Woodworth et al. 2020). */
export const diagonalDescent = defineKernel({
  ...shared,
  entry: "plain",
  overrides: { LANES: [64], SHUFFLED: [false, true], ...model },
  grid: ({ inputs, tiles }, { LANES }) => [ceilDiv(inputs, Number(LANES)), tiles],
});

/** The same where the sums over the batch are known, bound as `X`. */
export const diagonalUpdate = defineKernel({
  ...shared,
  entry: "update",
  overrides: { LANES: [64, 4, 8], PER_INVOCATION: [1, 16], ...model },
  grid: ({ inputs, tiles }, { LANES, PER_INVOCATION }) => [
    ceilDiv(inputs, Number(LANES) * Number(PER_INVOCATION ?? 1)),
    tiles,
  ],
  flops: () => 0,
});

/** Many updates of full batches in one dispatch, a workgroup a run: for runs so small that dispatches cost the most. */
export const diagonalDescentMany = defineKernel({
  ...shared,
  entry: "fused_steps",
  overrides: { LANES: [4, 64], STOPS: [false, true], JUDGES: [64, 4], ...model },
  grid: ({ trained_run_tiles }) => [trained_run_tiles],
});

/** The same, an invocation a run, its weights and sums in registers: for runs of few inputs that share their data. */
export const diagonalRuns = defineKernel({
  ...shared,
  file: "diagonal_runs.wgsl",
  modules: [diagonalModules],
  code: runsCode,
  features: ["subgroups"],
  overrides: {
    LANES: [4, 8],
    BLOCKS: [5, 1, 2, 3, 4, 6, 7, 8],
    STOPS: [false, true],
    DEPTH: [2],
    FIELDS: [3],
    GAP: [0],
    GAP_SUM: [0],
    INVARIANT: [0],
    EFFECTIVE: [0],
    AVERAGE: [0],
    DECAY: [false, true],
  },
  grid: ({ tiles_of_runs }) => [tiles_of_runs],
});
