import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultFolder } from "../../src/results/folder.ts";
import { readResults } from "../../src/results/read.ts";
import { Spool } from "../../src/results/spool.ts";
import { refuseUsedFolder } from "../../src/results/used-folder.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import type { RunStatus } from "../../src/scheduler/sink.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";

const loss = (record: number) => ({ loss: (run: number) => run + record / 10, ntk_drift: () => record });
const end = (runs: number[], status: RunStatus, epochs: number) => ({
  runs: Uint32Array.from(runs),
  status: runs.map(() => status),
  epochs: new Float64Array(runs.length).fill(epochs),
  time: new Float64Array(runs.length).fill(epochs / 10),
});

test("what the engine hands over is read back: tables, arrays, manifest", async () => {
  const folder = join(temporaryFolder(), "made", "on the way");
  const writer = new ResultsWriter(folder, experimentOf(), origin, { csv: true });
  expect(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).toMatchObject({
    status: "running",
  });
  writer.record(blockOf([2, 0], 0, loss(0), Float32Array.of(21, 22, 23, 24, 1, 2, 3, 4)));
  writer.record(blockOf([1], 0, { ...loss(0), loss: () => NaN }, Float32Array.of(11, 12, 13, 14)));
  writer.end(end([1], "diverged", 0));
  writer.record(blockOf([2, 0], 1, loss(1), Float32Array.of(25, 26, 27, 28, 5, 6, 7, 8)));
  writer.end({
    ...end([0], "converged", 2),
    arrays: { predictor: { shape: [3], data: Float32Array.of(1, 2, 3) } },
  });
  writer.record(blockOf([2], 2, loss(2), Float32Array.of(31, 32, 33, 34)));
  writer.end({
    ...end([2], "finished", 4),
    arrays: { predictor: { shape: [3], data: Float32Array.of(7, 8, 9) } },
  });
  writer.finish({ status: "finished", seconds: 1.5, kernels: { gram: { BLOCK: 8 } } });

  expect(readdirSync(join(folder, "arrays")).sort()).toEqual(["ntk.json", "ntk.npy", "predictor.npy"]);
  expect(readdirSync(folder).sort()).toEqual([
    "arrays",
    "history.csv",
    "history.parquet",
    "manifest.json",
    "runs.csv",
    "runs.parquet",
  ]);
  const { manifest, runs, history, arrays } = await readResults(folder);
  expect(manifest).toMatchObject({ format: 1, name: "small", status: "finished", seconds: 1.5, ...origin });
  expect(runs).toEqual({
    rows: 3,
    columns: {
      run: Int32Array.of(0, 1, 2),
      "init.alpha": Float64Array.of(0.5, 1, 2),
      status: ["converged", "diverged", "finished"],
      epochs: Float64Array.of(2, 0, 4),
      time: Float64Array.of(0.2, 0, 0.4),
      loss: Float64Array.of(0.1, NaN, 2.2),
      ntk_drift: Float64Array.of(1, 0, 2),
    },
  });
  expect(history).toEqual({
    rows: 6,
    columns: {
      run: Int32Array.of(0, 0, 1, 2, 2, 2),
      epoch: Float64Array.of(0, 2, 0, 0, 2, 4),
      time: Float64Array.of(0, 0.2, 0, 0, 0.2, 0.4),
      loss: Float64Array.of(0, 0.1, NaN, 2, 2.1, 2.2),
      ntk_drift: Float64Array.of(0, 1, 0, 0, 1, 2),
    },
  });
  expect(arrays.ntk!.shape).toEqual([3, 3, 2, 2]);
  expect(
    Array.from(arrays.ntk!.data)
      .map((value) => (Number.isNaN(value) ? "-" : value))
      .join(" "),
  ).toBe("1 2 3 4 5 6 7 8 - - - - 11 12 13 14 - - - - - - - - 21 22 23 24 25 26 27 28 31 32 33 34");
  expect(arrays.predictor).toEqual({
    shape: [3, 3],
    data: Float32Array.of(1, 2, 3, NaN, NaN, NaN, 7, 8, 9),
  });
  expect(arrays.weights).toBeUndefined();
  expect(readFileSync(join(folder, "runs.csv"), "utf8")).toBe(
    "run,init.alpha,status,epochs,time,loss,ntk_drift\n" +
      "0,0.5,converged,2,0.2,0.1,1\n1,1,diverged,0,0,NaN,0\n2,2,finished,4,0.4,2.2,2\n",
  );
  expect(readFileSync(join(folder, "history.csv"), "utf8").split("\n")).toHaveLength(8);
});

