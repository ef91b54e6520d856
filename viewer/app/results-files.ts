/** Results in memory as the files of a results folder, the same as the command writes. */

import { parquetWriteBuffer } from "hyparquet-writer";
import { npyHeader } from "../../src/data/npy.ts";
import type { Column, Table } from "../../src/document/table.ts";
import { parquetColumn, parquetTypes } from "../../src/results/parquet-columns.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import { describedColumns } from "../../src/results/swept-column.ts";
import type { DenseArray, Results } from "../../src/results/types.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes by their path in the folder. */
export function resultsFiles(results: Results): Map<string, Bytes> {
  const { manifest, runs, arrays } = results;
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return new Map([
    ["manifest.json", new TextEncoder().encode(text)],
    ["runs.parquet", parquetBytes(runs)],
    ["history.parquet", parquetBytes(runByRun(results))],
    ...Object.entries(arrays).map(([name, array]): [string, Bytes] => [
      `arrays/${name}.npy`,
      npyBytes(array),
    ]),
  ]);
}

const parquetBytes = (table: Table): Bytes =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: describedColumns(table).map((column) => ({
        ...parquetColumn(column, table.columns[column.name]),
        type: parquetTypes[column.kind],
        nullable: column.optional,
      })),
      rowGroupSize: Math.max(1, table.rows),
    }),
  );

/** Records come from all runs at once; in a folder a run's stand together. */
function runByRun(results: Results): Table {
  const { rows, columns } = results.history;
  const order = historyRows(results).flatMap((records) => [...records]);
  const sorted = Object.entries(columns).map(([name, column]): [string, Column] => {
    const values = Float64Array.from(order, (row) => Number(column[row]));
    return [name, name === "run" ? Int32Array.from(values) : values];
  });
  return { rows, columns: Object.fromEntries(sorted) };
}

function npyBytes({ shape, data }: DenseArray): Bytes {
  const header = npyHeader(shape, "f4");
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}
