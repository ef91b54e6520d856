/** What is printed of the results: a row a run, or a digest where there are many. */

import type { Column, Table } from "../../document/table.ts";
import { countText, numberText } from "../process/number-text.ts";

const mostRows = 20;

type Cell = string | number | boolean | null;

/**
 * The summary of runs.parquet's rows.
 *
 * @param swept the swept paths, and the names of the quantities, in order
 * @param width of the terminal: quantities that do not fit are left out, and counted
 */
export function summaryText(
  runs: Table,
  swept: readonly string[],
  quantities: readonly string[],
  width: number,
): string {
  return runs.rows <= mostRows ? rowsText(runs, swept, quantities, width) : digestText(runs, quantities);
}

function rowsText(
  { rows, columns }: Table,
  swept: readonly string[],
  quantities: readonly string[],
  width: number,
): string {
  const make = (name: string): string[] => [
    name,
    ...Array.from({ length: rows }, (_, row) => cellText(columns[name][row])),
  ];
  const status = [
    "status",
    ...Array.from({ length: rows }, (_, row) => cellText(columns.status[row] ?? "unfinished")),
  ];
  const shown = [make("run"), ...swept.map(make), status, make("epochs")];
  let left = width - shown.reduce((sum, column) => sum + widthOf(column) + 2, 0);
  const fitting: string[][] = [];
  for (const column of quantities.map(make)) {
    left -= widthOf(column) + 2;
    if (left < 0 && fitting.length > 0) break;
    fitting.push(column);
  }
  const omitted = quantities.slice(fitting.length);
  const note = omitted.length > 0 ? `\n(and ${omitted.join(", ")}: see runs.parquet)` : "";
  return gridText([...shown, ...fitting]) + note;
}

function digestText({ rows, columns }: Table, quantities: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const status of columns.status)
    counts.set(cellText(status ?? "unfinished"), (counts.get(cellText(status ?? "unfinished")) ?? 0) + 1);
  const statuses = Array.from(counts, ([status, runs]) => `${countText(runs)} ${status}`).join(", ");
  const digests = quantities.map((name) => [name, ...quantiles(columns[name]).map(cellText)]);
  const header = ["last value", "least", "median", "largest"];
  const grid = header.map((title, place) => [title, ...digests.map((digest) => digest[place])]);
  return `${countText(rows)} runs: ${statuses}\n${gridText(grid)}`;
}

function quantiles(column: Column): Cell[] {
  const values = Array.from(column as Iterable<Cell>)
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value))
    .sort((a, b) => a - b);
  if (values.length === 0) return [null, null, null];
  return [values[0], values[values.length >> 1], values[values.length - 1]];
}

function cellText(value: Cell): string {
  if (value === null) return "-";
  return typeof value === "number" ? numberText(value) : String(value);
}

const widthOf = (column: readonly string[]): number =>
  column.reduce((width, cell) => Math.max(width, cell.length), 0);

/** Columns of text side by side; numbers to the right. */
export function gridText(columns: readonly (readonly string[])[]): string {
  const widths = columns.map(widthOf);
  const isNumeric = columns.map((column) => column.slice(1).every(looksNumeric));
  const line = (row: number): string =>
    columns
      .map((column, place) =>
        isNumeric[place] ? column[row].padStart(widths[place]) : column[row].padEnd(widths[place]),
      )
      .join("  ")
      .trimEnd();
  return Array.from({ length: columns[0].length }, (_, row) => line(row)).join("\n");
}

const looksNumeric = (cell: string): boolean => cell === "-" || cell === "NaN" || !Number.isNaN(Number(cell));
