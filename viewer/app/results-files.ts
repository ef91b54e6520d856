/** Results in memory as the files of a results folder, the same as the command writes. */

import { parquetWriteBuffer } from "hyparquet-writer";
import { npyHeader } from "../../src/data/npy.ts";
import type { Column, Table } from "../../src/document/table.ts";
import type { Json } from "../../src/document/types.ts";
import { parquetColumn, parquetTypes } from "../../src/results/parquet-columns.ts";
import { historyRows, sweptPaths } from "../../src/results/run-rows.ts";
import { describedColumns } from "../../src/results/swept-column.ts";
import { sweptValues } from "../../src/results/swept-rows.ts";
import { tableMetadata } from "../../src/results/table-metadata.ts";
import type { DenseArray, Manifest, Results } from "../../src/results/types.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes by their path in the folder. */
export function resultsFiles(results: Results): Map<string, Bytes> {
  const { manifest, runs, arrays } = results;
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return new Map([
    ["manifest.json", new TextEncoder().encode(text)],
    [
      "runs.parquet",
      parquetBytes({ ...runs, columns: { ...runs.columns, epochs: wholeEpochs(results) } }, manifest),
    ],
    ["history.parquet", parquetBytes(runByRun(results), manifest)],
    ...Object.entries(arrays).map(([name, array]): [string, Bytes] => [
      `arrays/${name}.npy`,
      npyBytes(array),
    ]),
  ]);
}

const parquetBytes = (table: Table, manifest: Manifest): Bytes =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: describedColumns(table).map((column) => ({
        ...parquetColumn(column, table.columns[column.name]),
        type: parquetTypes[column.kind],
        nullable: column.optional,
      })),
      rowGroupSize: Math.max(1, table.rows),
      kvMetadata: tableMetadata(manifest, Object.keys(table.columns)),
    }),
  );

/** Epochs are whole; where a run has none, nothing stands. */
const wholeEpochs = ({ runs }: Results): Column =>
  Array.from(runs.columns.epochs as Float64Array, (epoch) => (Number.isNaN(epoch) ? null : epoch));

/** Records come from all runs at once; in a folder a run's stand together, with what the sweep set for it. */
function runByRun(results: Results): Table {
  const { rows, columns } = results.history;
  const order = historyRows(results).flatMap((records) => [...records]);
  const { run, ...others } = columns;
  const runs = Int32Array.from(order, (row) => Number(run[row]));
  const sorted = Object.entries(others).map(([name, column]): [string, Column] => {
    const values = Float64Array.from(order, (row) => Number(column[row]));
    return [name, name === "epoch" ? Int32Array.from(values) : values];
  });
  const paths = sweptPaths(results);
  const swept = sweptValues(
    Array.from(results.runs.columns.run, (index, row) => ({
      index: Number(index),
      swept: Object.fromEntries(paths.map((path) => [path, results.runs.columns[path][row] as Json])),
    })),
  );
  return { rows, columns: Object.fromEntries([["run", runs], ...sorted, ...swept.rows(runs)]) };
}

function npyBytes({ shape, data }: DenseArray): Bytes {
  const header = npyHeader(shape, "f4");
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}
