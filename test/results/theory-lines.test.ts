import { readFileSync } from "node:fs";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { theoryLines } from "../../src/results/theory-lines.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { decayedAlpha, networkKernel, stepEdges } from "../../src/theory/index.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";

const files = new Map(
  ["inputs", "targets"].map((name) => [
    `${name}.npy`,
    new Uint8Array(readFileSync(new URL(`../../experiments/data/seed500-${name}.npy`, import.meta.url))),
  ]),
);
const data = { kind: "file", inputs: "inputs.npy", targets: "targets.npy" };
const membersOf = (document: Record<string, Json>) =>
  loadRuns(readExperiment({ name: "lines", record: { arrays: [] }, ...document }, "lines").runs, files);
const linesOf = async (document: Record<string, Json>) => theoryLines(await membersOf(document));

const steps = { path: "train.stepSize", values: [1e-3, 1e-2] };
const alphas = { path: "init.alpha", values: [0.1, 1] };
const plane = {
  data,
  model: { kind: "diagonal", depth: 2 },
  train: { epochs: 1000, stopLoss: 1e-3 },
  sweep: [alphas, steps],
};

test("the plane of alpha and step size has its edges, and the least step within the epochs, of data from files", async () => {
  const [start, end, budget] = await linesOf(plane);
  const dataset = loadDataset(data as never, files);
  for (const [k, alpha] of [0.1, 1].entries()) {
    const edges = stepEdges(dataset, { depth: 2, alpha });
    expect(start.points[k]).toEqual([edges.start, alpha]);
    expect(end.points[k]).toEqual([edges.end, alpha]);
  }
  expect([start.x, start.y]).toEqual(["train.stepSize", "init.alpha"]);
  expect(budget.points.every(([step]) => step > 1e-5 && step < 1e-2)).toBe(true);
});

test("of ReLU networks the plane has the edge at the start, which falls like alpha^-(2D-2)", async () => {
  for (const widths of [[6], [6, 5]]) {
    const members = await membersOf({
      ...plane,
      model: { kind: "relu", widths, unbiased: true },
      init: { shape: "he" },
    });
    const lines = await theoryLines(members);
    expect(lines.map(({ label }) => label)).toEqual(["edge at the start, N / λ₁(K(0))"]);
    const [[small, low], [large, high]] = lines[0].points;
    expect([low, high]).toEqual([0.1, 1]);
    expect(Math.log10(large / small)).toBeCloseTo(-2 * widths.length, 10);
    const { w0, dataset } = members[0];
    const kernel = networkKernel({ widths, weights: w0 }, dataset.inputs, dataset.X);
    const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(10, 10, kernel), {
      assumeSymmetric: true,
    });
    // Both copies have this kernel; power iteration stays below its eigenvalue.
    expect((large * 2 * Math.max(...realEigenvalues)) / 10).toBeCloseTo(1, 3);
  }
});

test("over time and alpha, lines are of one decayed alpha; noise, of one effective alpha", async () => {
  const clock = await linesOf({
    ...plane,
    loss: { l2: 0.01 },
    train: { method: "gradient-flow" },
    sweep: [alphas, { path: "train.time", values: [10, 200] }],
  });
  for (const { label, points } of clock) {
    const level = Number(label.split(" = ")[1]);
    for (const [time, alpha] of points) expect(decayedAlpha(alpha, 0.01, time) / level).toBeCloseTo(1, 10);
  }
  const noise = await linesOf({
    ...plane,
    train: { stepSize: 1e-3, epochs: 100 },
    sweep: [alphas, { path: "train.labelNoise", values: [1, 1000] }],
  });
  expect(noise.some(({ points }) => points.length > 0)).toBe(true);
});

test("nothing is said where theory knows nothing", async () => {
  for (const document of [
    { ...plane, train: { ...plane.train, stepSize: 1e-3 }, sweep: [alphas] },
    { ...plane, train: { ...plane.train, batchSize: 2 } },
    { ...plane, model: { kind: "relu", widths: [3] }, init: { shape: "he", scaling: "output" } },
    {
      ...plane,
      model: { kind: "relu", widths: [3] },
      init: { shape: "he" },
      sweep: [alphas, steps, { path: "init.seed", values: [1, 2] }],
    },
    { ...plane, init: { scaling: "output" } },
    {
      ...plane,
      data: { kind: "linear-uniform", samples: 5, dimension: 8 },
      sweep: [alphas, steps, { path: "data.seed", values: [1, 2] }],
    },
  ])
    expect(await linesOf(document as never)).toEqual([]);
});
