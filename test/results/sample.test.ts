import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeHistory } from "../../src/results/decode.ts";
import { historyColumns } from "../../src/results/history-rows.ts";
import { kernelFrames, kernelRecords, kernelRuns } from "../../src/results/kernel-frames.ts";
import { ParquetFile } from "../../src/results/parquet-file.ts";
import { readResults } from "../../src/results/read.ts";
import { historyRows, lastRecordOf, recordAt, rowOfRecord } from "../../src/results/run-rows.ts";
import { sampleHistory } from "../../src/results/sample.ts";
import type { Table } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import { packResults, type Payload, unpackResults } from "../../viewer/report/payload.ts";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";

/** Every step-th of so many records, and the last. */
const wanted = (records: number, step: number): number[] =>
  [...Array(records).keys()].filter((record) => record % step === 0 || record === records - 1);

/** The loss of a record says which run's it is, and which. */
const lossOf = (run: number, record: number): number => 1000 * run + record;

/** Histories of some runs, each with so many records, cut into row groups anywhere. */
const histories = fc.record({
  records: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 }),
  rowsOfAGroup: fc.integer({ min: 1, max: 30 }),
  bytes: fc.integer({ min: 1, max: 20_000 }),
});

function historyOf(records: number[]): Table {
  const rows = records.flatMap((count, run) => [...Array(count).keys()].map((record) => ({ run, record })));
  return {
    rows: rows.length,
    columns: {
      run: Int32Array.from(rows, ({ run }) => run),
      epoch: Float64Array.from(rows, ({ record }) => 10 * record),
      time: Float64Array.from(rows, ({ record }) => record / 10),
      loss: Float64Array.from(rows, ({ run, record }) => lossOf(run, record)),
    },
  };
}

function inGroups({ rows, columns }: Table, most: number): Uint8Array {
  const path = join(temporaryFolder(), "history.parquet");
  const file = new ParquetFile(path, historyColumns(["loss"]));
  for (let from = 0; from < rows; from += most)
    file.write({
      rows: Math.min(most, rows - from),
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, column.slice(from, from + most)]),
      ),
    });
  file.finish();
  return new Uint8Array(readFileSync(path));
}

/** Which runs there is some history of. */
const runsOf = ({ columns }: Table): number[] => [...new Set(columns.run as Int32Array)];

/** Every step-th record of so many runs, in order; fewer records first, as long as they are a curve. */
function expectSample(
  records: number[],
  rows: number,
  { history, thinned }: Pick<Results, "history" | "thinned">,
): void {
  const step = thinned?.step ?? 1;
  const runs = runsOf(history);
  const kept = runs.flatMap((run) => wanted(records[run], step).map((record) => ({ run, record })));
  expect(Array.from(history.columns.loss)).toEqual(kept.map(({ run, record }) => lossOf(run, record)));
  expect(Array.from(history.columns.run)).toEqual(kept.map(({ run }) => run));
  expect(Array.from(history.columns.epoch)).toEqual(kept.map(({ record }) => 10 * record));
  if (thinned) expect(Array.from(thinned.records)).toEqual(kept.map(({ record }) => record));
  const size = (ofStep: number) => records.reduce((sum, count) => sum + wanted(count, ofStep).length, 0);
  const longest = Math.max(...records);
  if (runs.length < records.length) expect(wanted(longest, 2 * step).length).toBeLessThan(24);
  if (step > 1) expect(size(step / 2)).toBeGreaterThan(rows);
  if (step > 1) expect(wanted(longest, step).length).toBeGreaterThanOrEqual(24);
  if (size(step) <= rows) expect(runs).toHaveLength(records.length);
  else expect(runs).toHaveLength(Math.max(1, Math.floor((records.length * rows) / size(step))));
}

test("of a history over its budget fewer records are read, then fewer runs, wherever row groups end", async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ records, rowsOfAGroup, bytes }) => {
      const { buffer } = inGroups(historyOf(records), rowsOfAGroup);
      expectSample(records, bytes / 32, await decodeHistory(buffer as ArrayBuffer, "history.parquet", bytes));
    }),
    { numRuns: 60 },
  );
});

test("of a history in memory likewise; a sample of a sample holds what both would", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 4000 }), ({ records, bytes }, more) => {
      const results = {
        runs: { rows: records.length, columns: { run: Int32Array.from(records.keys()) } },
        history: historyOf(records),
      } as unknown as Results;
      const once = { ...results, ...sampleHistory(results, bytes) };
      expectSample(records, bytes / 32, once);
      const twice = { ...once, ...sampleHistory(once, more) };
      const step = twice.thinned?.step ?? 1;
      expect(step).toBeGreaterThanOrEqual(once.thinned?.step ?? 1);
      expect(runsOf(once.history)).toEqual(expect.arrayContaining(runsOf(twice.history)));
      for (const run of runsOf(twice.history)) {
        const numbers = Array.from(historyRows(twice)[run], (row, place) => recordAt(twice, row, place));
        expect(numbers).toEqual(wanted(records[run], step));
        expect(lastRecordOf(twice, run)).toBe(records[run] - 1);
        for (let record = 0; record < records[run] + 3; record += 1) {
          const row = rowOfRecord(twice, run, record);
          expect(row !== undefined).toBe(numbers.includes(record));
          if (row !== undefined) expect(twice.history.columns.loss[row]).toBe(lossOf(run, record));
        }
      }
    }),
    { numRuns: 100 },
  );
});

