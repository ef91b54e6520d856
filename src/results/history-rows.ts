import type { RecordRows } from "./spool.ts";
import { leadingColumns } from "./spool.ts";
import { isMissing } from "../document/missing.ts";
import type { Column, Table } from "../document/table.ts";
import { type SweptValues, sweptValues } from "./swept-rows.ts";
import type { ColumnDescription } from "./table-file.ts";

/** The columns of history.parquet: last, what the sweep set, in every row: so it can be read without the runs table. */
export const historyColumns = (
  quantities: readonly string[],
  swept: readonly ColumnDescription[] = [],
): ColumnDescription[] => [
  { name: "run", kind: "integer", optional: false },
  { name: "epoch", kind: "integer", optional: false },
  { name: "time", kind: "number", optional: false },
  ...quantities.map((name): ColumnDescription => ({ name, kind: "number", optional: true })),
  ...swept,
];

/** Rows of the spool as rows of the history. */
export function historyRows(
  records: RecordRows,
  quantities: readonly string[],
  swept: SweptValues = sweptValues([]),
): Table {
  const { rows } = records;
  const column = (place: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => records.values[row * records.width + place]);
  const runs = Int32Array.from(column(0));
  const columns: [string, Column][] = [
    ["run", runs],
    ["epoch", Int32Array.from(column(2))],
    ["time", column(3)],
    ...quantities.map((name, place): [string, Column] => [
      name,
      optionalColumn(records, leadingColumns + place),
    ]),
    ...swept.rows(runs),
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
