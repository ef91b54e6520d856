/** The runs of results as their document specifies them: where theory finds data, model and initialization. */

import type { Dataset } from "../../src/data/dataset.ts";
import { dataShape, loadDataset, referencedFiles } from "../../src/data/registry.ts";
import { parsePath, withValue } from "../../src/document/path.ts";
import type { Json, RunSpecification } from "../../src/document/types.ts";
import type { Results } from "../../src/results/types.ts";
import { sweptPaths } from "./runs.ts";

const known = new WeakMap<Results, readonly RunSpecification[]>();

/**
 * A row of the runs table each: the document, whose defaults are filled in, with the row's swept values. Nothing checks it
 * again: a page that draws results would need every model for that.
 */
export function specifiedRuns(results: Results): readonly RunSpecification[] {
  const specified = known.get(results) ?? specify(results);
  known.set(results, specified);
  return specified;
}

function specify(results: Results): RunSpecification[] {
  const { document } = results.manifest;
  const { columns, rows } = results.runs;
  const paths = sweptPaths(results).map((name) => ({ name, path: parsePath(name) }));
  return Array.from(
    { length: rows },
    (_, row) =>
      paths.reduce(
        (changed: Json, { name, path }) => (path ? withValue(changed, path, columns[name][row]) : changed),
        document,
      ) as unknown as RunSpecification,
  );
}

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
    const { samples, inputs } = dataShape(data) ?? { samples: NaN, inputs: NaN };
    return samples * inputs <= mostEntries ? loadDataset(data, new Map()) : undefined;
  } catch {
    // Results may come from elsewhere, their document from anyone: then there is no theory beside them, but they are drawn.
    return undefined;
  }
}
