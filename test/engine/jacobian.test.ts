import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { fitPowerLaw } from "../../src/results/power-law.ts";
import { trained, worstError } from "./experiment.ts";
import { reluRows } from "./relu.ts";

const patterns = { kind: "patterns", samples: 6, size: 5, noise: 0.5, seed: 2 };
const layers = [
  { conv: 3, size: 3, padding: 1 },
  { pool: "max", size: 2 },
  { conv: 2, size: 2 },
  { dense: 4 },
];
/** Differences of outputs are known beside the largest of them. */
const toLargest = ["function_distance", "loss", "linear_loss"];
const ALPHAS = [1e-2, 0.1, 1, 10, 100];

async function compare(document: Record<string, Json>, quantities: string[]) {
  const { experiment, rows } = await trained({
    data: patterns,
    model: { kind: "relu", layers },
    ...document,
    record: { every: 10, quantities, ...(document.record as object) },
  });
  experiment.runs.forEach((run, index) => {
    const expected = reluRows(run, new Map());
    for (const name of quantities)
      expect(
        worstError(rows[index], expected, name, toLargest.includes(name)),
        `${name} at alpha ${run.init.alpha}`,
      ).toBeLessThan(1e-3);
  });
  return rows.map((own) => own.at(-1)!);
}

const turning = ["gradient_distance", "layer_activation_stability", "activation_stability", "ntk_drift"];

test("gradient distances are those of explicit Jacobians, from weights of 1e-2 to 1e2", async () => {
  // Steps at which kernels of alpha^6 move.
  const values = ALPHAS.map((alpha) => [alpha, 0.02 * Math.min(alpha ** -2, alpha ** -6)]);
  await compare(
    {
      init: { shape: "he", seed: 3 },
      train: { stepSize: 1, epochs: 20 },
      sweep: [{ paths: ["init.alpha", "train.stepSize"], values }],
    },
    turning,
  );
});

test("at large output scales a convolutional network is its linearization: distances fall like powers", async () => {
  const alphas = [1e-2, 0.1, 1, 10, 21.5, 46.4, 100];
  const distances = ["function_distance", "linear_distance", "weight_distance"];
  const ends = await compare(
    {
      init: { shape: "he", seed: 3, scaling: "output", subtract: true },
      train: { stepSize: 1, epochs: 20 },
      // Below alpha = 1 the outputs do not move the slopes.
      sweep: [
        {
          paths: ["init.alpha", "train.stepSize"],
          values: alphas.map((alpha) => [alpha, 0.02 * Math.min(1, alpha)]),
        },
      ],
    },
    [...turning, ...distances, "loss", "linear_loss"],
  );
  // |f(w) - f(0)| moves as much as the targets ask for, so f's distance from its linearization falls by as much as weights move.
  for (const [name, power] of [
    ["function_distance", -1],
    ["weight_distance", -1],
    ["ntk_drift", -1],
  ] as const) {
    const points = ends.slice(3).map((end, k) => ({ x: alphas[k + 3], y: end[name] }));
    expect(Math.abs(fitPowerLaw(points)!.slope - power), name).toBeLessThan(0.1);
  }
  expect(ends.at(-1)!.function_distance).toBeLessThan(0.02 * ends[2].function_distance);
  // It counts units that change their sign, which fall as 1 / alpha, until there are none, and adds squares of changes.
  expect(Math.log10(ends[6].gradient_distance / ends[3].gradient_distance)).toBeLessThan(-0.9);
});

test("gradients of three classes by two copies and by minibatches turn as in float64", async () => {
  await compare(
    {
      data: { ...patterns, classes: 3, standardize: true },
      model: { kind: "relu", layers, unbiased: true },
      init: { shape: "xavier", seed: 5 },
      train: { stepSize: 0.1, epochs: 20, batchSize: 4 },
      record: { kernelOutputs: "full" },
    },
    [...turning, "ntk_eigenvalue_outputs", "ntk_eigenvalue_beyond", "ntk_spectral_gap"],
  );
});

test("so do those of dense networks of every depth, and of linear ones", async () => {
  for (const model of [
    { kind: "relu", widths: [7] },
    { kind: "relu", widths: [5, 6, 4] },
    { kind: "linear", widths: [] },
    { kind: "linear", widths: [3, 4] },
  ])
    await compare(
      { model, init: { shape: "he", seed: 3 }, train: { stepSize: 0.01, epochs: 20 } },
      model.kind === "relu" ? turning : ["gradient_distance"],
    );
});
