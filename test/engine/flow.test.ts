import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { biasGap, biasMinimizer, dualFlow } from "../../src/theory/index.ts";
import { seed500, seed500Files, trained } from "./experiment.ts";

const sparse = { kind: "linear-sparse", samples: 20, dimension: 50, sparsity: 3, noise: 0.1, seed: 3 };

describe("gradient flow", () => {
  test("ends at the minimizer of Q: D = 2, 3 and 5", async () => {
    for (const [depth, alphas] of [
      [2, [0.01, 0.1, 1]],
      [3, [0.1, 1]],
      [5, [0.3, 1]],
    ] as const) {
      const { predictors, status, experiment, rows } = await trained({
        data: sparse,
        model: { kind: "diagonal", depth },
        train: { method: "gradient-flow", stopLoss: 1e-8 },
        record: { every: 1000, quantities: ["loss", "flow_error"], arrays: ["predictor"] },
        sweep: [{ path: "init.alpha", values: [...alphas] }],
      });
      experiment.runs.forEach((run, index) => {
        const where = `D = ${depth}, alpha = ${run.init.alpha}`;
        expect(status[index], where).toBe("converged");
        const dataset = loadDataset(run.data, new Map());
        const { beta } = biasMinimizer(dataset, { alpha: run.init.alpha, depth });
        expect(biasGap(Float64Array.from(predictors[index]), beta), where).toBeLessThan(1e-3);
        expect(rows[index].at(-1)!.flow_error, where).toBeLessThan(0.02);
      });
    }
  });

  test("follows the exact flow in time", async () => {
    const { rows, experiment } = await trained({
      data: sparse,
      model: { kind: "diagonal" },
      train: { method: "gradient-flow", time: 0.5 },
      record: { every: { log: 12 }, quantities: ["loss", "predictor_l2", "weight_distance"], arrays: [] },
      sweep: [{ path: "init.alpha", values: [0.1, 0.5, 1, 10] }],
    });
    experiment.runs.forEach((run, index) => {
      const dataset = loadDataset(run.data, new Map());
      const records = rows[index].slice(1);
      const times = records.map(({ time }) => time);
      expect(times.at(-1)).toBeCloseTo(0.5, 6);
      const exact = dualFlow(dataset, { alpha: run.init.alpha }, { times, tolerance: 1e-8 });
      const largest = Math.max(...exact.records.map(({ loss }) => loss));
      exact.records.forEach(({ beta, loss }, k) => {
        const where = `alpha = ${run.init.alpha}, t = ${times[k]}`;
        const norm = Math.hypot(...beta);
        expect(Math.abs(records[k].predictor_l2 - norm) / norm, where).toBeLessThan(1e-3);
        expect(Math.abs(records[k].loss - loss) / largest, where).toBeLessThan(1e-3);
      });
    });
  });

  test("runs end by time, by steps, by loss, each by its own; copies that start apart flow too", async () => {
    const files = await seed500Files();
    const document = {
      data: seed500,
      model: { kind: "diagonal" },
      record: { every: 10, quantities: ["loss", "linear_distance"], arrays: [] },
      sweep: [{ path: "init.alpha", values: [0.1, 1] }],
    };
    const bySteps = await trained({ ...document, train: { method: "gradient-flow", maxSteps: 25 } }, files);
    expect(bySteps.epochs).toEqual([25, 25]);
    expect(bySteps.rows[0].map(({ epoch }) => epoch)).toEqual([0, 10, 20, 25]);
    const byTime = await trained({ ...document, train: { method: "gradient-flow", time: 0.5 } }, files);
    for (const records of byTime.rows) expect(records.at(-1)!.time).toBeCloseTo(0.5, 6);
    expect(byTime.status).toEqual(["finished", "finished"]);
    const byLoss = await trained({ ...document, train: { method: "gradient-flow", stopLoss: 1e-3 } }, files);
    expect(byLoss.status).toEqual(["converged", "converged"]);
    for (const records of byLoss.rows) expect(records.at(-1)!.loss).toBeLessThanOrEqual(1e-3);
  });

  test("is the limit of gradient descent, its twin included", async () => {
    const files = await seed500Files();
    const document = {
      data: seed500,
      model: { kind: "diagonal" },
      sweep: [{ path: "init.alpha", values: [0.3, 1] }],
    };
    const names = ["loss", "weight_distance", "linear_distance", "function_distance", "ntk_drift"];
    const flow = await trained(
      {
        ...document,
        train: { method: "gradient-flow", time: 0.2 },
        record: { every: 1e6, quantities: names, arrays: [] },
      },
      files,
    );
    const descent = await trained(
      {
        ...document,
        train: { stepSize: 2e-5, epochs: 10000 },
        record: { every: 10000, quantities: names, arrays: [] },
      },
      files,
    );
    for (const run of [0, 1])
      for (const name of names) {
        const [one, other] = [flow.rows[run].at(-1)![name], descent.rows[run].at(-1)![name]];
        expect(Math.abs(one / other - 1), `${name}, run ${run}`).toBeLessThan(3e-3);
      }
  });
});
