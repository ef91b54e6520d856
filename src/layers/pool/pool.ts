import backwardCode from "./pool_backward.wgsl?raw";
import forwardCode from "./pool_forward.wgsl?raw";
import pathsCode from "./pool_paths.wgsl?raw";
import signalsCode from "./pool_signals.wgsl?raw";
import signalsStartCode from "./pool_signals_start.wgsl?raw";
import valuesCode from "./pool_values.wgsl?raw";
import type { Choice } from "../../wgsl/choice.ts";
import { type Kernel, type KernelDefinition, type Shape, ceilDiv, defineKernel } from "../../wgsl/kernel.ts";
import type { LayerKernels } from "../layer.ts";
import { layerModules } from "../modules.ts";
import { layerParams } from "../params.ts";

type Own = Pick<KernelDefinition, "file" | "code" | "bindings" | "overrides" | "grid">;

const kinds = { MAX: [false, true], FOUR: [false, true] };

const define = ({ overrides, bindings, ...own }: Own) =>
  defineKernel({
    ...own,
    folder: "src/layers/pool",
    modules: [layerModules],
    bindings: { params: "uniform", ...bindings },
    params: layerParams,
    overrides: { ...kinds, LINEAR: [false, true], ...overrides },
  });

const batch = { step: "step", run_tiles: "read", order: "read" } as const;
const shuffled = { SHUFFLED: [false, true] };
const above = ({ height_above, size, channels_below, networks }: Shape): [number, number, number] => [
  ceilDiv(height_above * size, 64),
  channels_below,
  networks,
];
const signals = ({ outputs = 1, samples, ...shape }: Shape) => above({ ...shape, size: outputs * samples });

/** Pooled activations at w(0). */
export const poolValues = define({
  file: "pool_values.wgsl",
  code: valuesCode,
  bindings: { step: "step", run_tiles: "read", z: "read-write" },
  grid: above,
});

/** Their changes since. */
export const poolForward = define({
  file: "pool_forward.wgsl",
  code: forwardCode,
  bindings: { ...batch, base: "read", z: "read-write" },
  overrides: shuffled,
  grid: above,
});

/** Signals back through pooling. */
export const poolBackward = define({
  file: "pool_backward.wgsl",
  code: backwardCode,
  bindings: { ...batch, base: "read", z: "read", delta: "read-write" },
  overrides: shuffled,
  grid: above,
});

/** Those of every output at w(0). */
export const poolSignalsStart = define({
  file: "pool_signals_start.wgsl",
  code: signalsStartCode,
  bindings: { run_tiles: "read", base: "read", signals: "read-write" },
  grid: signals,
});

/** Their changes since. */
export const poolSignals = define({
  file: "pool_signals.wgsl",
  code: signalsCode,
  bindings: { run_tiles: "read", base: "read", z: "read", signals: "read", changes: "read-write" },
  grid: signals,
});

/** Sums over paths from the inputs. */
export const poolPaths = defineKernel({
  folder: "src/layers/pool",
  modules: [layerModules],
  file: "pool_paths.wgsl",
  code: pathsCode,
  bindings: { params: "uniform", run_tiles: "read", paths: "read-write" },
  params: layerParams,
  overrides: { ...kinds, FIRST: [false] },
  grid: (shape) => above({ ...shape, size: 1 }),
});

const only = (kernel: Kernel): Choice => ({ variants: [], standard: { kernel, overrides: {} } });

/** Pooling: the largest of a window, or its mean. */
export const pool: LayerKernels = {
  forward: (values) => only(values ? poolValues : poolForward),
  backward: () => only(poolBackward),
  signals: (start) => only(start ? poolSignalsStart : poolSignals),
  paths: poolPaths,
};
