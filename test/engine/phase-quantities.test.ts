/** Quantities of phase diagrams against float64: sharpness, the largest loss, the average beside the lasso, margins. */

import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { trainDiagonal } from "../../src/models/diagonal.reference.ts";
import { diagonalBehaviour } from "../../src/models/diagonal-behaviour.ts";
import {
  lasso,
  maximumL1Margin,
  maximumL2Margin,
  saddleClock,
  stepSharpness,
} from "../../src/theory/index.ts";
import { trained } from "./experiment.ts";

const data = { kind: "linear-uniform", samples: 10, dimension: 20, seed: 1 };
const norm = (values: Float64Array) => Math.hypot(...values);

test("sharpness, the largest loss and the average beside the lasso are those of float64", async () => {
  const { rows, experiment } = await trained({
    data,
    train: { stepSize: 0.004, epochs: 2000 },
    record: { every: 500, quantities: ["sharpness", "peak_loss", "lasso_gap", "loss"], arrays: [] },
    sweep: [
      {
        paths: ["model.depth", "init.alpha", "train.stepSize"],
        values: [
          [2, 0.03, 0.02],
          // Past the edge of stability at the start: the loss grows first.
          [2, 2, 0.012],
          [3, 0.2, 0.01],
        ],
      },
    ],
    model: { kind: "diagonal" },
  });
  rows.forEach((records, index) => {
    const run = experiment.runs[index];
    const dataset = loadDataset(run.data, new Map());
    const depth = (run.model as { depth: number }).depth;
    const { stepSize } = run.train as { stepSize: number };
    const w0 = diagonalBehaviour.initial(run, dataset, new Map());
    const { alpha } = run.init;
    const sum = new Float64Array(20);
    let peak = 0;
    let record = 0;
    trainDiagonal(run, dataset, w0, ({ updates, plus, minus, residual, beta }) => {
      const loss = residual.reduce((total, r) => total + r * r, 0) / 10;
      peak = Math.max(peak, loss);
      if (updates % 500 === 0) {
        const own = records[record++];
        const where = `run ${index}, ${updates} updates`;
        const weights = { plus: plus.map((d) => alpha + d), minus: minus.map((d) => alpha + d) };
        expect(own.sharpness / stepSharpness(dataset, depth, weights, stepSize), where).toBeCloseTo(1, 4);
        expect(own.peak_loss / peak, where).toBeCloseTo(1, 4);
        if (updates > 0 && (depth > 2 || alpha < 1)) {
          const average = sum.map((value) => value / updates);
          const expected = lasso(dataset, 1 / (saddleClock(depth, alpha) * updates * stepSize));
          if (norm(expected) > 0) {
            const gap = norm(average.map((value, i) => value - expected[i])) / norm(expected);
            expect(own.lasso_gap / gap, where).toBeCloseTo(1, 3);
          }
        } else expect(own.lasso_gap).toBeNaN();
      }
      beta.forEach((value, i) => (sum[i] += value));
    });
  });
  expect(rows[1].at(-1)!.peak_loss).toBeGreaterThan(1.5 * rows[1][0].loss);
});

test("gaps to the largest margins are those of float64", async () => {
  const signs = { kind: "majority-signs", samples: 12, dimension: 20, seed: 1 };
  const { rows, predictors } = await trained({
    data: signs,
    model: { kind: "diagonal", depth: 2 },
    loss: { kind: "logistic" },
    train: { stepSize: 0.05, epochs: 2000 },
    record: { every: 2000, quantities: ["l1_margin_gap", "l2_margin_gap"], arrays: ["predictor"] },
    sweep: [{ path: "init.alpha", values: [0.01, 0.5] }],
  });
  const dataset = loadDataset({ ...signs, sparsity: 3, testSamples: 0 } as never, new Map());
  const [l1, l2] = [await maximumL1Margin(dataset), maximumL2Margin(dataset)];
  rows.forEach((records, index) => {
    const beta = Float64Array.from(predictors[index]);
    const least = Math.min(
      ...Array.from(dataset.y, (label, j) =>
        beta.reduce((sum, value, i) => sum + label * value * dataset.X[j * 20 + i], 0),
      ),
    );
    const last = records.at(-1)!;
    const size = beta.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(Math.abs(last.l1_margin_gap - (1 - least / size / l1.margin))).toBeLessThan(1e-5);
    expect(Math.abs(last.l2_margin_gap - (1 - least / norm(beta) / l2.margin))).toBeLessThan(1e-5);
  });
});

test("data whose labels are no signs have no such gap", async () => {
  await expect(
    trained({
      data,
      model: { kind: "diagonal", depth: 2 },
      train: { stepSize: 0.005, epochs: 10 },
      record: { quantities: ["l1_margin_gap"], arrays: [] },
    }),
  ).rejects.toThrow("labels are -1 and +1 then, and one is");
});
