import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { kernelFrames } from "../../src/results/kernel-frames.ts";
import { figuresOf } from "../../viewer/figures/registry.ts";
import { MemorySink } from "../../src/results/memory-sink.ts";
import { draw } from "../figures/drawing.ts";
import { trained } from "../figures/samples/samples.ts";

const experiment = readExperiment(
  {
    data: { kind: "linear-uniform", samples: 2, dimension: 3 },
    model: { kind: "diagonal" },
    train: { method: "gradient-descent", stepSize: 0.01, epochs: 4000 },
    record: { every: 1, quantities: ["loss", "weight_distance"], arrays: ["ntk"] },
    sweep: [{ path: "init.alpha", values: [0.1, 1] }],
  },
  "test.json",
);
const manifest = { ...trained("one-diverges").manifest, document: experiment.document };

/** Feeds records of both runs, in the order in which an engine makes them. */
function feed(sink: MemorySink, from: number, to: number): void {
  for (let record = from; record < to; record++)
    sink.record({
      runs: Uint32Array.of(0, 1),
      record,
      epoch: Float64Array.of(record, record),
      time: Float64Array.of(record / 100, record / 100),
      quantities: {
        loss: Float64Array.of(1 / (record + 1), 2 / (record + 1)),
        weight_distance: Float64Array.of(record, 2 * record),
      },
      arrays: {
        ntk: {
          shape: [2, 2],
          data: Float32Array.of(
            ...[0, 1, 2, 3].map((k) => record + k),
            ...[0, 1, 2, 3].map((k) => -record - k),
          ),
        },
      },
    });
}

test("results grow as records come, and what was handed out does not change", () => {
  const sink = new MemorySink(experiment);
  const empty = sink.results({ ...manifest, status: "running" });
  expect(empty.history.rows).toBe(0);
  expect(Array.from(empty.runs.columns.status)).toEqual(["running", "running"]);
  feed(sink, 0, 10);
  const early = sink.results(manifest);
  feed(sink, 10, 3000);
  const late = sink.results(manifest);
  expect(early.history.rows).toBe(20);
  expect(Array.from(early.history.columns.epoch as Float64Array).slice(-2)).toEqual([9, 9]);
  expect(late.history.rows).toBe(6000);
  expect(late.history.columns.loss[5999]).toBe(2 / 3000);
  expect(Array.from(late.runs.columns.weight_distance)).toEqual([2999, 5998]);
  expect(Array.from(early.runs.columns.weight_distance)).toEqual([9, 18]);
});

test("figures draw what there is at any time, kernels with their records", () => {
  const sink = new MemorySink(experiment);
  for (const [from, to] of [
    [0, 0],
    [0, 1],
    [1, 40],
  ]) {
    feed(sink, from, to);
    const results = sink.results(manifest);
    for (const figure of figuresOf(results)) draw(figure, results);
  }
  const results = sink.results(manifest);
  expect(figuresOf(results).map(({ id }) => id)).toContain("tangent-kernel");
  const frames = kernelFrames(results, 1);
  expect(frames).toHaveLength(40);
  expect([...frames[7].kernel]).toEqual([-7, -8, -9, -10]);
});

test("a run that ends has its status and its epochs", () => {
  const sink = new MemorySink(experiment);
  feed(sink, 0, 3);
  sink.end({
    runs: Uint32Array.of(1),
    status: ["diverged"],
    epochs: Float64Array.of(2),
    time: Float64Array.of(0.02),
    arrays: { predictor: { shape: [3], data: Float32Array.of(7, 8, 9) } },
  });
  const { runs, arrays } = sink.results(manifest);
  // Nobody trains it any more.
  expect(Array.from(runs.columns.status)).toEqual([null, "diverged"]);
  expect(runs.columns.epochs[1]).toBe(2);
  expect(arrays.predictor).toEqual({ shape: [2, 3], data: Float32Array.of(NaN, NaN, NaN, 7, 8, 9) });
});
