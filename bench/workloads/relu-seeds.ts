import { loadDataset } from "../../src/data/datasets.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { networkBehaviour } from "../../src/models/network-behaviour.ts";
import { parametersOf } from "../../src/layers/network.ts";
import { layersOf } from "../../src/models/network-layers.ts";
import type { ReluSeeds, Workload } from "./problem.ts";
import { expectRelu } from "./relu-reference.ts";

/** So small that what is rounded grows little over the steps of a timing: at 0.01 its bound would say nothing. */
const STEP_SIZE = 1e-4;
/** With several hidden layers the bound grows by the samples whose signs may flip in each of them. */
const DEEP_STEP_SIZE = 1e-6;
/** Samples times weights times steps that float64 follows, in some seconds a run. */
const FOLLOWED = 4e8;

/** Networks with some hidden layers on one dataset of sparse signs, every run from a start of its own, full batches. */
export function reluSeeds(
  samples: number,
  inputs: number,
  widths: number[],
  runs: readonly number[],
): Workload<ReluSeeds> {
  const shape = [samples, inputs, ...widths].join("x");
  const deep = widths.length > 1;
  const stepSize = deep ? DEEP_STEP_SIZE : STEP_SIZE;
  const model = { kind: "relu" as const, widths, unbiased: false };
  const layers = layersOf(model, { inputs, outputs: 1 }).map(({ sizes }) => sizes);
  return {
    id: `relu-${shape}`,
    title: `ReLU networks of ${widths.join(", ")} units from their own starts, N = ${samples}, n = ${inputs}`,
    runs,
    ...(deep && { mostSteps: Math.ceil(FOLLOWED / (samples * parametersOf(layers))), mostChecked: 2 }),
    problem(count) {
      const document = {
        name: `bench-relu-${shape}`,
        data: { kind: "sparse-signs", samples, dimension: inputs, seed: 1 },
        model,
        init: { shape: "he" },
        train: { stepSize, epochs: 1 },
        record: { every: 1e9, quantities: ["loss"], arrays: ["weights"] },
        sweep: [{ path: "init.seed", range: [1, count + 1, 1] }],
      } satisfies Record<string, Json>;
      const experiment = readExperiment(document, "bench");
      const length = parametersOf(layers);
      const starts = new Float64Array(count * length);
      for (const run of experiment.runs)
        starts.set(
          networkBehaviour.initial(run, { inputs, outputs: 1 }, new Map()).map(Math.fround),
          run.index * length,
        );
      const { X, y } = loadDataset(experiment.runs[0].data, new Map());
      return {
        kind: "relu-seeds",
        document,
        runs: count,
        result: "weights",
        length,
        parameters: length,
        samples,
        inputs,
        layers,
        X: X.map(Math.fround),
        y: y.map(Math.fround),
        starts,
        stepSize,
      };
    },
    // A product a layer forwards, one back to its weights, and back through those between hidden layers one more.
    flops: ({ runs, layers }) =>
      2 * runs * samples * (2 * parametersOf(layers) + parametersOf(layers.slice(1, -1))),
    bytes: ({ runs, length }) => 4 * (2 * runs * length + samples * (inputs + 1)),
    expect: expectRelu,
  };
}
