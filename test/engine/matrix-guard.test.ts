/** What guards runs of matrix models: float32 within its derived bound, and a wrong step outside of it. */
import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { type Guard, guardOf } from "../../src/guard/guard.ts";
import { trained } from "./experiment.ts";

const completion = { kind: "matrix-completion", rows: 6, columns: 5, rank: 1, observed: 18, seed: 3 };
const square = { ...completion, columns: 6, symmetric: true };
const sensing = { kind: "matrix-sensing", rows: 6, columns: 5, rank: 1, measurements: 13, seed: 3 };
const init = { shape: { std: 0.4 } };
const train = { stepSize: 0.1, epochs: 50 };

const documents: [string, Record<string, Json>][] = [
  ["two factors", { data: completion, model: { kind: "matrix" }, init, train }],
  ["four factors", { data: completion, model: { kind: "matrix", factors: 4 }, init, train }],
  [
    "three factors of two copies, alpha = 100",
    {
      data: completion,
      model: { kind: "matrix", factors: 3, unbiased: true },
      init: { shape: "identity", alpha: 100 },
      train: { stepSize: 2e-10, epochs: 50 },
    },
  ],
  [
    "two factors of two copies, alpha = 0.01",
    {
      data: completion,
      model: { kind: "matrix", unbiased: true },
      init: { shape: "identity", alpha: 0.01 },
      train,
    },
  ],
  ["U U^T", { data: square, model: { kind: "matrix", symmetric: true }, init, train }],
  [
    "U U^T of two copies, a penalty, minibatches",
    {
      data: square,
      model: { kind: "matrix", symmetric: true, unbiased: true },
      init,
      loss: { l2: 1e-2 },
      train: { ...train, batchSize: 5 },
    },
  ],
  [
    "dense measurements, a sum",
    {
      data: sensing,
      model: { kind: "matrix", factors: 3 },
      init,
      loss: { reduction: "sum" },
      train: { stepSize: 2e-3, epochs: 50 },
    },
  ],
  [
    "scaled output, less its start",
    {
      data: completion,
      model: { kind: "matrix", factors: 3 },
      init: { ...init, scaling: "output", alpha: 10, subtract: true },
      train,
    },
  ],
];

async function compared(
  document: Record<string, Json>,
  spoilt = (own: Record<string, Json>) => own,
): Promise<Extract<Guard, { bound: number }>> {
  const read = parseExperiment(
    JSON.stringify({ name: "guarded", record: { quantities: ["loss"] }, ...document }),
    "test.json",
  );
  const guard = await guardOf(read, new Map(), async (own, sweepSize) => {
    const { rows, predictors } = await trained(spoilt(own as Record<string, Json>), new Map(), { sweepSize });
    const times: number[] = [];
    for (const { epoch, time } of rows[0]) times[epoch] = time;
    return { times, predictor: predictors[0] };
  });
  if (!("bound" in guard)) throw new Error(guard.omitted);
  return guard;
}

for (const [name, document] of documents)
  test(`${name}: float32 stays within its bound, and a step size off by a hundredth does not`, async () => {
    const guard = await compared(document);
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    const spoiled = await compared(document, (own) => {
      const train = own.train as { stepSize: number };
      return { ...own, train: { ...train, stepSize: 1.01 * train.stepSize } };
    });
    expect(spoiled.gap).toBeGreaterThan(spoiled.bound);
  });

for (const model of [{}, { factors: 3, unbiased: true }])
  test(`a flow, ${JSON.stringify(model)}: float32 stays within its bound`, async () => {
    const guard = await compared({
      data: completion,
      model: { kind: "matrix", ...model },
      init,
      train: { method: "gradient-flow", maxSteps: 20 },
    });
    expect(guard.gap).toBeLessThanOrEqual(guard.bound);
    expect(guard.bound).toBeLessThan(3e-4);
  });
