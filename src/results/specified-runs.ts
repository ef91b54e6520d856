/** The runs of results as their document specifies them: where theory finds data, model and initialization. */

import { parsePath, withValue } from "../document/path.ts";
import type { Json, RunSpecification } from "../document/types.ts";
import { sweptPaths } from "./run-rows.ts";
import type { Column } from "../document/table.ts";
import type { Results } from "./types.ts";

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
        (changed: Json, { name, path }) =>
          path ? withValue(changed, path, sweptValue(columns[name][row])) : changed,
        document,
      ) as unknown as RunSpecification,
  );
}

/** A swept value as the document has it: in a column, a list of numbers stands as its JSON text. */
export function sweptValue(cell: Column[number]): Json {
  if (typeof cell !== "string" || !/^\[[-+.,\deE\s]*\]$/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as number[];
  } catch {
    return cell;
  }
}
