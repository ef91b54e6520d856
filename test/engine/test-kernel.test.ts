import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { npyFile, trained } from "./experiment.ts";

const scaled: [string, Record<string, Json>][] = [
  ["depth 2", { model: { kind: "diagonal", depth: 2 } }],
  [
    "depth 3, copies that start apart",
    { model: { kind: "diagonal", depth: 3 }, init: { shape: { file: "w0.npy" } } },
  ],
  ["output scaling", { model: { kind: "diagonal", depth: 3 }, init: { scaling: "output" } }],
];

for (const [name, part] of scaled)
  test(`diagonal networks' kernels between test and training inputs are those of their weights: ${name}`, async () => {
    const { experiment, testKernels, weights } = await trained(
      {
        data: { kind: "linear-uniform", samples: 7, dimension: 8, testSamples: 6 },
        train: { stepSize: 1e-4, epochs: 40 },
        record: { every: 40, quantities: ["loss"], arrays: ["test_ntk", "weights"] },
        sweep: [
          { path: "init.alpha", values: [0.3, 1, 3] },
          { path: "data.seed", values: [1, 2] },
        ],
        ...part,
      },
      new Map([["w0.npy", npyFile(Float64Array.from({ length: 16 }, (_, k) => 0.5 + (k % 5) / 5))]]),
    );
    experiment.runs.forEach(({ data, init, model }, index) => {
      const { X, testX, samples: N, testSamples, inputs: n } = loadDataset(data, new Map());
      const { depth: D } = model as { depth: number };
      const A = init.scaling === "output" ? init.alpha : 1;
      const w = weights[index];
      const end = testKernels[index].at(-1)!;
      expect(end.length).toBe(testSamples * N);
      const expected = Float64Array.from({ length: testSamples * N }, (_, entry) => {
        let sum = 0;
        for (let i = 0; i < n; i++)
          sum +=
            (A * D) ** 2 *
            testX[Math.floor(entry / N) * n + i] *
            (w[i] ** (2 * D - 2) + w[n + i] ** (2 * D - 2)) *
            X[(entry % N) * n + i];
        return sum;
      });
      const largest = Math.max(...expected.map(Math.abs));
      expected.forEach((value, entry) => expect(Math.abs(end[entry] - value)).toBeLessThan(1e-5 * largest));
    });
  });
