/** Where a run is in the tables of results. */

import type { Column, Table } from "./table.ts";
import type { Results } from "./types.ts";

/** Paths that the runs differ in, in the sweep's order: the columns of runs.parquet with a dot in their name. */
export const sweptPaths = ({ runs }: Results): string[] =>
  Object.keys(runs.columns).filter((name) => name.includes("."));

/** A cell of a column of numbers; a missing one is no number. */
export const numberAt = (column: Column, row: number): number => {
  const cell = column[row];
  return typeof cell === "number" ? cell : NaN;
};

/** Rows of the history that belong to each row of the runs table, in the order of the records. */
export function historyRows(results: Results): Int32Array[] {
  const known = grouped.get(results.history);
  if (known) return known;
  const runOf = results.history.columns.run;
  const rowOf = new Map(Array.from(results.runs.columns.run, (run, row) => [run, row]));
  const lengths = new Int32Array(results.runs.rows);
  for (let k = 0; k < results.history.rows; k++) {
    const row = rowOf.get(runOf[k]);
    if (row !== undefined) lengths[row]++;
  }
  const rows = Array.from(lengths, (length) => new Int32Array(length));
  lengths.fill(0);
  for (let k = 0; k < results.history.rows; k++) {
    const row = rowOf.get(runOf[k]);
    if (row !== undefined) rows[row][lengths[row]++] = k;
  }
  grouped.set(results.history, rows);
  return rows;
}

/** Every figure and claim asks for the same grouping; a table never changes once it is there. */
const grouped = new WeakMap<Table, Int32Array[]>();
