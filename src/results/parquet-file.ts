import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { Replacement } from "./replacement.ts";
import type { KeyValue } from "hyparquet";
import type { Table } from "../document/table.ts";
import { parquetColumn, parquetTypes } from "./parquet-columns.ts";
import type { ColumnDescription, TableFile } from "./table-file.ts";

/** A Parquet file; every `write` is a row group. */
export class ParquetFile implements TableFile {
  readonly #columns: readonly ColumnDescription[];
  readonly #file: Replacement;
  readonly #bytes = new FileBytes();
  readonly #writer: ParquetWriter;

  /** @param metadata what the file says of itself, by key */
  constructor(path: string, columns: readonly ColumnDescription[], metadata: KeyValue[] = []) {
    this.#columns = columns;
    this.#file = new Replacement(path);
    this.#bytes.file = this.#file;
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, kind, optional }) => ({
          name,
          type: parquetTypes[kind],
          nullable: optional,
          data: [],
        })),
      }),
      ...(metadata.length > 0 && { kvMetadata: metadata }),
      createdBy: "alphasweep",
    });
  }

  write(rows: Table): void {
    if (rows.rows === 0) return;
    void this.#writer.write({
      columnData: this.#columns.map((column) => parquetColumn(column, rows.columns[column.name])),
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
