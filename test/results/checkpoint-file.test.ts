import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNpy } from "../../src/data/npy.ts";
import { readSavedCheckpoint, writeCheckpoint } from "../../src/results/checkpoint-file.ts";
import { readResults } from "../../src/results/read.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import type { Checkpoint } from "../../src/scheduler/checkpoint.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";

const progress = { runs: 3, runsDone: 1, runSteps: 5, runStepsTotal: 12, seconds: 1.5 };
const kernels = { "gram.wgsl#main": { LANES: 4, TILED: true } };
const checkpoint: Checkpoint = {
  parts: 2,
  progress,
  kernels,
  settled: { "gram.wgsl samples=4": "gram.wgsl#tiled LANES=4" },
  training: {
    position: 17,
    kernels,
    endings: [{ position: 1, epoch: 3, time: 0.25, stopped: true, status: "diverged" }],
    recorded: Float64Array.of(4, 3, -1),
    buffers: [
      { label: "horizon", words: new Uint32Array() },
      // A signalling NaN: words are no numbers.
      { label: "state", words: Uint32Array.of(0x7f800001, 1, 2 ** 32 - 1) },
    ],
  },
};
const folderState = {
  spool: 24,
  arrays: { ntk: { shape: [2, 2], checksum: 7 } },
  inputs: { "x.csv": "abc" },
};

test("a checkpoint is read as it was written, before its training has begun too", () => {
  const folder = temporaryFolder();
  expect(readSavedCheckpoint(folder)).toBeUndefined();
  writeCheckpoint(folder, { checkpoint, folder: folderState });
  expect(readSavedCheckpoint(folder)).toEqual({ checkpoint, folder: folderState });
  const begun = { parts: 0, progress, kernels: {}, settled: {} };
  writeCheckpoint(folder, { checkpoint: begun, folder: { spool: 24, arrays: {}, inputs: {} } });
  expect(readSavedCheckpoint(folder)?.checkpoint).toEqual(begun);
  expect(existsSync(join(folder, "checkpoint.part"))).toBe(false);
});

test("a checkpoint with any byte changed, or cut off anywhere, is refused in one line", () => {
  const folder = temporaryFolder();
  writeCheckpoint(folder, { checkpoint, folder: folderState });
  const path = join(folder, "checkpoint");
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] ^= 1 << (at % 8);
    writeFileSync(path, changed);
    expect(() => readSavedCheckpoint(folder), `byte ${at}`).toThrow(/checkpoint is [^\n]*$/);
    writeFileSync(path, whole.subarray(0, at));
    expect(() => readSavedCheckpoint(folder), `${at} bytes`).toThrow(/checkpoint is [^\n]*$/);
  }
});

/** An experiment whose third record is taken twice: before the folder is left, and after it is gone on with. */
test.each([false, true])(
  "what was written after a checkpoint is cut off; interrupted in between: %s",
  async (interrupted) => {
    const kernel = (value: number) => new Float32Array(12).fill(value);
    const records = (writer: ResultsWriter, record: number, value: number): void =>
      writer.record(
        blockOf([0, 1, 2], record, { loss: (run) => run + value, ntk_drift: () => NaN }, kernel(value)),
      );
    const write = (folder: string): ResultsWriter => {
      const writer = new ResultsWriter(folder, experimentOf(), origin);
      records(writer, 0, 0.25);
      records(writer, 1, 0.5);
      return writer;
    };
    const finish = (writer: ResultsWriter): void => {
      records(writer, 2, 0.75);
      const runs = Uint32Array.of(0, 1, 2);
      const ones = new Float64Array(3).fill(1);
      writer.end({ runs, status: ["finished", "finished", "finished"], epochs: ones, time: ones });
      writer.finish({ status: "finished", seconds: 1, kernels: {} });
    };
    const [whole, broken] = [temporaryFolder(), temporaryFolder()];
    finish(write(whole));

    const first = write(broken);
    first.checkpoint(checkpoint);
    records(first, 2, 1000);
    if (interrupted) first.finish({ status: "interrupted", seconds: 1, kernels: {} });
    else first.suspend();
    const from = readSavedCheckpoint(broken);
    finish(new ResultsWriter(broken, experimentOf(), origin, { from }));

    for (const name of ["runs.parquet", "history.parquet", "manifest.json", "arrays/ntk.npy"])
      expect(readFileSync(join(broken, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
    expect((await readResults(broken)).history.rows).toBe(9);
    expect(["checkpoint", "records.spool"].filter((name) => existsSync(join(broken, name)))).toEqual([]);
  },
);

test("arrays of a flow keep room for records to come when they are interrupted", () => {
  const experiment = experimentOf({ epochs: 1000, every: 1 });
  for (const run of experiment.runs)
    run.train = {
      method: "gradient-flow",
      tolerance: 1e-6,
      stopLoss: null,
      time: null,
      maxSteps: 1000,
    } as never;
  const folder = temporaryFolder();
  const kernel = Float32Array.of(1, 2, 3, 4);
  const record = (writer: ResultsWriter, place: number): void =>
    writer.record(blockOf([1], place, { loss: () => 1 }, kernel));
  const first = new ResultsWriter(folder, experiment, origin);
  record(first, 0);
  first.checkpoint(checkpoint);
  record(first, 1);
  first.finish({ status: "interrupted", seconds: 1, kernels: {} });
  const read = () => readNpy(readFileSync(join(folder, "arrays", "ntk.npy")), "ntk.npy");
  expect(read().shape).toEqual([3, 2, 2, 2]);

  const second = new ResultsWriter(folder, experiment, origin, { from: readSavedCheckpoint(folder) });
  for (const place of [1, 2, 3]) record(second, place);
  second.finish({ status: "finished", seconds: 1, kernels: {} });
  expect(read().shape).toEqual([3, 4, 2, 2]);
  expect(Array.from(read().values.subarray(16, 32))).toEqual([
    1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4,
  ]);
  expect(existsSync(join(folder, "arrays", "ntk.npy.working"))).toBe(false);
});
