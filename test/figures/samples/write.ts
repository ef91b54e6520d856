/**
 * Trains the committed samples anew (the thesis's data, seed 500):
 *
 *     node -e "import('vite').then((vite) => vite.runnerImport('./test/figures/samples/write.ts'))"
 */

import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import { readNpy } from "../../../src/data/npy.ts";
import { recordEpochs } from "../../../src/document/record-epochs.ts";
import { packResults } from "../../../viewer/report/payload.ts";
import { type SampleOptions, trainSample } from "./train.ts";

const data = "experiments/data";
const read = async (name: string) => {
  const file = `${data}/seed500-${name}.npy`;
  return readNpy(await readFile(file), file);
};
const X = await read("inputs");
const [samples, inputs] = X.shape;
const problem = {
  inputs: Array.from({ length: samples }, (_, k) => [...X.values.subarray(k * inputs, (k + 1) * inputs)]),
  targets: [...(await read("targets")).values],
};

const experiments: SampleOptions[] = [
  {
    name: "alpha-sweep",
    runs: [0.05, 0.1, 0.5, 1, 5].map((alpha) => ({ alpha, stepSize: 1e-3 })),
    epochs: 10_000,
    recorded: [...recordEpochs({ log: 28 }, 10_000)],
    kernels: true,
  },
  {
    name: "kernel-regime",
    runs: [0.5, 1, 2, 4, 8, 16, 32, 64].map((alpha) => ({ alpha, stepSize: 4e-3 / alpha ** 2 })),
    epochs: 6_000,
    recorded: [...recordEpochs({ log: 20 }, 6_000)],
    kernels: false,
  },
  {
    name: "one-diverges",
    runs: [0.1, 1, 5, 8].map((alpha) => ({ alpha, stepSize: 1e-3 })),
    epochs: 1_500,
    recorded: [...recordEpochs(30, 1_500)],
    stopLoss: 1e-4,
    kernels: false,
  },
];
for (const options of experiments) {
  const payload = packResults(trainSample(problem, options), {
    history: Infinity,
    ntk: Infinity,
    predictor: Infinity,
    records: 0,
  });
  const text = await format(JSON.stringify(payload), { parser: "json", printWidth: 110 });
  await writeFile(new URL(`${options.name}.json`, import.meta.url), text);
}
