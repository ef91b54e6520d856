import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { biasGap, biasMinimizer, minimumL1, minimumL2, solutionDistances } from "../../src/theory/index.ts";
import { trained } from "./experiment.ts";

test("distances to the minimum-norm solutions and to Q's minimizer are those of the recorded predictor", async () => {
  for (const scaling of ["weights", "output"]) {
    const { rows, predictors, experiment } = await trained({
      data: { kind: "linear-sparse", samples: 15, dimension: 40, sparsity: 3, noise: 0.1 },
      model: { kind: "diagonal" },
      init: { scaling },
      train: { stepSize: 1e-3, epochs: 300 },
      record: {
        every: 300,
        quantities: ["min_l1_distance", "min_l2_distance", "excess_l1", "excess_l2", "bias_gap"],
        arrays: ["predictor"],
      },
      sweep: [
        { path: "data.seed", values: [1, 2] },
        { path: "init.alpha", values: [0.1, 1] },
      ],
    });
    for (const [index, run] of experiment.runs.entries()) {
      const dataset = loadDataset(run.data, new Map());
      const beta = Float64Array.from(predictors[index]);
      const { alpha } = run.init;
      const minimizer = biasMinimizer(dataset, {
        alpha: scaling === "output" ? Math.sqrt(alpha) : alpha,
      }).beta;
      const expected: Record<string, number> = {
        ...solutionDistances(beta, {
          minimumL1: (await minimumL1(dataset)).beta,
          minimumL2: minimumL2(dataset).beta,
        }),
        bias_gap: biasGap(beta, minimizer),
      };
      for (const [name, value] of Object.entries(expected))
        expect(Math.abs(rows[index].at(-1)![name] - value), `${name}, run ${index}`).toBeLessThan(1e-5);
    }
  }
});

test("a quantity that needs X beta = y to have a solution is refused where there is none", async () => {
  await expect(
    trained({
      data: { kind: "linear-sparse", samples: 30, dimension: 10, sparsity: 3, noise: 0.1 },
      model: { kind: "diagonal" },
      train: { stepSize: 1e-3, epochs: 3 },
      record: { every: 3, quantities: ["excess_l1"], arrays: [] },
    }),
  ).rejects.toThrow("record.quantities compares with a solution of X beta = y, but there is none");
});