const unlimited = { history: Infinity, ntk: Infinity };
const records = 49;
/** Runs that stop early: one after its first record, one where no step falls. */
const lastRecords = [records - 1, 0, 10, 22];

function kernelFolder(): string {
  const folder = temporaryFolder();
  const swept = lastRecords.map((_, run) => ({ "init.alpha": 1 + run }));
  const experiment = experimentOf({ swept, quantities: ["loss"], epochs: 2 * (records - 1) });
  const writer = new ResultsWriter(folder, experiment, origin);
  for (let record = 0; record < records; record += 1) {
    const runs = [...lastRecords.keys()].filter((run) => record <= lastRecords[run]);
    const kernels = runs.flatMap((run) => [0, 1, 2, 3].map((entry) => 4 * lossOf(run, record) + entry));
    writer.record(blockOf(runs, record, { loss: (run) => lossOf(run, record) }, Float32Array.from(kernels)));
  }
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
  return folder;
}

/** Kernels belong to their records, and every run that has any has its first and its last. */
function expectKernels(results: Results): void {
  for (const run of kernelRuns(results)) {
    const losses = kernelFrames(results, run).map(({ row, kernel }) => {
      const loss = results.history.columns.loss[row] as number;
      expect(Array.from(kernel)).toEqual([0, 1, 2, 3].map((entry) => 4 * loss + entry));
      return loss;
    });
    expect(losses[0]).toBe(lossOf(run, 0));
    expect(losses.at(-1)).toBe(lossOf(run, lastRecords[run]));
    expect(new Set(losses).size).toBe(losses.length);
  }
}

test.each([
  ["everything", {}, records, 4],
  ["half of the records", { ntk: 4 * 27 * 16 }, 26, 4],
  ["two runs", { ntk: 2 * 26 * 16 }, 26, 2],
  ["what two kernels take", { ntk: 1 }, 2, 1],
  ["a history of fewer records", { history: 2000 }, 26, 4],
  ["a history of one run", { history: 1 }, 26, 1],
] as const)("kernels on the disk are read within %s", async (_, budget, kernels, runs) => {
  const results = await readResults(kernelFolder(), { ...unlimited, ...budget });
  expect(kernelRecords(results)).toBe(
    Math.max(...kernelRuns(results).map((run) => kernelFrames(results, run).length)),
  );
  const { shape, data } = results.arrays.ntk!;
  expect(shape).toEqual([runs, kernels, 2, 2]);
  if ("ntk" in budget) expect(data.byteLength).toBeLessThanOrEqual(Math.max(32, budget.ntk));
  expectKernels(results);
});

test.each([
  ["of everything", {}, { history: 1200, ntk: 800 }],
  ["of a sample", { history: 3000, ntk: 2000 }, { history: 1200, ntk: 800 }],
  ["of a sample that fits", { history: 3000, ntk: 2000 }, { history: Infinity, ntk: Infinity }],
])(
  "a page %s keeps kernels with their records, the last of runs that stopped early too",
  async (_, budget, page) => {
    const results = await readResults(kernelFolder(), { ...unlimited, ...budget });
    const payload = JSON.stringify(packResults(results, { ...page, predictor: 0, records: 0 }));
    const unpacked = unpackResults(JSON.parse(payload) as Payload);
    expect(unpacked.arrays.ntk!.data.byteLength).toBeLessThanOrEqual(page.ntk);
    expectKernels(unpacked);
  },
);

test("of an interrupted sweep kernels are read of the runs that have some", async () => {
  const folder = temporaryFolder();
  const swept = Array.from({ length: 100 }, (_, run) => ({ "init.alpha": 1 + run }));
  const writer = new ResultsWriter(folder, experimentOf({ swept, quantities: ["loss"] }), origin);
  const trained = [3, 4, 5, 6];
  for (let record = 0; record < 3; record += 1)
    writer.record(blockOf(trained, record, { loss: () => record }, new Float32Array(16).fill(record)));
  writer.finish({ status: "interrupted", seconds: 1, kernels: {} });
  for (const budget of [undefined, { history: Infinity, ntk: 16 * 4 * 3 }]) {
    const results = await readResults(folder, budget);
    expect(kernelRuns(results)).toEqual(budget ? [3, 5, 6] : trained);
    expect(kernelFrames(results, 6).map(({ kernel }) => kernel[0])).toEqual([0, 1, 2]);
    expect(kernelFrames(results, 50)).toEqual([]);
  }
});
