import { loadDataset } from "../../src/data/datasets.ts";
import { largestEigenvalueOfGram } from "../../src/models/diagonal-start.ts";
import { expectDiagonal } from "./diagonal-reference.ts";
import type { DiagonalSweep, Workload } from "./problem.ts";

/** Alphas of a sweep, in powers of ten. */
interface Range {
  /** What follows the workload's id. */
  id: string;
  first: number;
  last: number;
}

/** From the rich regime into the kernel regime. */
const BOTH: Range = { id: "", first: -2, last: 0 };
/** In one of them: whether tiny or large weights take another time. */
export const RICH: Range = { id: "-rich", first: -4, last: -2 };
export const KERNEL: Range = { id: "-kernel", first: 0, last: 2 };

/** Of the largest step at which descent on the linearized model of alpha = 1 is stable. */
const STEP = 0.02;

/**
 * An alpha sweep of diagonal networks on one dataset, full batches. Only the model is trained: neither the
 * linearized twin nor any quantity, which plain implementations would not have.
 */
export function diagonalSweep(
  samples: number,
  inputs: number,
  runs: readonly number[],
  depth = 2,
  { id, first, last }: Range = BOTH,
): Workload<DiagonalSweep> {
  const name = `diagonal-${samples}x${inputs}${depth === 2 ? "" : `-depth-${depth}`}${id}`;
  const data = {
    kind: "linear-uniform" as const,
    samples,
    dimension: inputs,
    noise: 0,
    seed: 1,
    testSamples: 0,
  };
  return {
    id: name,
    title: `alpha sweep${id && ` from ${10 ** first} to ${10 ** last}`}, diagonal networks of depth ${depth}, N = ${samples}, n = ${inputs}`,
    runs,
    alphas: [10 ** first, 10 ** last],
    problem(count) {
      const dataset = loadDataset(data, new Map());
      // K0 at alpha = 1 is 2 D^2 X X^T.
      const largest = largestEigenvalueOfGram(dataset, new Float64Array(inputs).fill(2 * depth ** 2));
      // Curvature grows with alpha's power 2D - 2.
      const stepSize = (STEP * samples) / largest / 10 ** (Math.max(0, last) * (2 * depth - 2));
      const alphas = Float64Array.from({ length: count }, (_, run) => {
        const share = count > 1 ? run / (count - 1) : 1;
        return 10 ** (first + share * (last - first));
      });
      return {
        kind: "diagonal-sweep",
        runs: count,
        result: "predictor",
        length: inputs,
        depth,
        samples,
        inputs,
        X: dataset.X.map(Math.fround),
        y: dataset.y.map(Math.fround),
        alphas,
        stepSize,
        document: {
          name: `bench-${samples}x${inputs}`,
          data,
          model: { kind: "diagonal", depth },
          train: { stepSize, epochs: 1 },
          record: { every: 1e9, quantities: ["loss"], arrays: ["predictor"] },
          sweep: [{ path: "init.alpha", values: [...alphas] }],
        },
      };
    },
    // Two products of a matrix and a vector a run.
    flops: ({ alphas }) => 4 * samples * inputs * alphas.length,
    bytes: ({ alphas }) => 4 * (4 * inputs * alphas.length + samples * (inputs + 1)),
    expect: expectDiagonal,
  };
}
