import type { BasicType, ColumnSource } from "hyparquet-writer";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { Replacement } from "./replacement.ts";
import type { Column, Table } from "../document/table.ts";
import type { ColumnDescription, ColumnKind, TableFile } from "./table-file.ts";

const types: Record<ColumnKind, BasicType> = {
  integer: "INT32",
  number: "DOUBLE",
  text: "STRING",
  truth: "BOOLEAN",
};

/** A Parquet file; every `write` is a row group. */
export class ParquetFile implements TableFile {
  readonly #columns: readonly ColumnDescription[];
  readonly #file: Replacement;
  readonly #bytes = new FileBytes();
  readonly #writer: ParquetWriter;

  constructor(path: string, columns: readonly ColumnDescription[]) {
    this.#columns = columns;
    this.#file = new Replacement(path);
    this.#bytes.file = this.#file;
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, kind, optional }) => ({
          name,
          type: types[kind],
          nullable: optional,
          data: [],
        })),
      }),
      createdBy: "alphasweep",
    });
  }

  write(rows: Table): void {
    if (rows.rows === 0) return;
    void this.#writer.write({
      columnData: this.#columns.map((column) => source(column, rows.columns[column.name])),
      rowGroupSize: rows.rows,
    });
  }

  finish(): void {
    void this.#writer.finish();
    this.#file.finish();
  }

  abandon(): void {
    this.#file.abandon();
  }
}

/** Numbers are written plainly: a dictionary would take -0 for 0. */
const source = ({ name, kind }: ColumnDescription, data: Column): ColumnSource => ({
  name,
  data,
  ...(kind === "number" && { encoding: "PLAIN" }),
});

/** hyparquet-writer's buffer, emptied into the file after every row group: `flush` and `finish` are called by it. */
class FileBytes extends ByteWriter {
  file: Replacement | undefined;

  flush(): void {
    this.file!.append(this.getBytes());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
