import ownedCode from "../../shaders/matrix_owned.wgsl?raw";
import quadsCode from "../../shaders/matrix_quads.wgsl?raw";
import { defineKernel } from "../wgsl/kernel.ts";

/** What their steps are told (src/wgsl/matrix_run.wgsl). */
const params = {
  channels: "u32",
  stride: "u32",
  parameters: "u32",
  rows: "u32",
  columns: "u32",
  first: "u32",
  second: "u32",
} as const;

/** Bindings of both, around those of what is observed. */
const before = { params: "uniform", step: "step", tiles: "read" } as const;
const after = { runs: "read", state: "read-write", horizon: "read-write" } as const;

/** Many updates of small matrix models in one dispatch, an invocation a run, whose numbers are all at constant places. */
export const matrixOwned = defineKernel({
  file: "matrix_owned.wgsl",
  code: ownedCode,
  bindings: { ...before, places: "read", observed: "read", ...after },
  params,
  overrides: { SIDE: [10, 4, 8, 12], DEPTH: [2, 3], LANES: [4] },
  grid: ({ groups_of_runs }) => [groups_of_runs],
});

/** Many updates of small matrix models in one dispatch, four invocations a run, all of its numbers in registers. */
export const matrixQuads = defineKernel({
  file: "matrix_quads.wgsl",
  code: quadsCode,
  features: ["subgroups"],
  bindings: { ...before, targets: "read", seen: "read", ...after },
  params,
  overrides: { BLOCKS: [3, 1, 2], DEPTH: [2, 3] },
  grid: ({ entries }) => [entries],
});
