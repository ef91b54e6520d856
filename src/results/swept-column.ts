import type { Json } from "../document/types.ts";
import type { Column, Table } from "../document/table.ts";
import type { ColumnDescription, ColumnKind } from "./table-file.ts";

/** A swept path's values as a column, typed by what they are. */
export function sweptColumn(values: readonly Json[]): {
  kind: ColumnKind;
  optional: boolean;
  column: Column;
} {
  const present = values.filter((value) => value !== null);
  const optional = present.length < values.length;
  if (present.every((value) => typeof value === "number")) {
    const kind = present.length > 0 && present.every(isSmallInteger) ? "integer" : "number";
    if (optional) return { kind, optional, column: values as (number | null)[] };
    const numbers = present;
    return {
      kind,
      optional,
      column: kind === "integer" ? Int32Array.from(numbers) : Float64Array.from(numbers),
    };
  }
  if (present.every((value) => typeof value === "boolean"))
    return { kind: "truth", optional, column: values as (boolean | null)[] };
  // Strings stand as they are; a mixture ("full" among batch sizes) becomes text.
  const text = (value: Json): string | null =>
    value === null || typeof value === "string" ? value : JSON.stringify(value);
  return { kind: "text", optional, column: values.map(text) };
}

const isSmallInteger = (value: Json): boolean =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0);

/** The columns of a table, by what they hold. */
export const describedColumns = ({ columns }: Table): ColumnDescription[] =>
  Object.entries(columns).map(([name, column]) => {
    if (column instanceof Int32Array) return { name, kind: "integer", optional: false };
    if (column instanceof Float64Array) return { name, kind: "number", optional: false };
    const { kind, optional } = sweptColumn(column);
    return { name, kind, optional };
  });
