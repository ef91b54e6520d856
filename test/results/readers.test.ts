/** One results folder, as DuckDB, parquet-wasm and NumPy read it: three readers that share no code with this program, nor with one another. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "@uwdata/flechette";
import { readParquet } from "parquet-wasm";
import { expect, test } from "vitest";
import { temporaryFolder } from "./experiment.ts";
import { writeThreeRuns } from "./written.ts";

/** Three runs' history: run, alpha, epoch, loss (written.ts). */
const history = [
  [0, 0.5, 0, 1],
  [0, 0.5, 2, 0.001],
  [1, 1, 0, 2],
  [2, 2, 0, 3],
  [2, 2, 2, 0.003],
];
const columns = ["run", "init.alpha", "epoch", "loss"];
const loss = { title: "Training loss", symbol: "L(w)", unit: "1" };

function written(): string {
  const folder = temporaryFolder();
  writeThreeRuns(folder);
  return folder;
}

test("DuckDB reads rows, and what columns mean", async () => {
  const table = join(written(), "history.parquet");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowsJson();
  const names = columns.map((name) => `"${name}"`).join();
  expect(await rows(`SELECT ${names} FROM '${table}' ORDER BY run, epoch`)).toEqual(history);
  const [[text]] = await rows(
    `SELECT decode(value) FROM parquet_kv_metadata('${table}') WHERE decode(key) = 'alphasweep.columns'`,
  );
  expect((JSON.parse(text as string) as Record<string, unknown>).loss).toEqual(loss);
  connection.closeSync();
});

test("parquet-wasm reads the same rows, and what columns mean, by way of Arrow", () => {
  const table = join(written(), "history.parquet");
  const read = tableFromIPC(readParquet(readFileSync(table)).intoIPCStream());
  const values = columns.map((name) => Array.from(read.getChild(name).toArray() as Iterable<number>));
  expect(history.map((_, row) => values.map((column) => column[row]))).toEqual(history);
  expect(read.numRows).toBe(history.length);
  const text = read.schema.metadata!.get("alphasweep.columns")!;
  expect((JSON.parse(text) as Record<string, unknown>).loss).toEqual(loss);
});

const program = `
import json, sys
import numpy as np
folder = sys.argv[1]
ntk = np.load(folder + "/arrays/ntk.npy", mmap_mode="r")
described = json.load(open(folder + "/arrays/ntk.json"))
print(json.dumps([ntk.shape, str(ntk.dtype), ntk[2, 1].tolist(), described["unit"], [axis["name"] for axis in described["axes"]],
  described["axes"][0]["coordinates"]["init.alpha"], described["axes"][1]["coordinates"]["epoch"]]))`;

const python = (...words: string[]) =>
  spawnSync(process.env.PYTHON ?? "python3", words, { encoding: "utf8" });
const hasNumpy = python("-c", "import numpy").status === 0;

test(
  hasNumpy
    ? "NumPy reads the array beside the tables, and JSON its unit, axes and coordinates"
    : "NumPy reads nothing: python3 has no numpy",
  () => {
    if (!hasNumpy) return;
    const { stdout, stderr } = python("-c", program, written());
    expect([stderr, JSON.parse(stdout || "null")]).toEqual([
      "",
      [
        [3, 3, 2, 2],
        "float32",
        [
          [210, 211],
          [212, 213],
        ],
        "1",
        ["run", "record", "training samples", "training samples"],
        [0.5, 1, 2],
        [0, 2],
      ],
    ]);
  },
);
