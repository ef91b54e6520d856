import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { InfeasibleError, maximumL1Margin, maximumL2Margin } from "../../src/theory/index.ts";

const signs = (samples: number, dimension: number, seed: number) =>
  loadDataset({ kind: "majority-signs", samples, dimension, sparsity: 3, seed, testSamples: 0 }, new Map());

const products = ({ X, y, inputs }: ReturnType<typeof signs>, beta: Float64Array) =>
  Array.from(y, (label, j) => label * beta.reduce((sum, value, i) => sum + value * X[j * inputs + i], 0));

test.each([
  [12, 20, 1],
  [30, 20, 2],
  [40, 30, 3],
])(
  "largest margins are met by all samples, and no small change is better: N = %i, n = %i",
  async (N, n, seed) => {
    const data = signs(N, n, seed);
    for (const [norm, found] of [
      [
        (beta: Float64Array) => beta.reduce((sum, value) => sum + Math.abs(value), 0),
        await maximumL1Margin(data),
      ],
      [(beta: Float64Array) => Math.hypot(...beta), maximumL2Margin(data)],
    ] as const) {
      const { beta, margin } = found;
      expect(Math.min(...products(data, beta))).toBeCloseTo(1, 8);
      expect(margin).toBeCloseTo(1 / norm(beta), 10);
      for (let k = 0; k < 200; k++) {
        const moved = beta.map((value, i) => value + 0.01 * Math.sin(1 + 7 * k + 3 * i * (k + 1)));
        expect(Math.min(...products(data, moved)) / norm(moved)).toBeLessThan(margin * (1 + 1e-9));
      }
    }
  },
);

test("two samples in a plane: the margins by hand", async () => {
  const system = { samples: 2, inputs: 2, X: Float64Array.of(2, 1, -1, -2), y: Float64Array.of(1, -1) };
  // (2, 1) and (1, 2): |beta|_2 is least at (1/3, 1/3), where both have 1.
  expect([...maximumL2Margin(system).beta].map((value) => value.toFixed(9))).toEqual([
    "0.333333333",
    "0.333333333",
  ]);
  expect((await maximumL1Margin(system)).margin).toBeCloseTo(1.5, 9);
});

test("samples that no predictor separates are refused", async () => {
  const system = { samples: 2, inputs: 1, X: Float64Array.of(1, 1), y: Float64Array.of(1, -1) };
  expect(() => maximumL2Margin(system)).toThrow(InfeasibleError);
  await expect(maximumL1Margin(system)).rejects.toThrow(InfeasibleError);
});
