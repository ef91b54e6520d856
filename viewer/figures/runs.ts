/** The runs of results, as figures name, order and mark them. */

import type { Json } from "../../src/document/types.ts";
import type { Column, Table } from "../../src/results/table.ts";
import type { Results } from "../../src/results/types.ts";
import { formatNumber } from "./format.ts";
import { shorten } from "./text.ts";

/** Swept paths that have a symbol in the field. */
const symbols: Record<string, string> = {
  "init.alpha": "α",
  "train.stepSize": "η",
  "train.batchSize": "batch size",
  "train.epochs": "epochs",
  "train.seed": "training seed",
  "data.samples": "N",
  "data.dimension": "n",
  "data.noise": "noise σ",
  "data.sparsity": "sparsity",
  "data.seed": "data seed",
  "model.depth": "D",
  "loss.l2": "l2 penalty",
  "init.seed": "initial seed",
  "init.scaling": "scaling",
};

const longestName = 24;
const longestLabel = 64;

/** What axes and legends call a swept path. */
export const pathSymbol = (path: string): string => symbols[path] ?? shorten(path, longestName);

/** Paths that the runs differ in, in the sweep's order: the columns of runs.parquet with a dot in their name. */
export const sweptPaths = ({ runs }: Results): string[] =>
  Object.keys(runs.columns).filter((name) => name.includes("."));

/** The path that tells runs apart best: alpha where it is swept, else the sweep's first. */
export const leadingPath = (results: Results): string | undefined => {
  const paths = sweptPaths(results);
  return paths.includes("init.alpha") ? "init.alpha" : paths[0];
};

/** A cell of a table, as a reader sees it. */
export const formatCell = (cell: Column[number]): string =>
  typeof cell === "number" ? formatNumber(cell) : cell === null ? "none" : String(cell);

/** A cell of a column of numbers; a missing one is no number. */
export const numberAt = (column: Column, row: number): number => {
  const cell = column[row];
  return typeof cell === "number" ? cell : NaN;
};

/** "α = 0.05", "α = 0.05, η = 0.01", or "run 3" where nothing is swept. */
export function runLabel(results: Results, row: number): string {
  const named = sweptPaths(results).map(
    (path) => `${pathSymbol(path)} = ${shorten(formatCell(results.runs.columns[path][row]), longestName)}`,
  );
  return named.length > 0
    ? shorten(named.join(", "), longestLabel)
    : `run ${formatCell(results.runs.columns.run[row])}`;
}

export const hasDiverged = ({ runs }: Results, row: number): boolean =>
  runs.columns.status[row] === "diverged";

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

/** Every figure of a page asks for the same grouping; a table never changes once it is drawn. */
const grouped = new WeakMap<Table, Int32Array[]>();

/** A value of the document that the results belong to; undefined where it has none. */
export function documentValue(results: Results, ...path: string[]): Json | undefined {
  let value: Json | undefined = results.manifest.document;
  for (const key of path) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Whether runs could stop before their last epoch, so that reaching it means something. */
export const stopsEarly = (results: Results): boolean =>
  Array.from(results.runs.columns.status as string[]).includes("converged") ||
  typeof documentValue(results, "train", "stopLoss") === "number";
