import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { referenceRows, seed500, seed500Files, trained, worstError } from "./experiment.ts";

const f = Math.fround;
const steps = 77;

/** Trains w+ and w- themselves in float32 (D = 2), and measures them in float64. */
function plainTraining({ samples: N, inputs: n, X, y }: Dataset, alpha: number, stepSize: number) {
  const plus = new Float32Array(n).fill(alpha);
  const minus = new Float32Array(n).fill(alpha);
  for (let step = 0; step < steps; step++) {
    const g = new Float32Array(n);
    for (let j = 0; j < N; j++) {
      let r = -f(y[j]);
      for (let i = 0; i < n; i++) r = f(r + f(f(X[j * n + i]) * f(f(plus[i] ** 2) - f(minus[i] ** 2))));
      for (let i = 0; i < n; i++) g[i] = f(g[i] + f(f(X[j * n + i]) * r));
    }
    for (let i = 0; i < n; i++) {
      const change = f(f((4 * stepSize) / N) * g[i]);
      plus[i] = f(plus[i] - f(change * plus[i]));
      minus[i] = f(minus[i] + f(change * minus[i]));
    }
  }
  let change = 0;
  let start = 0;
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      let K = 0;
      let K0 = 0;
      for (let k = 0; k < n; k++) {
        const product = f(X[i * n + k]) * f(X[j * n + k]);
        K = f(K + f(4 * f(f(plus[k] ** 2) + f(minus[k] ** 2)) * product));
        K0 = f(K0 + f(8 * alpha * alpha * product));
      }
      change += (K - K0) ** 2;
      start += K0 ** 2;
    }
  const moved = [...plus, ...minus].map((value) => value - alpha);
  return { weight_distance: Math.hypot(...moved), ntk_drift: Math.sqrt(change / start) };
}

test("plain float32 weights lose the drift at alpha = 10 and everything at 1000; the engine loses neither", async () => {
  const files = await seed500Files();
  const values = [
    [10, 1e-4],
    [1000, 1e-8],
  ];
  const quantities = ["weight_distance", "ntk_drift"];
  const { rows, experiment } = await trained(
    {
      data: seed500,
      model: { kind: "diagonal" },
      train: { epochs: steps },
      record: { every: steps, quantities },
      sweep: [{ paths: ["init.alpha", "train.stepSize"], values }],
    },
    files,
  );
  const errors = values.map(([alpha, stepSize], run) => {
    const expected = referenceRows(experiment.runs[run], files);
    for (const name of quantities) expect(worstError(rows[run], expected, name)).toBeLessThan(1e-5);
    const plain = plainTraining(loadDataset(seed500 as never, files), alpha, stepSize);
    return {
      distance: Math.abs(plain.weight_distance / expected.at(-1)!.weight_distance - 1),
      drift: Math.abs(plain.ntk_drift / expected.at(-1)!.ntk_drift - 1),
    };
  });
  expect(errors[0].drift).toBeGreaterThan(0.01);
  expect(errors[1].distance).toBeGreaterThan(0.01);
  expect(errors[1].drift).toBeGreaterThan(0.5);
});
