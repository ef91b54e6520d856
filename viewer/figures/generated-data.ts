/** The data of a run, made again for a drawing. */

import type { Dataset } from "../../src/data/dataset.ts";
import { digitsImages } from "../../src/data/digits-images.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape, referencedFiles } from "../../src/data/registry.ts";
import type { RunSpecification } from "../../src/document/types.ts";

/** More entries of X than this are not generated for a drawing. */
const mostEntries = 4e5;
const generated = new Map<string, Dataset | undefined>();
/** So many datasets are kept; a page draws the same ones again and again. */
const mostKept = 32;

/** A run's data, generated again; undefined where they are a file's, too large for a drawing, or not what a document may ask. */
export function generatedData({ data }: RunSpecification): Dataset | undefined {
  const key = JSON.stringify(data);
  if (!generated.has(key)) {
    if (generated.size >= mostKept) generated.clear();
    generated.set(key, generate(data));
  }
  return generated.get(key);
}

function generate(data: RunSpecification["data"]): Dataset | undefined {
  try {
    if (referencedFiles(data).length > 0) return undefined;
    return entriesOf(data) <= mostEntries ? loadDataset(data, digitsImages()) : undefined;
  } catch {
    // Results may come from elsewhere, their document from anyone: then there is no theory beside them, but they are drawn.
    return undefined;
  }
}

/** Entries of X. Images of many classes have a shape only with a loss, which says how classes are targets: their fields tell. */
function entriesOf(data: RunSpecification["data"]): number {
  const shape = dataShape(data);
  if (shape) return shape.samples * shape.inputs;
  const { samples = NaN, size = 8 } = data as { samples?: number; size?: number };
  return samples * size ** 2;
}
