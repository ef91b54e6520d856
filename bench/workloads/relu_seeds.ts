import { loadDataset } from "../../src/data/registry.ts";
import { readExperiment } from "../../src/document/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { modelOf } from "../../src/models/registry.ts";
import type { ReluSeeds, Workload } from "./problem.ts";
import { expectRelu } from "./relu_reference.ts";

/** So small that what is rounded grows little over the steps of a timing: at 0.01 its bound would say nothing. */
const STEP_SIZE = 1e-4;

/** Networks with one hidden layer on one dataset of sparse signs, every run from a start of its own, full batches. */
export function reluSeeds(
  samples: number,
  inputs: number,
  width: number,
  runs: readonly number[],
): Workload<ReluSeeds> {
  return {
    id: `relu-${samples}x${inputs}x${width}`,
    title: `ReLU networks of ${width} units from their own starts, N = ${samples}, n = ${inputs}`,
    runs,
    problem(count) {
      const document = {
        name: `bench-relu-${samples}x${inputs}x${width}`,
        data: { kind: "sparse-signs", samples, dimension: inputs, seed: 1 },
        model: { kind: "relu", widths: [width] },
        init: { shape: "he" },
        train: { stepSize: STEP_SIZE, epochs: 1 },
        record: { every: 1e9, quantities: ["loss"], arrays: ["weights"] },
        sweep: [{ path: "init.seed", range: [1, count + 1, 1] }],
      } satisfies Record<string, Json>;
      const experiment = readExperiment(document, "bench");
      const length = width * (inputs + 1);
      const starts = new Float64Array(count * length);
      for (const run of experiment.runs)
        starts.set(modelOf(run.model).initial(run, inputs, new Map()).map(Math.fround), run.index * length);
      const { X, y } = loadDataset(experiment.runs[0].data, new Map());
      return {
        kind: "relu-seeds",
        document,
        runs: count,
        many: true,
        result: "weights",
        length,
        samples,
        inputs,
        width,
        X: X.map(Math.fround),
        y: y.map(Math.fround),
        starts,
        stepSize: STEP_SIZE,
      };
    },
    // Forwards, and back to the weights: two products of [width, inputs] and [inputs, samples], two of vectors.
    flops: ({ runs }) => 4 * runs * samples * width * (inputs + 1),
    expect: expectRelu,
  };
}
