import * as v from "valibot";
import type { Extent, LayerSpecification } from "../document/types.ts";
import { convKind } from "./conv/kind.ts";
import { denseKind } from "./dense/kind.ts";
import type { LayerKernels, LayerReference, LayerShape } from "./layer.ts";
import { averagePoolKind, maxPoolKind } from "./pool/kind.ts";

/** What a layer of a document is above this extent, what computes it, and its reference. */
export function shaped(
  layer: LayerSpecification,
  below: Extent,
): { shape: LayerShape; kernels: LayerKernels; reference: LayerReference } {
  if ("conv" in layer) return { ...convKind, shape: convKind.shape(layer, below) };
  if ("pool" in layer) {
    const kind = layer.pool === "max" ? maxPoolKind : averagePoolKind;
    return { ...kind, shape: kind.shape(layer, below) };
  }
  return { ...denseKind, shape: denseKind.shape(layer, below) };
}

/** A hidden layer of a document. */
export const layerSchema = v.union(
  [denseKind.schema, convKind.schema, maxPoolKind.schema],
  'a layer is {"dense": units}, {"conv": channels, "size": s} or {"pool": "max" or "average", "size": s or "all"}',
);
