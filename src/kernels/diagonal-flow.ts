import conservedCode from "../../shaders/diagonal_conserved.wgsl?raw";
import predictorCode from "../../shaders/diagonal_predictor.wgsl?raw";
import scaleCode from "../../shaders/diagonal_flow_scale.wgsl?raw";
import splitPredictorCode from "../../shaders/diagonal_split_predictor.wgsl?raw";
import { ceilDiv, defineKernel } from "../wgsl/kernel.ts";
import { diagonalModules } from "./diagonal/modules.ts";

/** The linear predictor, and the twin's gap, of a diagonal network's state. */
export const diagonalPredictor = defineKernel({
  file: "diagonal_predictor.wgsl",
  modules: [diagonalModules],
  code: predictorCode,
  bindings: { params: "uniform", run_tiles: "read", state: "read", runs: "read", beta: "read-write" },
  params: { inputs: "u32", channels: "u32" },
  overrides: { DEPTH: [2], FIELDS: [3], GAP: [0] },
  grid: ({ inputs, run_tiles }) => [ceilDiv(inputs, 64), run_tiles],
});

/** The same when the copies start apart. */
export const diagonalSplitPredictor = defineKernel({
  ...diagonalPredictor,
  file: "diagonal_split_predictor.wgsl",
  code: splitPredictorCode,
  overrides: { DEPTH: [2], FIELDS: [4], GAP: [0] },
});

/** What errors of the stored coordinates are measured against under the gradient flow. */
export const diagonalFlowScale = defineKernel({
  file: "diagonal_flow_scale.wgsl",
  modules: [diagonalModules],
  code: scaleCode,
  bindings: { params: "uniform", run_tiles: "read", state: "read", runs: "read", scale: "read-write" },
  params: { inputs: "u32", channels: "u32" },
  overrides: { FIELDS: [3], SPLIT: [false, true] },
  grid: ({ inputs, run_tiles }) => [ceilDiv(inputs, 64), run_tiles],
});

/** I / I(0) - 1 of the quantity that the flow conserves, from w+ and w-. */
export const diagonalConserved = defineKernel({
  file: "diagonal_conserved.wgsl",
  modules: [diagonalModules],
  code: conservedCode,
  bindings: { params: "uniform", run_tiles: "read", state: "read", out: "read-write" },
  params: { inputs: "u32", channels: "u32" },
  overrides: { DEPTH: [2], FIELDS: [5], PLUS: [3] },
  grid: ({ inputs, run_tiles }) => [ceilDiv(inputs, 64), run_tiles],
});
