/** A sample of classes of images for the figures' tests: a small convolutional network from two scales, trained in float64. */

import { readExperiment } from "../../../src/experiment/experiment.ts";
import { reluOf, trainRelu } from "../../../src/models/relu.reference.ts";
import type { Results } from "../../../src/results/types.ts";
import { loadRuns } from "../../../src/scheduler/load.ts";
import { trained } from "./samples.ts";

const alphas = [0.1, 4];
const epochs = [0, 30];
const [filters, size, classes, testSamples] = [4, 3, 3, 20];

const document = {
  name: "images",
  data: { kind: "patterns", samples: 12, testSamples, size: 6, classes, seed: 2 },
  model: {
    kind: "relu",
    layers: [
      { conv: filters, size },
      { pool: "max", size: 2 },
    ],
  },
  init: { shape: "he", scaling: "output", subtract: true },
  train: { stepSize: 0.05, epochs: epochs[1] },
  record: { every: epochs[1], quantities: ["loss"], arrays: ["first_layer", "function"] },
  sweep: [{ path: "init.alpha", values: alphas }],
};

export async function images(): Promise<Results> {
  const { runs } = readExperiment(document, "images.json");
  const members = await loadRuns(runs, new Map());
  const records = members.flatMap(({ run, dataset, w0 }, place) => {
    const model = reluOf(run, dataset);
    const states: { weights: Float64Array; loss: number }[] = [];
    trainRelu(run, dataset, w0, ({ weights, outputs }) => {
      const squares = outputs.map((output, k) => (output - dataset.y[k]) ** 2);
      states.push({
        weights: weights.slice(),
        loss: squares.reduce((sum, square) => sum + square, 0) / dataset.samples,
      });
    });
    const rows = Array.from({ length: testSamples }, (_, j) =>
      dataset.testX.subarray(j * dataset.inputs, (j + 1) * dataset.inputs),
    );
    return epochs.map((epoch) => {
      const { weights, loss } = states[epoch];
      return {
        run: place,
        epoch,
        loss,
        filters: [...weights.subarray(0, filters * size ** 2)],
        outputs: rows.flatMap((x) => {
          const before = model.outputs(states[0].weights, x);
          return Array.from(model.outputs(weights, x), (value, output) => value - before[output]);
        }),
      };
    });
  });
  const columns = {
    run: Int32Array.from(records, ({ run }) => run),
    epoch: Float64Array.from(records, ({ epoch }) => epoch),
    time: Float64Array.from(records, ({ epoch }) => 0.05 * epoch),
    loss: Float64Array.from(records, ({ loss }) => loss),
  };
  const own = { ...document, sweep: undefined };
  return {
    manifest: {
      ...trained("one-diverges").manifest,
      name: "images",
      document: JSON.parse(JSON.stringify(own)),
    },
    runs: {
      rows: alphas.length,
      columns: {
        run: Int32Array.from(alphas.keys()),
        "init.alpha": Float64Array.from(alphas),
        status: alphas.map(() => "finished"),
        epochs: Float64Array.from(alphas, () => epochs[1]),
        loss: Float64Array.from(alphas, (_, run) => records[2 * run + 1].loss),
      },
    },
    history: { rows: records.length, columns },
    arrays: {
      first_layer: {
        shape: [alphas.length, epochs.length, filters, size ** 2],
        data: Float32Array.from(records.flatMap(({ filters }) => filters)),
      },
      function: {
        shape: [alphas.length, epochs.length, testSamples, classes],
        data: Float32Array.from(records.flatMap(({ outputs }) => outputs)),
      },
    },
  };
}
