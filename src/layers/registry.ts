import * as v from "valibot";
import type { LayerSpecification } from "../document/types.ts";
import { convKind } from "./conv/kind.ts";
import { denseKind } from "./dense/kind.ts";
import type { LayerKind } from "./layer.ts";
import { averagePoolKind, maxPoolKind } from "./pool/kind.ts";

/** The kind of a document's layer. */
export function layerKindOf(layer: LayerSpecification): Omit<LayerKind<never>, "schema"> {
  if ("conv" in layer) return convKind;
  if ("pool" in layer) return layer.pool === "max" ? maxPoolKind : averagePoolKind;
  return denseKind;
}

/** A hidden layer of a document. */
export const layerSchema = v.union(
  [denseKind.schema, convKind.schema, maxPoolKind.schema],
  'a layer is {"dense": units}, {"conv": channels, "size": s} or {"pool": "max" or "average", "size": s or "all"}',
);
