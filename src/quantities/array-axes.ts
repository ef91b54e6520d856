import type { DataShape } from "../data/kind.ts";
import type { ArrayName, ModelSpecification, NetworkModel, RunSpecification } from "../document/types.ts";
import { modelOf } from "../models/registry.ts";
import { layersOf } from "../models/network-layers.ts";
import { type Axis, axesOf } from "./arrays.ts";

/** What decides about the shapes of a run's arrays, beside its data. */
type Recorded = Pick<RunSpecification, "model"> & {
  record: Pick<RunSpecification["record"], "kernelOutputs">;
};

/** The axes of a run's array, and how long they are. */
export function arrayAxes(name: ArrayName, { model, record }: Recorded, shape: DataShape): [Axis, number][] {
  const { samples, testSamples, inputs, outputs, matrix } = shape;
  const sizes: Record<Axis, () => number> = {
    // Samples; with full kernels those of each output in turn.
    "kernel rows": () => samples * (record.kernelOutputs === "full" ? outputs : 1),
    "training samples": () => samples,
    "test samples": () => testSamples,
    inputs: () => inputs,
    rows: () => matrix!.rows,
    columns: () => matrix!.columns,
    "singular values": () => Math.min(matrix!.rows, matrix!.columns),
    // Those of both copies.
    "hidden units": () => modelOf(model).weights(model, shape) / (inputs + 1),
    "inputs and output": () => inputs + 1,
    outputs: () => outputs,
    // Those of both copies.
    "units of the first layer": () => firstLayerOf(model, shape).units,
    "incoming weights": () => firstLayerOf(model, shape).incoming,
    weights: () => modelOf(model).weights(model, shape),
  };
  return axesOf(name, { isMatrix: matrix !== undefined, isOne: outputs === 1 }).map((axis) => [
    axis === "kernel rows" && record.kernelOutputs === "trace" ? "training samples" : axis,
    sizes[axis](),
  ]);
}

/** Units of a network's first layer, those of both copies, and what one of them, or a filter, takes in. */
function firstLayerOf(model: ModelSpecification, shape: DataShape): { units: number; incoming: number } {
  const network = model as NetworkModel;
  const { fan_in, fan_out } = layersOf(network, shape)[0].sizes;
  return { units: (network.unbiased ? 2 : 1) * fan_out, incoming: fan_in };
}

/** The same without the axes' names. */
export const arrayShape = (name: ArrayName, run: Recorded, shape: DataShape): number[] =>
  arrayAxes(name, run, shape).map(([, size]) => size);
