import { expect, test } from "vitest";
import { parseExperiment } from "../../src/document/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { documentOf, type Guard, judge, type Sample, sampleOf } from "../../src/guard/guard.ts";
import { trained } from "./experiment.ts";

const data = { kind: "linear-uniform", samples: 12, dimension: 9, seed: 3 };
const signs = { kind: "sparse-signs", samples: 12, dimension: 9, seed: 3 };
const diagonal = (depth: number) => ({ kind: "diagonal", depth });
const relu = (...widths: number[]) => ({ kind: "relu", widths });

/** Everything that changes what a step computes. */
const documents: [string, Record<string, Json>][] = [
  ["two layers", { data, model: diagonal(2), train: { stepSize: 0.01, epochs: 50 } }],
  ["one layer", { data, model: diagonal(1), train: { stepSize: 0.01, epochs: 50 } }],
  ["five layers", { data, model: diagonal(5), train: { stepSize: 1e-3, epochs: 50 } }],
  [
    "alpha = 1000",
    { data, model: diagonal(2), init: { alpha: 1000 }, train: { stepSize: 1e-8, epochs: 50 } },
  ],
  [
    "alpha = 0.001",
    { data, model: diagonal(2), init: { alpha: 1e-3 }, train: { stepSize: 0.02, epochs: 50 } },
  ],
  [
    "different weights, a penalty, minibatches",
    {
      data: { ...data, noise: 0.1 },
      model: diagonal(3),
      init: { shape: { std: 0.5 } },
      loss: { l2: 1e-3 },
      train: { stepSize: 1e-3, epochs: 30, batchSize: 5 },
    },
  ],
  [
    "scaled output, a sum",
    {
      data,
      model: diagonal(2),
      init: { alpha: 30, scaling: "output" },
      loss: { reduction: "sum" },
      train: { stepSize: 2e-3, epochs: 50 },
    },
  ],
  [
    "one hidden layer",
    { data, model: relu(6), init: { shape: "he" }, train: { stepSize: 0.01, epochs: 50 } },
  ],
  [
    "two hidden layers, unbiased",
    {
      data,
      model: { ...relu(5, 4), unbiased: true },
      init: { shape: "he" },
      train: { stepSize: 0.005, epochs: 50 },
    },
  ],
  [
    "three hidden layers, minibatches",
    {
      data,
      model: relu(5, 4, 3),
      init: { shape: "he" },
      train: { stepSize: 0.002, epochs: 20, batchSize: 5 },
    },
  ],
  [
    "logistic loss, a penalty",
    {
      data: signs,
      model: relu(6),
      init: { shape: "he", alpha: 0.5 },
      loss: { kind: "logistic", l2: 1e-3 },
      train: { stepSize: 0.05, epochs: 50 },
    },
  ],
  [
    "scaled output, less its start",
    {
      data,
      model: relu(6),
      init: { shape: "he", alpha: 10, scaling: "output", subtract: true },
      train: { stepSize: 0.01, epochs: 50 },
    },
  ],
];

const read = (document: Record<string, Json>) =>
  parseExperiment(JSON.stringify({ name: "guarded", ...document }), "test.json");

const sampled = async (document: Record<string, Json>): Promise<Sample> => {
  const found = await sampleOf(read(document), new Map());
  if (!("expected" in found)) throw new Error(JSON.stringify(found));
  return found;
};

/** What the GPU makes of a sampled run, its step size changed by a factor. */
async function guarded(sample: Sample, factor = 1): Promise<Extract<Guard, { bound: number }>> {
  const document = documentOf(sample) as { train: { stepSize: number } };
  document.train = { ...document.train, stepSize: factor * document.train.stepSize };
  const { weights, predictors } = await trained(document as unknown as Record<string, Json>);
  const guard = judge(sample, (sample.compared === "weights" ? weights : predictors)[0]!);
  if (!("bound" in guard)) throw new Error(guard.omitted);
  return guard;
}

for (const [name, document] of documents)
  test(`${name}: float32 stays within its bound, and a step size off by a hundredth does not`, async () => {
    const sample = await sampled({ record: { quantities: ["loss"] }, ...document });
    const guard = await guarded(sample);
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    const spoiled = await guarded(sample, 1.01);
    expect(spoiled.gap).toBeGreaterThan(spoiled.bound);
  });

test("flows and epochs too long are named as not guarded", async () => {
  const omitted = async (document: Record<string, Json>) => {
    const guard = await sampleOf(read(document), new Map());
    return "omitted" in guard ? guard.omitted : "";
  };
  const model = diagonal(2);
  const train = { stepSize: 0.01, epochs: 50 };
  const flow = { method: "gradient-flow", time: 1 };
  expect(await omitted({ data, model, train: flow })).toMatch(/^a flow chooses its own steps; /);
  // Its bounds of first order would blame the adapter for what rounding alone does to a run that explodes.
  expect(await omitted({ data, model: diagonal(3), train: { stepSize: 3, epochs: 2000 } })).toMatch(
    /^its step size is past the stability limit: /,
  );
  const large = { ...data, samples: 2000, dimension: 500 };
  expect(await omitted({ data: large, model: relu(200), init: { shape: "he" }, train })).toMatch(
    /^an epoch in float64 takes \de\+\d+ operations; /,
  );
});

test("the run is chosen by the document, and not one that is predicted to diverge", async () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);
  const samples = seeds.map((seed) =>
    sampled({
      data: { ...data, seed },
      model: diagonal(2),
      train: { stepSize: 0.005, epochs: 5 },
      sweep: [{ path: "init.alpha", values: [0.1, 1e3, 1, 1e4, 0.5] }],
    }),
  );
  const runs = (await Promise.all(samples)).map(({ run }) => run.index);
  expect([...new Set(runs)].sort()).toEqual([0, 2, 4]);
});
