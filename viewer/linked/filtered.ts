/** Results as filters leave them: what is hidden is as if it had not been run, what is later as if it were still to come. */

import type { Column, Table } from "../../src/document/table.ts";
import { lastRecord, type SampledArray } from "../../src/results/array-frames.ts";
import { historyRows, numberAt } from "../../src/results/run-rows.ts";
import type { DenseArray, Results } from "../../src/results/types.ts";
import { admits, epochFilter, type Filter } from "./selection.ts";

/** The same filters on the same results give the same object, which figures remember things by. */
const known = new WeakMap<Results, { filters: ReadonlyMap<string, Filter>; results: Results }>();

/**
 * The runs that every filter admits, up to the last admitted epoch: there the runs table has its values. Records before the first
 * admitted epoch stay, for changes are since the start; figures over time leave them out by their axis. Where no run is admitted, all
 * are there.
 */
export function filtered(results: Results, filters: ReadonlyMap<string, Filter>): Results {
  if (filters.size === 0) return results;
  const before = known.get(results);
  if (before?.filters === filters) return before.results;
  const kept = until(withRuns(results, filters), filters.get(epochFilter));
  known.set(results, { filters, results: kept });
  return kept;
}

const take = (column: Column, rows: readonly number[]): Column =>
  column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : column instanceof Int32Array
      ? Int32Array.from(rows, (row) => column[row])
      : rows.map((row) => column[row]);

const takeRows = ({ columns }: Table, rows: readonly number[]): Table => ({
  rows: rows.length,
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, take(column, rows)])),
});

function withRuns(results: Results, filters: ReadonlyMap<string, Filter>): Results {
  const { columns, rows: count } = results.runs;
  const ofRuns = [...filters].filter(([path]) => path in columns && path !== epochFilter);
  const rows = [...Array(count).keys()].filter((row) =>
    ofRuns.every(([path, filter]) => admits(filter, columns[path][row])),
  );
  if (rows.length === count || rows.length === 0) return results;
  const records = historyRows(results);
  const history = rows.flatMap((row) => [...records[row]]);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  return {
    ...results,
    runs: takeRows(results.runs, rows),
    history: takeRows(results.history, history),
    ...thinnedTo(results, history),
    arrays: Object.fromEntries(
      Object.entries(results.arrays).map(([name, array]) => [
        name,
        name === "predictor" || name === "weights" ? rowsOf(array, rows) : renumbered(array, placeOf),
      ]),
    ),
  };
}

const thinnedTo = ({ thinned }: Results, rows: readonly number[]): Pick<Results, "thinned"> =>
  thinned ? { thinned: { ...thinned, records: Int32Array.from(rows, (row) => thinned.records[row]) } } : {};

function rowsOf({ shape, data }: DenseArray, rows: readonly number[]): DenseArray {
  const [, length] = shape;
  const kept = new Float32Array(rows.length * length);
  rows.forEach((row, place) => kept.set(data.subarray(row * length, (row + 1) * length), place * length));
  return { shape: [rows.length, length], data: kept };
}

/** The same kernels, of which some are no run's any more. */
const renumbered = (array: SampledArray, placeOf: ReadonlyMap<number, number>): SampledArray => ({
  ...array,
  runs: (array.runs ?? [...Array(array.shape[0]).keys()]).map((row) => placeOf.get(row) ?? -1),
});

/** No run has so many records. */
const noRecord = Number.MAX_SAFE_INTEGER;

function until(results: Results, filter: Filter | undefined): Results {
  if (filter === undefined || "is" in filter) return results;
  const { columns, rows: count } = results.history;
  const rows = [...Array(count).keys()].filter((row) => numberAt(columns.epoch, row) <= filter[1]);
  if (rows.length === count || rows.length === 0) return results;
  const history = takeRows(results.history, rows);
  const { runs } = results;
  const cut: Results = { ...results, history, ...thinnedTo(results, rows) };
  const [whole, own] = [historyRows(results), historyRows(cut)];
  const last = own.map((records) => records.at(-1));
  const lastValue = (name: string, column: Column): Column => {
    if (name === "status")
      return Array.from(last, (_, row) => (own[row].length < whole[row].length ? null : column[row]));
    const recorded = history.columns[name === "epochs" ? "epoch" : name];
    return recorded === undefined || name === "run"
      ? column
      : Float64Array.from(last, (record, row) =>
          record === undefined ? numberAt(column, row) : numberAt(recorded, record),
        );
  };
  const { ntk }: { ntk?: SampledArray } = results.arrays;
  return {
    ...cut,
    runs: {
      rows: runs.rows,
      columns: Object.fromEntries(
        Object.entries(runs.columns).map(([name, column]) => [name, lastValue(name, column)]),
      ),
    },
    arrays: { ...results.arrays, ...(ntk?.records && { ntk: withoutLast(ntk, ntk.records) }) },
  };
}

/** A run that was cut does not end where its last kernel is from. */
const withoutLast = (array: SampledArray, records: readonly number[]): SampledArray => ({
  ...array,
  records: records.map((record) => (record === lastRecord ? noRecord : record)),
});
