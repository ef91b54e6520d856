import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { CsvFile, field } from "../../src/results/csv-file.ts";
import { decodeTable } from "../../src/results/decode.ts";
import { ParquetFile } from "../../src/results/parquet-file.ts";
import { sweptColumn } from "../../src/results/swept-column.ts";
import type { Table } from "../../src/document/table.ts";
import type { ColumnDescription } from "../../src/results/table-file.ts";
import { temporaryFolder } from "./experiment.ts";

const columns: ColumnDescription[] = [
  { name: "run", kind: "integer", optional: false },
  { name: "init.alpha", kind: "number", optional: false },
  { name: "loss", kind: "number", optional: true },
  { name: "status", kind: "text", optional: true },
  { name: "model.unbiased", kind: "truth", optional: false },
];

const bufferOf = (path: string): ArrayBuffer => new Uint8Array(readFileSync(path)).buffer;

const number = fc.double();
const tables = fc
  .array(fc.tuple(number, fc.option(number), fc.option(fc.string({ unit: "binary" })), fc.boolean()), {
    maxLength: 50,
  })
  .map((rows): Table => ({
    rows: rows.length,
    columns: {
      run: Int32Array.from(rows, (_, row) => row),
      "init.alpha": Float64Array.from(rows, ([alpha]) => alpha),
      loss: rows.map(([, loss]) => loss),
      status: rows.map(([, , status]) => status),
      "model.unbiased": rows.map(([, , , unbiased]) => unbiased),
    },
  }));

test("a Parquet file holds exactly what was written, -0, NaN, infinities and missing values included", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tables, { maxLength: 3 }), async (batches) => {
      const path = join(temporaryFolder(), "table.parquet");
      const file = new ParquetFile(path, columns);
      for (const batch of batches) file.write(batch);
      expect(existsSync(path)).toBe(false);
      file.finish();
      const expected = batches.flatMap(({ rows, columns: values }) =>
        Array.from({ length: rows }, (_, row) =>
          Object.fromEntries(columns.map(({ name }) => [name, values[name][row]])),
        ),
      );
      expect(await parquetReadObjects({ file: bufferOf(path) })).toEqual(expected);

      const table = await decodeTable(bufferOf(path), "table.parquet", ["run", "init.alpha", "loss"]);
      expect(table.rows).toBe(expected.length);
      expect(Array.from(table.columns["init.alpha"])).toEqual(expected.map((row) => row["init.alpha"]));
      expect(Array.from(table.columns.loss)).toEqual(expected.map((row) => row.loss ?? NaN));
      expect(table.columns.status).toEqual(expected.map((row) => row.status));
    }),
    { numRuns: 40 },
  );
});

test("columns have the types that other readers expect", () => {
  const path = join(temporaryFolder(), "table.parquet");
  new ParquetFile(path, columns).finish();
  const { schema } = parquetMetadata(bufferOf(path));
  expect(schema.slice(1).map(({ name, type, repetition_type }) => [name, type, repetition_type])).toEqual([
    ["run", "INT32", "REQUIRED"],
    ["init.alpha", "DOUBLE", "REQUIRED"],
    ["loss", "DOUBLE", "OPTIONAL"],
    ["status", "BYTE_ARRAY", "OPTIONAL"],
    ["model.unbiased", "BOOLEAN", "REQUIRED"],
  ]);
});

test("an abandoned table leaves nothing behind", () => {
  const path = join(temporaryFolder(), "table.parquet");
  const file = new ParquetFile(path, columns);
  file.abandon();
  expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
});

test("CSV numbers read back to the same bits", () => {
  fc.assert(fc.property(number, (value) => void expect(Number(field(value))).toBe(value)));
});

test("CSV: shortest numbers, non-finite ones by name, missing ones empty, RFC 4180 quotes", () => {
  const path = join(temporaryFolder(), "table.csv");
  const file = new CsvFile(path, [
    { name: "a, b", kind: "number", optional: true },
    { name: "status", kind: "text", optional: true },
  ]);
  file.write({
    rows: 7,
    columns: {
      "a, b": [0.1, NaN, Infinity, -Infinity, null, 1e-7, -0],
      status: ["plain", 'a "quote"', "a,comma", "two\nlines", null, "1", ""],
    },
  });
  file.finish();
  expect(readFileSync(path, "utf8")).toBe(
    [
      '"a, b",status',
      "0.1,plain",
      'NaN,"a ""quote"""',
      'Infinity,"a,comma"',
      '-Infinity,"two\nlines"',
      ",",
      "1e-7,1",
      "-0,",
      "",
    ].join("\n"),
  );
});

test.for([
  [[1, 2], "integer"],
  [[1, 0.5], "number"],
  [[1, 2 ** 40], "number"],
  [["ones", "he"], "text"],
  [[true, false], "truth"],
  [[10, "full"], "text"],
  [[0.1, null], "number"],
] as const)("swept values %j make a column of kind %s", ([values, kind]) => {
  expect(sweptColumn([...values]).kind).toBe(kind);
});
