/** What the sweep set, in tables whose rows are not one a run. */

import type { Column } from "../document/table.ts";
import type { AddedRun } from "../scheduler/sink.ts";
import { sweptColumn } from "./swept-column.ts";
import type { ColumnDescription } from "./table-file.ts";

/** What the sweep set, a column a path, by the number of the run. */
export interface SweptValues {
  columns: readonly ColumnDescription[];
  /** @param runs the run of each row */
  rows(runs: Int32Array): [string, Column][];
}

/** Looks runs up by their numbers. */
export function sweptValues(runs: readonly AddedRun[]): SweptValues {
  const places = new Map(runs.map(({ index }, place) => [index, place]));
  const all = Object.keys(runs[0]?.swept ?? {}).map((name) => {
    const { kind, optional, column } = sweptColumn(runs.map(({ swept }) => swept[name]));
    return { description: { name, kind, optional }, column };
  });
  return {
    columns: all.map(({ description }) => description),
    rows: (wanted) =>
      all.map(({ description: { name }, column }) => {
        const of = (run: number) => column[places.get(run)!];
        if (column instanceof Int32Array) return [name, Int32Array.from(wanted, of as () => number)];
        if (column instanceof Float64Array) return [name, Float64Array.from(wanted, of as () => number)];
        return [name, Array.from(wanted, of)];
      }),
  };
}
