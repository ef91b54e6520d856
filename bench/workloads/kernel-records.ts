import { loadDataset } from "../../src/data/datasets.ts";
import { largestEigenvalueOfGram } from "../../src/models/diagonal-start.ts";
import { expectDiagonal } from "./diagonal-reference.ts";
import type { DiagonalSweep, Workload } from "./problem.ts";

const ALPHAS = [0.05, 0.1, 0.5, 1, 5];
const EVERY = 10;

/** Of the largest step at which the linearized model of the largest alpha is stable: where the thesis's data sit. */
const STEP = 0.9;

/**
 * The sweep of the thesis's Figure 6, on data of the same kind: diagonal networks of five alphas, and the tangent kernel
 * of every tenth step, which reaches JavaScript. Where there are more runs, they take these alphas in turn.
 */
export function kernelRecords(samples: number, inputs: number): Workload<DiagonalSweep> {
  const data = {
    kind: "linear-uniform" as const,
    samples,
    dimension: inputs,
    noise: 0,
    seed: 1,
    testSamples: 0,
  };
  return {
    id: `kernels-${samples}x${inputs}`,
    title: `five alphas with tangent kernels of every ${EVERY} steps, N = ${samples}, n = ${inputs}`,
    runs: [ALPHAS.length],
    problem(count) {
      const dataset = loadDataset(data, new Map());
      // K0 is 8 alpha^2 X X^T.
      const weights = new Float64Array(inputs).fill(8 * ALPHAS.at(-1)! ** 2);
      const stepSize = (STEP * samples) / largestEigenvalueOfGram(dataset, weights);
      const alphas = Float64Array.from({ length: count }, (_, run) => ALPHAS[run % ALPHAS.length]);
      return {
        kind: "diagonal-sweep",
        runs: count,
        result: "ntk",
        length: samples ** 2,
        recordEvery: EVERY,
        depth: 2,
        samples,
        inputs,
        X: dataset.X.map(Math.fround),
        y: dataset.y.map(Math.fround),
        alphas,
        stepSize,
        document: {
          name: `bench-kernels-${samples}x${inputs}`,
          data,
          model: { kind: "diagonal", depth: 2 },
          train: { stepSize, epochs: 1 },
          record: { every: EVERY, quantities: ["loss"], arrays: ["ntk"] },
          sweep: [{ path: "init.alpha", values: [...alphas] }],
        },
      };
    },
    // Two products of a matrix and a vector a run, and every so often half of a Gram matrix.
    flops: ({ runs }) =>
      runs * (4 * samples * inputs + (samples * (samples + 1) * inputs + 2 * samples * inputs) / EVERY),
    bytes: ({ runs }) => 4 * (runs * (4 * inputs + samples ** 2 / EVERY) + samples * (inputs + 1)),
    expect: expectDiagonal,
  };
}
