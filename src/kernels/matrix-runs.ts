import code from "../../shaders/matrix_runs.wgsl?raw";
import type { Variant } from "../wgsl/choice.ts";
import { type Overrides, ceilDiv, defineKernel } from "../wgsl/kernel.ts";

const shared = {
  file: "matrix_runs.wgsl",
  code,
  bindings: {
    params: "uniform",
    step: "step",
    program: "uniform",
    tiles: "read",
    order: "read",
    measurements: "read",
    y: "read",
    state: "read-write",
    work: "read-write",
    signal: "read-write",
    horizon: "read-write",
  },
  params: {
    samples: "u32",
    inputs: "u32",
    channels: "u32",
    capacity: "u32",
    streams: "u32",
    stride: "u32",
    size: "u32",
    head: "u32",
    begin: "u32",
    first: "u32",
    last: "u32",
    end: "u32",
  },
} as const;

const blocks = { LANES: [64, 4], ROWS: [1, 5, 4], COLUMNS: [1, 2, 4, 5] } as const;

/** Operations of matrix models, a workgroup a run: all that a dispatch is told to make, or many steps. */
export const matrixRuns = defineKernel({
  ...shared,
  entry: "fused_steps",
  overrides: {
    ...blocks,
    SHUFFLED: [false, true],
    DENSE: [false, true],
    FUSED: [false, true],
    TRAINS: [false, true],
  },
  grid: ({ entries }) => [entries],
});

/** One sum of large matrices, an invocation a block of a run's. */
export const matrixSums = defineKernel({
  ...shared,
  entry: "blocks",
  overrides: { ...blocks, TRAINS: [false, true] },
  grid: ({ entries, height, width }, { LANES, ROWS, COLUMNS }: Overrides) => [
    ceilDiv(ceilDiv(height, Number(ROWS)) * ceilDiv(width, Number(COLUMNS)), Number(LANES)),
    entries,
  ],
});

/** Blocks that suit adapters: a load is dear on software adapters, and their four lanes are few. */
export const blocksOf = (software: boolean, wide: boolean): Variant["overrides"] =>
  software
    ? { LANES: 4, ROWS: 5, COLUMNS: 5 }
    : wide
      ? { LANES: 64, ROWS: 4, COLUMNS: 4 }
      : { LANES: 64, ROWS: 1, COLUMNS: 2 };
