import type { Table } from "../document/table.ts";

export type ColumnKind = "integer" | "number" | "text" | "truth";

/** One column of a table on disk. */
export interface ColumnDescription {
  name: string;
  kind: ColumnKind;
  /** Whether a value may be missing. */
  optional: boolean;
}

/** A table written to a file a few rows at a time; the file appears under its name when it is whole. */
export interface TableFile {
  write(rows: Table): void;
  finish(): void;
  /** Gives up: removes what was written. */
  abandon(): void;
}
