/** What ends a run, in the browser and without one: the same rows, whatever implementation of WebGPU computes them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { npyHeader } from "../../src/data/npy.ts";
import { readResults } from "../../src/results/read.ts";
import { alphasweep, softwareVulkan, temporaryFolder } from "./command.ts";

const runtimes = [
  ["chrome", () => Promise.resolve({})],
  ["node", softwareVulkan],
] as const;

const table = (rows: number[][]): string =>
  [[...rows[0].slice(1).map((_, i) => `x${i}`), "y"], ...rows].map((row) => `${row.join()}\n`).join("");

const cases = [
  {
    // In float64 every run passes through infinity to NaN in epoch 5, and its loss never comes below .49.
    title: "a ReLU network of infinite weights has diverged, not converged",
    rows: [
      [0.3, 0.8, 0.9],
      [0.3, -1.3, 0.4],
    ],
    document: {
      model: { kind: "relu", widths: [2] },
      init: { shape: { file: "w0.npy" } },
      train: { stepSize: 5, epochs: 20, stopLoss: 0.49 },
      record: { every: 4, quantities: ["loss", "ntk_drift"], arrays: ["ntk"] },
    },
    status: "diverged",
    finite: false,
  },
  {
    title: "a run that stops where it is recorded has one row of each epoch",
    rows: [[1, 1]],
    document: {
      model: { kind: "diagonal", depth: 2 },
      train: { stepSize: 0.01, epochs: 60, stopLoss: 0.1 },
      record: { every: 1, quantities: ["loss"], arrays: ["ntk"] },
    },
    status: "converged",
    finite: true,
  },
];

for (const { title, rows, document, status, finite } of cases)
  for (const [runtime, environment] of runtimes)
    test(`${title}: --runtime ${runtime}`, async () => {
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, "train.csv"), table(rows));
      const w0 = Float64Array.of(-0.5, 0.6, 0.4, 0.3, 0, 0.5);
      writeFileSync(
        join(cwd, "w0.npy"),
        Buffer.concat([npyHeader([w0.length], "f8"), Buffer.from(w0.buffer)]),
      );
      writeFileSync(
        join(cwd, "own.json"),
        JSON.stringify({ data: { kind: "file", train: "train.csv" }, ...document }),
      );
      const parameters = [
        "run",
        "own.json",
        "--runtime",
        runtime,
        "--adapter",
        "software",
        "--tuning",
        "off",
      ];
      const { code } = await alphasweep([...parameters, "--out", "out"], { cwd, env: await environment() });
      expect(code).toBe(0);
      const { runs, history, arrays } = await readResults(join(cwd, "out"));
      expect(runs.columns.status).toEqual([status]);
      const epochs = Array.from(history.columns.epoch as Float64Array);
      expect(epochs).toEqual([...new Set(epochs)]);
      expect(epochs.at(-1)).toBe((runs.columns.epochs as Float64Array)[0]);
      for (const name of document.record.quantities)
        expect(Number.isFinite((history.columns[name] as Float64Array).at(-1)), name).toBe(finite);
      const [, records, samples] = arrays.ntk!.shape;
      const kernels = Array.from({ length: records }, (_, record) =>
        Number.isFinite(arrays.ntk!.data[record * samples ** 2]),
      );
      expect(kernels.filter(Boolean).length).toBe(finite ? epochs.length : epochs.length - 1);
    });
