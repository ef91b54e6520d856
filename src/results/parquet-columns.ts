/** How columns of tables stand in Parquet files. */

import type { BasicType, ColumnSource } from "hyparquet-writer";
import type { Column } from "../document/table.ts";
import type { ColumnDescription, ColumnKind } from "./table-file.ts";

export const parquetTypes: Record<ColumnKind, BasicType> = {
  integer: "INT32",
  number: "DOUBLE",
  text: "STRING",
  truth: "BOOLEAN",
};

/** Numbers are written plainly: a dictionary would take -0 for 0. */
export const parquetColumn = ({ name, kind }: ColumnDescription, data: Column): ColumnSource => ({
  name,
  data,
  ...(kind === "number" && { encoding: "PLAIN" }),
});
