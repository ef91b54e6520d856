import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { npyHeader } from "../../src/data/npy.ts";
import { readResults } from "../../src/results/read.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";

/** A good results folder, to be spoilt. */
function goodFolder(): string {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin);
  for (let record = 0; record < 3; record += 1)
    writer.record(
      blockOf([0, 1, 2], record, { loss: (run) => run, ntk_drift: () => 0 }, new Float32Array(12)),
    );
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
  return folder;
}

const manifestWith = (folder: string, change: object): void => {
  const path = join(folder, "manifest.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
};

test.for<[string, (folder: string) => void, string]>([
  ["nothing", (folder) => rmSync(folder, { recursive: true }), "there is no manifest.json"],
  [
    "a folder as manifest",
    (folder) => (rmSync(join(folder, "manifest.json")), mkdirSync(join(folder, "manifest.json"))),
    "there is no manifest.json",
  ],
  [
    "a manifest that is no JSON",
    (folder) => writeFileSync(join(folder, "manifest.json"), "{"),
    "manifest.json is not JSON",
  ],
  [
    "a manifest in Latin-1",
    (folder) => writeFileSync(join(folder, "manifest.json"), Buffer.from('{"name": "caf\u00e9"}', "latin1")),
    "manifest.json is not UTF-8 text",
  ],
  ["null as manifest", (folder) => writeFileSync(join(folder, "manifest.json"), "null"), "manifest.json"],
  ["a manifest of a later format", (folder) => manifestWith(folder, { format: 2 }), "format 2"],
  ["a manifest without adapter", (folder) => manifestWith(folder, { adapter: undefined }), "adapter"],
  [
    "a manifest of unknown status",
    (folder) => manifestWith(folder, { status: "great" }),
    'status is "great"',
  ],
  [
    "no runs",
    (folder) => rmSync(join(folder, "runs.parquet")),
    "there is no runs.parquet; the experiment has not finished",
  ],
  [
    "a folder as history",
    (folder) => (rmSync(join(folder, "history.parquet")), mkdirSync(join(folder, "history.parquet"))),
    "history.parquet is not a file",
  ],
  [
    "an empty table",
    (folder) => truncateSync(join(folder, "history.parquet"), 0),
    "history.parquet is damaged",
  ],
  [
    "a table cut short",
    (folder) => truncateSync(join(folder, "history.parquet"), 100),
    "history.parquet is damaged",
  ],
  [
    "another table",
    (folder) => writeTable(folder, [{ name: "other", data: [1] }]),
    'runs.parquet has no column "run"',
  ],
  [
    "text for numbers",
    (folder) => writeTable(folder, [{ name: "run", data: ["a"] }]),
    'column "run" holds no numbers',
  ],
  [
    "two columns of one name",
    (folder) =>
      writeTable(folder, [
        { name: "run", data: [1] },
        { name: "run", data: [1] },
      ]),
    "two columns of the same name",
  ],
])("a folder with %s is refused with one line", async ([, spoil, message]) => {
  const folder = goodFolder();
  spoil(folder);
  const error = await readResults(folder).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toContain(message);
  expect(error?.message).toContain(folder);
  expect(error?.message).not.toContain("\n");
});

const writeTable = (folder: string, columnData: { name: string; data: (string | number)[] }[]): void =>
  writeFileSync(join(folder, "runs.parquet"), new Uint8Array(parquetWriteBuffer({ columnData })));

test("an array is read when it is asked for, and refused then", async () => {
  const folder = goodFolder();
  const path = join(folder, "arrays", "ntk.npy");
  writeFileSync(path, npyHeader([3, 1000000, 1000, 1000], "f4"));
  const { runs, arrays } = await readResults(folder);
  expect(runs.rows).toBe(3);
  expect(() => arrays.ntk).toThrow("is cut short");
  writeFileSync(path, Buffer.concat([npyHeader([2, 1, 1, 1], "f4"), Buffer.alloc(8)]));
  expect(() => arrays.ntk).toThrow("the first of 3 runs");
});

test("an array larger than what is read at once is named, and everything else is read", async () => {
  const folder = goodFolder();
  const path = join(folder, "arrays", "weights.npy");
  writeFileSync(path, "");
  truncateSync(path, 2 ** 31);
  const { runs, arrays, unread } = await readResults(folder);
  expect(runs.rows).toBe(3);
  expect(arrays.weights).toBeUndefined();
  expect(unread).toEqual(["weights"]);
});

const within = { history: 2 ** 20, ntk: 2 ** 20 };

test("kernels larger than what is read at once are read in part, and no more of them than the history has", async () => {
  const folder = goodFolder();
  const path = join(folder, "arrays", "ntk.npy");
  const header = npyHeader([3, 2 ** 26, 2, 2], "f4");
  writeFileSync(path, header);
  truncateSync(path, header.length + 3 * 2 ** 26 * 16);
  const { arrays, unread } = await readResults(folder, within);
  expect(arrays.ntk!.shape).toEqual([3, 4, 2, 2]);
  expect(arrays.ntk!.data).toEqual(new Float32Array(48));
  expect(unread).toBeUndefined();
});

test("kernels of which two cannot be held are named when they are asked for", async () => {
  const folder = goodFolder();
  const path = join(folder, "arrays", "ntk.npy");
  const header = npyHeader([3, 3, 20_000, 20_000], "f4");
  writeFileSync(path, header);
  truncateSync(path, header.length + 9 * 4 * 20_000 ** 2);
  const results = await readResults(folder, within);
  expect(results.arrays.ntk).toBeUndefined();
  expect(results.unread).toEqual(["ntk"]);
});

test("kernels that are not square are refused", async () => {
  const folder = goodFolder();
  writeFileSync(
    join(folder, "arrays", "ntk.npy"),
    Buffer.concat([npyHeader([3, 3, 1, 2], "f4"), Buffer.alloc(72)]),
  );
  const { arrays } = await readResults(folder);
  expect(() => arrays.ntk).toThrow("must be square");
});

const writeHistory = (folder: string, run: Int32Array): void =>
  writeFileSync(
    join(folder, "history.parquet"),
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "run", data: run, type: "INT32" },
          // Some distinct values: a file of nothing but equal ones is refused sooner.
          {
            name: "epoch",
            data: Float64Array.from(run, (_, row) => (row < 20_000 ? row : 0)),
            type: "DOUBLE",
          },
          { name: "time", data: new Float64Array(run.length), type: "DOUBLE" },
        ],
        rowGroupSize: run.length,
      }),
    ),
  );

test("of runs that are not in order a history is read whole or not at all", async () => {
  const folder = goodFolder();
  writeHistory(folder, Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2));
  expect((await readResults(folder, within)).history.rows).toBe(9);
  await expect(readResults(folder, { ...within, history: 100 })).rejects.toThrow("its runs are not in order");
});

test("a row group that would have to be decoded at once is refused before that", async () => {
  const folder = goodFolder();
  writeHistory(folder, new Int32Array(2 ** 22 + 1));
  await expect(readResults(folder, within)).rejects.toThrow("4194305 rows in one group");
});
