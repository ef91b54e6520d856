import type { DataShape } from "../data/kind.ts";
import type { ArrayName, ModelSpecification } from "../document/types.ts";
import { modelOf } from "../models/registry.ts";
import { type Axis, arrayKinds } from "./arrays.ts";

/** The axes of a run's array, and how long they are. */
export function arrayAxes(
  name: ArrayName,
  model: ModelSpecification,
  { samples, testSamples, inputs }: DataShape,
): [Axis, number][] {
  const sizes: Record<Axis, () => number> = {
    "training samples": () => samples,
    "test samples": () => testSamples,
    inputs: () => inputs,
    weights: () => modelOf(model).weights(model, inputs),
  };
  return arrayKinds[name].axes.map((axis) => [axis, sizes[axis]()]);
}

/** The same without the axes' names. */
export const arrayShape = (name: ArrayName, model: ModelSpecification, shape: DataShape): number[] =>
  arrayAxes(name, model, shape).map(([, size]) => size);
