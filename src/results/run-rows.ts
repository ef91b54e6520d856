/** Where a run is in the tables of results. */

import type { Column, Table } from "../document/table.ts";
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

/** How many runs have a record, whether or not the history holds it. */
export const recordedRuns = ({ runs }: Results): number =>
  [...Array(runs.rows).keys()].filter((row) => !Number.isNaN(numberAt(runs.columns.epochs, row))).length;

/** Which record of its run a row of the history is, `place` of `historyRows`. */
export const recordAt = ({ thinned }: Results, row: number, place: number): number =>
  thinned?.records[row] ?? place;

/** Which record the last is that a run has, a row of the runs table; undefined where it has none. */
export function lastRecordOf(results: Results, run: number): number | undefined {
  const rows = historyRows(results)[run];
  return rows?.length ? recordAt(results, rows[rows.length - 1], rows.length - 1) : undefined;
}

/** The row of the history with a record of a run, a row of the runs table; undefined where the history has it not. */
export function rowOfRecord(results: Results, run: number, record: number): number | undefined {
  const rows = historyRows(results)[run] ?? new Int32Array();
  const place = Math.min(Math.ceil(record / (results.thinned?.step ?? 1)), rows.length - 1);
  return place >= 0 && recordAt(results, rows[place], place) === record ? rows[place] : undefined;
}

/** Every figure and claim asks for the same grouping; a table never changes once it is there. */
const grouped = new WeakMap<Table, Int32Array[]>();
