import type { RecordRows } from "./spool.ts";
import { leadingColumns } from "./spool.ts";
import { isMissing } from "../document/missing.ts";
import type { Column, Table } from "../document/table.ts";
import type { ColumnDescription } from "./table-file.ts";

/** The columns of history.parquet. */
export const historyColumns = (quantities: readonly string[]): ColumnDescription[] => [
  { name: "run", kind: "integer", optional: false },
  { name: "epoch", kind: "number", optional: false },
  { name: "time", kind: "number", optional: false },
  ...quantities.map((name): ColumnDescription => ({ name, kind: "number", optional: true })),
];

/** Rows of the spool as rows of the history. */
export function historyRows(records: RecordRows, quantities: readonly string[]): Table {
  const { rows } = records;
  const column = (place: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => records.values[row * records.width + place]);
  const columns: [string, Column][] = [
    ["run", Int32Array.from(column(0))],
    ["epoch", column(2)],
    ["time", column(3)],
    ...quantities.map((name, place): [string, Column] => [
      name,
      optionalColumn(records, leadingColumns + place),
    ]),
  ];
  return { rows, columns: Object.fromEntries(columns) };
}

/** A column of the rows, with null for what is missing. */
function optionalColumn({ rows, width, values }: RecordRows, place: number): Column {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const column = new Float64Array(rows);
  let missing = false;
  for (let row = 0; row < rows; row += 1) {
    column[row] = values[row * width + place];
    missing ||= isMissing(words, row * width + place);
  }
  if (!missing) return column;
  return Array.from(column, (value, row) => (isMissing(words, row * width + place) ? null : value));
}
