/** What results say of themselves, to readers that do not know this program. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { catalogue } from "../../src/quantities/catalogue.ts";
import { describeArrays } from "../../src/results/array-description.ts";
import { columnMeanings } from "../../src/results/column-meanings.ts";
import { readResults } from "../../src/results/read.ts";
import { RecordSchedule } from "../../src/results/record-schedule.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import { resultsFiles } from "../../viewer/app/results-files.ts";
import { version } from "../../package.json";
import { blockOf, experimentOf, origin, temporaryFolder } from "./experiment.ts";
import { writeThreeRuns } from "./written.ts";

/** Three runs, of which one stops at its first record. */
function written(): string {
  const folder = temporaryFolder();
  writeThreeRuns(folder);
  return folder;
}

const bufferOf = (path: string): ArrayBuffer => new Uint8Array(readFileSync(path)).buffer;

const metadataOf = (file: ArrayBuffer): Record<string, string> =>
  Object.fromEntries(parquetMetadata(file).key_value_metadata!.map(({ key, value }) => [key, value!]));

test("tables hold their document, the program's version, and what their columns mean", () => {
  const folder = written();
  for (const name of ["runs.parquet", "history.parquet"]) {
    const metadata = metadataOf(bufferOf(join(folder, name)));
    expect(metadata["alphasweep.version"]).toBe(version);
    expect(JSON.parse(metadata["alphasweep.document"])).toEqual({ name: "small" });
    const meanings = JSON.parse(metadata["alphasweep.columns"]) as Record<string, object>;
    const { schema } = parquetMetadata(bufferOf(join(folder, name)));
    expect(Object.keys(meanings)).toEqual(schema.slice(1).map((column) => column.name));
    expect(meanings.loss).toEqual({ title: "Training loss", symbol: "L(w)", unit: "1" });
    expect(meanings["init.alpha"]).toMatchObject({ symbol: "α" });
  }
});

test("every quantity means something, and epochs of a flow are its steps", () => {
  const names = Object.keys(catalogue);
  expect(Object.keys(columnMeanings(names, {}))).toEqual(names);
  expect(columnMeanings(["epoch"], { train: { method: "gradient-flow" } }).epoch.unit).toMatch(/step/);
  expect(columnMeanings(["epoch"], { train: {} }).epoch.unit).toMatch(/pass/);
});

test("the history can be read without the runs table: epochs are whole, and what was swept stands in each row", async () => {
  const file = bufferOf(join(written(), "history.parquet"));
  const types = Object.fromEntries(parquetMetadata(file).schema.map(({ name, type }) => [name, type]));
  expect(types).toMatchObject({ run: "INT32", "init.alpha": "DOUBLE", epoch: "INT32", time: "DOUBLE" });
  const rows = await parquetReadObjects({ file });
  expect(rows.map((row) => [row.run, row["init.alpha"], row.epoch, row.ntk_drift])).toEqual([
    [0, 0.5, 0, 0],
    [0, 0.5, 2, 1],
    [1, 1, 0, 0],
    [2, 2, 0, 0],
    [2, 2, 2, 1],
  ]);
});

test("an array's axes have their coordinates beside it", () => {
  const folder = written();
  const described = JSON.parse(readFileSync(join(folder, "arrays", "ntk.json"), "utf8")) as object;
  expect(described).toMatchObject({
    array: "ntk",
    dtype: "float32",
    axes: [
      { name: "run", size: 3, coordinates: { run: [0, 1, 2], "init.alpha": [0.5, 1, 2] } },
      { name: "record", size: 3, coordinates: { epoch: [0, 2] } },
      { name: "training samples", size: 2 },
      { name: "training samples", size: 2 },
    ],
  });
});

test("records of runs at epochs of their own have a list for each run, or are in the history", () => {
  const folder = written();
  const schedule = new RecordSchedule();
  const epochs = [
    [0, 2],
    [0, 1],
  ];
  epochs.forEach((own, run) => own.forEach((epoch, record) => schedule.add(run, record, epoch)));
  const experiment = experimentOf();
  const read = () =>
    (
      JSON.parse(readFileSync(join(folder, "arrays", "ntk.json"), "utf8")) as {
        axes: { coordinates: { epoch: unknown } }[];
      }
    ).axes[1].coordinates.epoch;
  describeArrays(folder, experiment, experiment.runs, schedule);
  expect(read()).toEqual({ byRun: [...epochs, []] });
  for (let run = 2; run < 100_002; run += 1) for (const record of [0, 1]) schedule.add(run, record, record);
  describeArrays(folder, experiment, experiment.runs, schedule);
  expect(read()).toEqual({ in: "history.parquet" });
});

test("the page writes the same tables as the command", async () => {
  const folder = written();
  const results = await readResults(folder);
  const files = resultsFiles(results);
  for (const name of ["runs.parquet", "history.parquet"]) {
    const [page, command] = [new Uint8Array(files.get(name)!).buffer, bufferOf(join(folder, name))];
    expect(metadataOf(page)).toEqual(metadataOf(command));
    expect(await parquetReadObjects({ file: page })).toEqual(await parquetReadObjects({ file: command }));
    const columns = (file: ArrayBuffer) =>
      parquetMetadata(file).schema.map((column) => [column.name, column.type]);
    expect(columns(page)).toEqual(columns(command));
  }
});

test("folders that older versions wrote still open", async () => {
  const old = new URL("../../experiments/results/figure-2", import.meta.url).pathname;
  const metadata = parquetMetadata(bufferOf(join(old, "history.parquet")));
  // Written before tables said anything of themselves; if it is written anew, this test needs another.
  expect(metadata.schema.find(({ name }) => name === "epoch")!.type).toBe("DOUBLE");
  const { manifest, history } = await readResults(old);
  expect(manifest.date).toBeUndefined();
  expect(history.rows).toBe(Number(metadata.num_rows));
});

for (const [outputs, shape] of [
  [1, [2]],
  [3, [2, 3]],
] as const)
  test(`outputs of ${outputs} have ${shape.length === 1 ? "no" : "an"} axis for them, and are read again`, async () => {
    const folder = temporaryFolder();
    const experiment = experimentOf({ swept: [{ "init.alpha": 1 }], quantities: ["loss"] });
    const [run] = experiment.runs;
    const own = {
      ...experiment,
      runs: [{ ...run, record: { ...run.record, arrays: ["outputs" as const] } }],
    };
    const writer = new ResultsWriter(folder, own, origin);
    const data = Float32Array.from({ length: 2 * outputs }, (_, k) => k + 1);
    const block = blockOf([0], 0, { loss: () => 1 });
    writer.record({ ...block, arrays: { outputs: { shape: [...shape], data } } });
    writer.end({
      runs: Uint32Array.of(0),
      status: ["finished"],
      epochs: Float64Array.of(0),
      time: Float64Array.of(0),
      arrays: {},
    });
    writer.finish({ status: "finished", seconds: 1, kernels: {} });
    const { arrays } = await readResults(folder);
    expect(arrays.outputs!.shape.slice(2)).toEqual([...shape]);
    expect([...arrays.outputs!.data.subarray(0, 2 * outputs)]).toEqual([...data]);
    const { axes } = JSON.parse(readFileSync(join(folder, "arrays", "outputs.json"), "utf8")) as {
      axes: { name: string; size: number }[];
    };
    expect(axes.slice(2).map(({ name, size }) => [name, size])).toEqual([
      ["training samples", 2],
      ...(outputs > 1 ? [["outputs", 3]] : []),
    ]);
  });
