import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { parametersOf, productsOf } from "../../src/layers/network.ts";
import { networkBehaviour } from "../../src/models/network-behaviour.ts";
import { layersOf } from "../../src/models/network-layers.ts";
import { expectConv } from "./conv-reference.ts";
import type { ConvSeeds, Workload } from "./problem.ts";

/** So small that the bound grows little over the steps of a timing. */
const STEP_SIZE = 2e-6;
/** Samples times products times steps that float64 follows, in some seconds a run. */
const FOLLOWED = 1e8;

/** Networks of two convolutions on generated images, every run from a start of its own, full batches. */
export function convSeeds(
  samples: number,
  side: number,
  channels: number,
  runs: readonly number[],
): Workload<ConvSeeds> {
  const shape = [samples, side, side, channels].join("x");
  const image = { channels: 1, height: side, width: side };
  const model = {
    kind: "relu" as const,
    layers: [
      { conv: channels, size: 3, stride: 1, padding: 1 },
      { pool: "average" as const, size: 2 },
      { conv: channels, size: 3, stride: 1, padding: 1 },
    ],
    unbiased: false,
  };
  const network = layersOf(model, { inputs: side ** 2, outputs: 1, image });
  const layers = network.map(({ sizes }) => sizes).filter(({ fan_out }) => fan_out > 0);
  const length = parametersOf(layers);
  const products = productsOf(network);
  return {
    id: `conv-${shape}`,
    title: `two convolutions of ${channels} channels from their own starts, N = ${samples}, ${side} x ${side} pixels`,
    runs,
    usualRuns: 16,
    mostSteps: Math.ceil(FOLLOWED / (samples * products)),
    mostChecked: 2,
    problem(count) {
      const document = {
        name: `bench-conv-${shape}`,
        data: { kind: "patterns", samples, size: side, noise: 0.5, seed: 1 },
        model,
        init: { shape: "he" },
        train: { stepSize: STEP_SIZE, epochs: 1 },
        record: { every: 1e9, quantities: ["loss"], arrays: ["weights"] },
        sweep: [{ path: "init.seed", range: [1, count + 1, 1] }],
      } satisfies Record<string, Json>;
      const experiment = readExperiment(document, "bench");
      const { X, y } = loadDataset(experiment.runs[0].data, new Map());
      const starts = new Float64Array(count * length);
      for (const run of experiment.runs)
        starts.set(
          networkBehaviour.initial(run, { inputs: side ** 2, outputs: 1, image }, new Map()).map(Math.fround),
          run.index * length,
        );
      return {
        kind: "conv-seeds",
        document,
        runs: count,
        result: "weights",
        length,
        parameters: length,
        samples,
        side,
        channels,
        network,
        layers,
        X: X.map(Math.fround),
        y,
        starts,
        stepSize: STEP_SIZE,
      };
    },
    // A product a layer forwards, one back to its weights, and back through all but the first one more; zeros around count.
    flops: ({ runs, layers: [first] }) =>
      2 * runs * samples * (3 * products - first.fan_in * first.fan_out * first.positions),
    bytes: ({ runs }) => 4 * (2 * runs * length + samples * (side ** 2 + 1)),
    expect: expectConv,
  };
}
