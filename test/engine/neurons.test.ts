/** Hidden units and outputs that records leave, against one another and against the weights at the end. */
import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { trained } from "./experiment.ts";

const teacher = { kind: "teacher", samples: 7, dimension: 3, widths: [2], testSamples: 5, seed: 3 };

const run = (own: Record<string, Json>) =>
  trained({
    data: teacher,
    init: { shape: "he", alpha: 0.7 },
    train: { stepSize: 0.05, epochs: 20 },
    record: {
      every: 10,
      quantities: ["loss", "test_loss"],
      arrays: ["neurons", "outputs", "function", "weights"],
    },
    ...own,
  });

for (const [title, own, copies] of [
  ["one network", { model: { kind: "relu", widths: [4] } }, 1],
  ["a pair of networks", { model: { kind: "relu", widths: [4], unbiased: true } }, 2],
  ["a linear network", { model: { kind: "linear", widths: [4] } }, 1],
] as [string, Record<string, Json>, number][])
  test(`${title}: outputs are those of the hidden units, at every record and on both sets`, async () => {
    const { neurons, outputs, functions, weights, rows, experiment } = await run(own);
    const { inputs, X, y, testX, testY } = loadDataset(experiment.runs[0].data, new Map());
    const rectify = (value: number) => (title === "a linear network" ? value : Math.max(0, value));
    expect(neurons[0]).toHaveLength(3);
    neurons[0].forEach((units, record) => {
      expect(units).toHaveLength(copies * 4 * (inputs + 1));
      const f = (x: Float64Array) => {
        let sum = 0;
        for (let j = 0; j < copies * 4; j++) {
          const own = units.subarray(j * (inputs + 1), (j + 1) * (inputs + 1));
          sum += own[inputs] * rectify(x.reduce((dot, value, i) => dot + own[i] * value, 0));
        }
        return sum;
      };
      for (const [all, made, targets, loss] of [
        [X, outputs[0][record], y, rows[0][record].loss],
        [testX, functions[0][record], testY, rows[0][record].test_loss],
      ] as const) {
        const expected = Array.from(targets, (_, i) => f(all.subarray(i * inputs, (i + 1) * inputs)));
        // Sums of a few float32 numbers of order 1.
        expected.forEach((value, i) => expect(Math.abs(made[i] - value)).toBeLessThan(3e-6));
        const mean = targets.reduce((sum, target, i) => sum + (made[i] - target) ** 2, 0) / targets.length;
        expect(loss / mean).toBeCloseTo(1, 4);
      }
    });
    // Copies in order: b row by row, then a, which the second copy takes off.
    const [width, last] = [4, neurons[0].at(-1)!];
    for (let copy = 0; copy < copies; copy++)
      for (let j = 0; j < width; j++) {
        const own = weights[0].subarray(copy * width * (inputs + 1), (copy + 1) * width * (inputs + 1));
        const unit = last.subarray((copy * width + j) * (inputs + 1), (copy * width + j + 1) * (inputs + 1));
        const expected = [
          ...own.subarray(j * inputs, (j + 1) * inputs),
          (copy === 0 ? 1 : -1) * own[width * inputs + j],
        ];
        // Weights at the end are rounded from w(0) and the displacement; a record's are float32's sum of both.
        expected.forEach((value, k) => expect(Math.abs(unit[k] - value)).toBeLessThan(2 ** -22));
      }
  });

test("outputs of a diagonal network, and no neurons of it or of a deep one", async () => {
  const { outputs, functions, predictors, experiment } = await run({
    data: { kind: "linear-uniform", samples: 4, dimension: 5, testSamples: 3 },
    model: { kind: "diagonal" },
    init: { alpha: 0.5 },
    record: { every: 10, quantities: ["loss"], arrays: ["outputs", "function", "predictor"] },
  });
  const { inputs, X, testX } = loadDataset(experiment.runs[0].data, new Map());
  for (const [all, made] of [
    [X, outputs[0].at(-1)!],
    [testX, functions[0].at(-1)!],
  ] as const)
    made.forEach((value, i) =>
      expect(value).toBeCloseTo(
        all.subarray(i * inputs, (i + 1) * inputs).reduce((sum, x, k) => sum + x * predictors[0][k], 0),
        5,
      ),
    );
  await expect(run({ model: { kind: "diagonal" }, init: { shape: "ones" } })).rejects.toThrow(
    "single hidden layer",
  );
  await expect(run({ model: { kind: "relu", widths: [3, 3] } })).rejects.toThrow("single hidden layer");
});
