import { layerKindOf } from "../layers/registry.ts";
import type { ModelSpecification } from "../document/types.ts";

/** Degree of homogeneity D of a model's output in its weights: of networks, layers of weights. */
export function degreeOf(model: ModelSpecification): number {
  if (model.kind === "diagonal") return model.depth;
  if (model.kind === "matrix") return model.factors;
  const { widths, layers } = model;
  return 1 + (widths ? widths.length : layers!.filter((layer) => layerKindOf(layer).hasWeights).length);
}
