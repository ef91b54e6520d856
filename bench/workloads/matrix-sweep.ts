import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { matrixBehaviour } from "../../src/models/matrix/behaviour.ts";
import { expectMatrix } from "./matrix-reference.ts";
import type { MatrixSweep, Workload } from "./problem.ts";

/** Multiplications and additions of products that float64 follows, in some seconds a run. */
const FOLLOWED = 2e9;

/**
 * Completion of a square matrix of rank 1 by a product of square factors, every run from Gaussian factors of its own, full
 * batches. Only the model is trained, in the order of products that costs least: forwards, and back through signals.
 */
export function matrixSweep(
  size: number,
  observed: number,
  factors: number,
  runs: readonly number[],
): Workload<MatrixSweep> {
  const data = { kind: "matrix-completion" as const, rows: size, columns: size, rank: 1, observed, seed: 1 };
  // A product a factor but the first forwards, and two a factor but the first backwards: one to its weights, one through it.
  const products = 3 * factors - 3;
  const id = `matrix-${size}x${size}`;
  return {
    id: factors === 2 || size > 10 ? id : `${id}-depth-${factors}`,
    title: `completion of ${size} x ${size} matrices by ${factors} factors, m = ${observed}`,
    runs,
    mostSteps: Math.max(10, Math.ceil(FOLLOWED / (2 * (products + 4) * size ** 3))),
    ...(size > 10 && { mostChecked: 1 }),
    problem(count) {
      const std = size ** -0.5;
      // Singular values of the factors stay near 1, and the kernel below factors times that.
      const stepSize = (0.02 * observed) / factors;
      const document = {
        name: `bench-${id}`,
        data,
        model: { kind: "matrix", factors },
        init: { shape: { std } },
        train: { stepSize, epochs: 1 },
        record: { every: 1e9, quantities: ["loss"], arrays: ["predictor"] },
        sweep: [{ path: "init.seed", range: [1, count + 1, 1] }],
      };
      const experiment = readExperiment(document, "bench");
      const dataset = loadDataset(experiment.runs[0].data, new Map());
      const parameters = factors * size * size;
      const starts = new Float64Array(count * parameters);
      for (const run of experiment.runs)
        starts.set(matrixBehaviour.initial(run, dataset, new Map()).map(Math.fround), run.index * parameters);
      const [mask, targets] = [new Float64Array(size * size), new Float64Array(size * size)];
      dataset.matrix!.cells!.forEach((cell, i) => {
        mask[cell] = 1;
        targets[cell] = Math.fround(dataset.y[i]);
      });
      return {
        ...{ kind: "matrix-sweep" as const, document, runs: count, result: "predictor" as const },
        ...{ length: size * size, size, factors, observed, mask, targets, starts, stepSize, parameters },
      };
    },
    flops: ({ runs }) => 2 * runs * products * size ** 3,
    bytes: ({ runs, parameters }) => 4 * (2 * runs * parameters + 2 * size * size),
    expect: expectMatrix,
  };
}
