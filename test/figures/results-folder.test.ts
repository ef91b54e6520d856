import { ByteWriter, parquetWrite } from "hyparquet-writer";
import { expect, test } from "vitest";
import { npyHeader } from "../../src/data/npy.ts";
import type { Table } from "../../src/document/table.ts";
import { readArray, readTables } from "../../viewer/app/read-folder.ts";
import { chosenFolder, holdsResults } from "../../viewer/app/results-folder.ts";
import { trained } from "./samples/samples.ts";

const sample = trained("alpha-sweep");

function parquet({ columns }: Table): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: Object.entries(columns).map(([name, column]) => ({
      name,
      data: Array.from(column as ArrayLike<number | string>),
      type: column instanceof Int32Array ? "INT32" : column instanceof Float64Array ? "DOUBLE" : "STRING",
    })),
  });
  return new Uint8Array(writer.getBytes());
}

const npy = (shape: number[], data: Float32Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array([
    ...npyHeader(shape, "f4"),
    ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);

const { shape, data } = sample.arrays.ntk!;
const whole: Record<string, BlobPart> = {
  "manifest.json": JSON.stringify(sample.manifest),
  "runs.parquet": parquet(sample.runs),
  "history.parquet": parquet(sample.history),
  "arrays/ntk.npy": npy(shape, data),
};

/** Files as a browser gives them for a chosen folder. */
function files(contents: Record<string, BlobPart>, folder = "results/"): File[] {
  return Object.entries(contents).map(([path, content]) => {
    const file = new File([content], path.split("/").at(-1)!);
    Object.defineProperty(file, "webkitRelativePath", { value: folder + path });
    return file;
  });
}

test("a chosen folder is read, also where it lies deeper", async () => {
  for (const folder of ["results/", "home/results/alpha-sweep/"]) {
    const chosen = chosenFolder(files(whole, folder));
    expect(await holdsResults(chosen)).toBe(true);
    const results = await readTables(chosen);
    expect(results.manifest).toEqual(sample.manifest);
    expect(Array.from(results.runs.columns.status)).toEqual(Array.from(sample.runs.columns.status));
    expect(Array.from(results.history.columns.loss)).toEqual(Array.from(sample.history.columns.loss));
    expect(await readArray(chosen, "ntk", results.runs.rows)).toEqual({ shape, data });
  }
});

test("a folder without kernels has none, and a server without results has none", async () => {
  const { "arrays/ntk.npy": _, ...tables } = whole;
  expect(await readArray(chosenFolder(files(tables)), "ntk", 5)).toBeUndefined();
  expect(await holdsResults(chosenFolder(files({ "manifest.json": "null\n" })))).toBe(false);
});

test.each([
  ["no manifest", { "runs.parquet": "" }, "it holds no results"],
  ["a manifest that is no JSON", { ...whole, "manifest.json": "{" }, "manifest.json is not JSON"],
  [
    "a manifest in Latin-1",
    { ...whole, "manifest.json": Uint8Array.of(0x22, 0xe9, 0x22) },
    "is not UTF-8 text",
  ],
  [
    "a manifest of another format",
    { ...whole, "manifest.json": '{"format":7}' },
    "manifest.json has format 7",
  ],
  ["half a manifest", { ...whole, "manifest.json": '{"format":1}' }, "is no manifest"],
  ["a damaged table", { ...whole, "runs.parquet": "PAR1 no" }, "runs.parquet"],
  [
    "no history",
    { "manifest.json": whole["manifest.json"], "runs.parquet": whole["runs.parquet"] },
    "there is no history.parquet",
  ],
])("%s is told in one line", async (_, contents, problem) => {
  const reading = (async () => readTables(chosenFolder(files(contents))))();
  await expect(reading).rejects.toThrow(problem);
});

test("arrays of another shape are refused, predictors of the right one are read", async () => {
  const ntk = chosenFolder(files({ ...whole, "arrays/ntk.npy": npy([5, 2, 3, 4], new Float32Array(120)) }));
  await expect(readArray(ntk, "ntk", 5)).rejects.toThrow("has shape [5, 2, 3, 4]");
  const beta = Float32Array.from({ length: 15 }, (_, k) => k);
  const folder = chosenFolder(files({ ...whole, "arrays/predictor.npy": npy([5, 3], beta) }));
  expect(await readArray(folder, "predictor", 5)).toEqual({ shape: [5, 3], data: beta });
  await expect(readArray(folder, "predictor", 4)).rejects.toThrow("it needs [4 runs, inputs] in float32");
});