test("an interrupted experiment keeps every record, says so, and keeps its spool to go on from", async () => {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin);
  writer.record(blockOf([0, 1], 0, loss(0)));
  writer.end(end([1], "converged", 0));
  writer.record(blockOf([0], 1, loss(1)));
  writer.finish({ status: "interrupted", seconds: 1, kernels: {} });

  const { manifest, runs, history } = await readResults(folder);
  expect(manifest.status).toBe("interrupted");
  expect(runs.columns.status).toEqual([null, "converged", null]);
  expect(runs.columns.epochs).toEqual(Float64Array.of(2, 0, NaN));
  expect(runs.columns.loss).toEqual(Float64Array.of(0.1, 1, NaN));
  expect(history.rows).toBe(3);
  const spool = Spool.open(join(folder, "records.spool"));
  expect(spool.records(0)).toBe(2);
  spool.close();
});

test("how much of a long history has been written is told on the way", () => {
  const swept = Array.from({ length: 1000 }, (_, run) => ({ "init.alpha": run }));
  const writer = new ResultsWriter(temporaryFolder(), experimentOf({ swept, epochs: 598 }), origin);
  const all = swept.map((_, run) => run);
  for (let record = 0; record < 300; record += 1) writer.record(blockOf(all, record, loss(record)));
  const shares: number[] = [];
  writer.finish({ status: "finished", seconds: 1, kernels: {}, writing: (share) => shares.push(share) });
  // 65 536 rows at a time, whole runs or not.
  expect(shares).toHaveLength(5);
  shares.forEach((share, k) => expect(share).toBeCloseTo((k * 65_536) / 300_000, 2));
});

test("a quantity that a run does not have is missing, not NaN", async () => {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin, { csv: true });
  writer.record(blockOf([0], 0, { loss: () => NaN }));
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
  expect(readFileSync(join(folder, "history.csv"), "utf8")).toBe(
    "run,epoch,time,loss,ntk_drift,init.alpha\n0,0,0,NaN,,0.5\n",
  );
});

test("tables cannot be half there: where writing one fails, it is missing and the error names the folder", () => {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin);
  writer.record(blockOf([0], 0, loss(0)));
  mkdirSync(join(folder, "history.parquet", "in the way"), { recursive: true });
  expect(() => writer.finish({ status: "finished", seconds: 1, kernels: {} })).toThrow(
    `cannot write to ${folder}: `,
  );
  expect(existsSync(join(folder, "history.parquet.part"))).toBe(false);
  expect(existsSync(join(folder, "records.spool"))).toBe(true);
});

test("a folder that holds anything is refused, an empty or missing one is not", () => {
  const folder = temporaryFolder();
  refuseUsedFolder(folder);
  refuseUsedFolder(join(folder, "missing"));
  writeFileSync(join(folder, "notes.txt"), "");
  expect(() => refuseUsedFolder(folder)).toThrow(
    "is not empty; give another folder with --out, or remove it",
  );
  expect(() => refuseUsedFolder(join(folder, "notes.txt"))).toThrow("is not a folder");
});

test("a folder in which nothing was recorded is free again, whether its command was killed or not", () => {
  const folder = temporaryFolder();
  const writer = new ResultsWriter(folder, experimentOf(), origin);
  expect(writer.isEmpty).toBe(true);
  writer.discard();
  expect(readdirSync(folder)).toEqual([]);

  new ResultsWriter(folder, experimentOf(), origin).suspend();
  writeFileSync(join(folder, "running.lock"), "");
  refuseUsedFolder(folder);
  truncateSync(join(folder, "records.spool"), 7);
  refuseUsedFolder(folder);
  rmSync(join(folder, "records.spool"));
  refuseUsedFolder(folder);
  writeFileSync(join(folder, "manifest.json"), "{}");
  expect(() => refuseUsedFolder(folder)).toThrow("holds results");
});

test("a folder with a record is not free, nor is one with a file that is not ours, or with tables", () => {
  const recorded = temporaryFolder();
  const writer = new ResultsWriter(recorded, experimentOf(), origin);
  writer.end(end([0], "finished", 4));
  expect(writer.isEmpty).toBe(false);
  writer.suspend();
  expect(() => refuseUsedFolder(recorded)).toThrow("holds results");

  const shared = temporaryFolder();
  new ResultsWriter(shared, experimentOf(), origin).suspend();
  writeFileSync(join(shared, "notes.txt"), "");
  expect(() => refuseUsedFolder(shared)).toThrow("holds results");

  const finished = temporaryFolder();
  new ResultsWriter(finished, experimentOf(), origin).finish({
    status: "interrupted",
    seconds: 1,
    kernels: {},
  });
  expect(() => refuseUsedFolder(finished)).toThrow("holds results");
});

test("an experiment's name is its folder's, where it can be one", () => {
  expect(defaultFolder("alpha-sweep")).toBe("results/alpha-sweep");
  for (const name of ["../up", "a/b", "", ".hidden", "a\\b", "x".repeat(200)])
    expect(() => defaultFolder(name)).toThrow("--out");
});
