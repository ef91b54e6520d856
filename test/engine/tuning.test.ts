/** Variants are chosen by measuring, and no choice changes a result beyond what the kernels' bounds allow. */

import { expect, inject, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Experiment, Json } from "../../src/document/types.ts";
import { tuneExperiment } from "../../src/engine.ts";
import { adapterFamily } from "../../src/gpu/adapter.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { rounded } from "../../src/guard/guard.ts";
import { type Choice, type Settled, variantName } from "../../src/wgsl/choice.ts";
import type { Kernel } from "../../src/wgsl/kernel.ts";
import { predictorProducts, productsOf } from "../../src/kernels/predictor-products.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { planCohort } from "../../src/scheduler/cohort-plan.ts";
import { Planner } from "../../src/plan/planner.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import type { Checkpoint } from "../../src/scheduler/checkpoint.ts";
import { contest } from "../../src/tuner/contest.ts";
import { Stopwatch } from "../../src/tuner/stopwatch.ts";
import { TrialRun } from "../../src/tuner/trial.ts";
import { memoryOf } from "../../src/tuner/winners.ts";
import { trained } from "./experiment.ts";
import { sharedDevice } from "./shared-device.ts";

const device = await sharedDevice();
/** Milliseconds that no test waits for: nothing is late. */
const LONG = 1e7;

const linear = { kind: "linear-uniform", samples: 21, dimension: 35, seed: 3, testSamples: 6 };
const quantities = ["loss", "test_loss", "weight_distance", "linear_distance", "ntk_drift"];
const scales = [{ path: "init.alpha", values: [0.3, 1, 3] }];
const documents: Record<string, Record<string, Json>> = {
  "a diagonal network's full batches": {
    data: linear,
    model: { kind: "diagonal", depth: 3 },
    train: { stepSize: 1e-3, epochs: 300 },
    record: { every: 30, quantities: [...quantities, "flow_error"], arrays: ["ntk", "predictor"] },
    // At depth 3 a larger scale diverges.
    sweep: [{ path: "init.alpha", values: [0.2, 0.5, 1] }],
  },
  "a diagonal network's minibatches": {
    data: linear,
    model: { kind: "diagonal" },
    train: { stepSize: 1e-3, epochs: 60, batchSize: 8 },
    record: { every: 20, quantities, arrays: ["predictor"] },
    sweep: scales,
  },
  "a ReLU network": {
    // Layers and sets of the same sizes, so that their works share kernels.
    data: { ...linear, dimension: 7, testSamples: 21 },
    model: { kind: "relu", widths: [7, 7], unbiased: true },
    init: { shape: "he" },
    train: { stepSize: 1e-3, epochs: 100 },
    record: { every: 20, quantities, arrays: ["weights", "test_ntk"] },
    sweep: scales,
  },
};
const experimentOf = (document: Record<string, Json>): Experiment =>
  readExperiment({ name: "tuned", ...document }, "tuned.json");

/** Of ReLU networks test/kernels tries every constant against float64; whole plans of them take a minute to compile. */
const everyday = Object.entries(documents).filter(
  ([, { model }]) => inject("isThorough") || (model as { kind: string }).kind === "diagonal",
);

test.each(everyday)("every variant agrees with the plain one: %s", async (_, document) => {
  const { runs } = experimentOf(document);
  const members = await loadRuns(runs, new Map());
  const plan = await planCohort(device, await behaviourOf(runs[0].model), members, runs[0].record, {
    fused: false,
  });
  try {
    const works = plan.planner.dispatches.filter(({ variants }) => variants.length > 1);
    expect(works.length).toBeGreaterThan(4);
    for (const dispatch of works) {
      const trial = await TrialRun.open(plan.planner, dispatch);
      expect(await trial.expect(), dispatch.work).toBe(true);
      // Works of one shader share its ways to be cut out among them.
      const own = works.filter(({ variants: [plain] }) => plain.kernel === dispatch.variants[0].kernel);
      const isOwn = (place: number) => inject("isThorough") || place % own.length === own.indexOf(dispatch);
      for (const variant of dispatch.variants.filter((_, place) => isOwn(place)))
        expect([variantName(variant), await trial.problem(variant)]).toEqual([
          variantName(variant),
          undefined,
        ]);
    }
  } finally {
    plan.planner.release();
  }
  expect(device.buffers).toBe(0);
});

/** A plan of one dispatch: residuals of 9 runs. */
async function residuals(choice: Choice) {
  const [samples, inputs, runs] = [33, 65, 9];
  const table = packTiles(
    [...Array(runs).keys()],
    Array(runs).fill({ data: 0, targets: 0, stream: 0 }),
    1,
    8,
  );
  const planner = new Planner(device, {
    samples,
    inputs,
    channels: 1,
    capacity: samples,
    streams: 1,
    room: 8,
    stride: samples,
  });
  Object.assign(planner.shape, { tiles: table.length / 12, rows: runs });
  const floats = (label: string, count: number) => planner.buffer(label, 4 * count);
  const dispatch = await planner.dispatch(choice, {
    bind: {
      tiles: planner.filled("tiles", table),
      order: floats("order", 1),
      X: floats("X", inputs * samples),
      y: floats("y", samples),
      rows: floats("beta", runs * inputs),
      products: floats("r", runs * samples),
    },
    shape: () => ({ size: samples }),
  });
  return { planner, dispatch };
}

const { plain, tiled } = predictorProducts;

const spoiled: Record<string, [Kernel, string, string]> = {
  "a sign": [tiled, "value -= y", "value += y"],
  "the last input left out": [tiled, "step.size, params.inputs)", "step.size, params.inputs - 1)"],
  "rows that are not written": [tiled, "put(product, rows[R3], column, sums[R3]);", ""],
};

test.each(Object.entries(spoiled))(
  "a variant that computes wrongly never wins: %s",
  async (name, [kernel, right, wrong]) => {
    expect(kernel.code).toContain(right);
    const bad: Kernel = { ...kernel, file: `${name}.wgsl`, code: kernel.code.replaceAll(right, wrong) };
    const tiling = { tiled: true, lanes: 4, software: true, quads: true, fours: false, vector: 4 };
    const { variants, standard } = productsOf(33, 8, tiling);
    const overrides = { LANES: 4, ROWS: 8, COLUMNS: 9 };
    const { planner, dispatch } = await residuals({
      variants: [...variants, { kernel: bad, overrides }],
      standard,
    });
    const watch = new Stopwatch(device);
    const { winner, refused, microseconds } = await contest(
      planner,
      dispatch,
      watch,
      performance.now() + LONG,
    );
    watch.release();
    planner.release();
    const own = variantName({ kernel: bad, overrides });
    expect(refused).toEqual({
      [own]: expect.stringMatching(/^computes wrongly: r: .* at \d+, where the plain kernel has/),
    });
    expect(Object.keys(microseconds)).not.toContain(own);
    expect(Object.keys(microseconds).length).toBe(variants.length);
    expect(Object.keys(microseconds)).toContain(winner);
    expect(device.buffers).toBe(0);
  },
);

test("the fastest wins, and nothing is measured past the deadline", async () => {
  // The same work a hundred times over.
  const slow: Kernel = {
    ...plain,
    file: "slow.wgsl",
    code: plain.code
      .replace(
        "for (var i = group.y * ROWS;",
        "for (var again = 0u; again < 99u; again++) { for (var i = group.y * ROWS;",
      )
      .replace(/(fn plain[\s\S]*?\n)\}\n/, "$1}}\n"),
  };
  const standard = { kernel: slow, overrides: { LANES: 64, ROWS: 1 } };
  const { planner, dispatch } = await residuals({
    variants: [{ kernel: plain, overrides: { LANES: 64, ROWS: 1 } }],
    standard,
  });
  const watch = new Stopwatch(device);
  const early = await contest(planner, dispatch, watch, performance.now());
  expect([early.winner, early.microseconds]).toEqual([variantName(standard), {}]);
  const { winner } = await contest(planner, dispatch, watch, performance.now() + LONG);
  expect(winner).toBe("predictor_products.wgsl#plain LANES=64 ROWS=1");
  watch.release();
  planner.release();
  expect(device.buffers).toBe(0);
});

const trainedDocuments: typeof documents = {
  ...documents,
  // Its kernels of records are compared above, and take long to compile.
  "a ReLU network": {
    ...documents["a ReLU network"],
    record: { every: 20, quantities: ["loss"], arrays: ["weights"] },
  },
};

// Every variant of a ReLU network's works takes half a minute: with CASES=all.
test.each(
  Object.entries(trainedDocuments).filter(
    ([, { model }]) => inject("isThorough") || (model as { kind: string }).kind === "diagonal",
  ),
)("what is found is remembered, and changes no result: %s", async (_, document) => {
  const experiment = experimentOf(document);
  const options = { gpu: navigator.gpu, device, least: 0, budget: LONG };
  // A training of hours: a share of it is time enough to measure everything.
  const long = experimentOf({ ...document, train: { ...(document.train as object), epochs: 1e8 } });
  const memory = memoryOf({});
  const { settled, tuned } = await tuneExperiment(long, new Map(), { ...options, memory });
  expect(tuned.length).toBeGreaterThan(0);
  expect(tuned.every(({ remembered, winner }) => !remembered && winner.length > 0)).toBe(true);
  expect(device.buffers).toBe(0);

  const again = memoryOf(memory.fresh);
  const second = await tuneExperiment(long, new Map(), { ...options, memory: again, budget: 0 });
  expect(second.tuned.every(({ remembered }) => remembered)).toBe(true);
  expect(second.tuned.length).toBeGreaterThan(0);
  // Where whole updates have won, their plan has fewer works.
  expect(settled).toMatchObject(second.settled);
  expect(again.fresh).toEqual({});

  // The slowest instead of the fastest: whichever wins, the numbers are the same.
  const slowest = Object.fromEntries(
    tuned.map(({ work, microseconds, winner }) => [work, Object.keys(microseconds).at(-1) ?? winner]),
  );
  const members = await loadRuns(experiment.runs, new Map());
  const { compared, train } = (await behaviourOf(experiment.runs[0].model)).reference;
  const bounds = await Promise.all(
    members.map(async (member) => (await train(rounded(member))).at(-1)!.bound),
  );
  const endsOf = async (choice: Settled) => {
    const { weights, predictors, report } = await trained(document, new Map(), { settled: choice });
    expect(Object.keys(report.kernels).length).toBeGreaterThan(0);
    return compared === "weights" ? weights : predictors;
  };
  const standard = await endsOf({});
  for (const choice of [settled, slowest]) {
    const ends = await endsOf(choice);
    // Of diagonal networks every variant sums in the same order.
    if (adapterFamily(device.adapter) === "swiftshader" && compared === "predictor")
      expect(ends).toEqual(standard);
    ends.forEach((end, run) => {
      const gap = Math.hypot(...end.map((value, i) => value - standard[run][i]));
      expect(gap).toBeLessThanOrEqual(2 * bounds[run]);
    });
  }
});

test("short trainings, flows and searches are not tuned", async () => {
  const memory = memoryOf({});
  const tune = (document: Record<string, Json>, least?: number) =>
    tuneExperiment(experimentOf(document), new Map(), {
      gpu: navigator.gpu,
      device,
      memory,
      ...(least === undefined ? {} : { least }),
    });
  const none = { settled: {}, tuned: [] };
  const short = documents["a diagonal network's full batches"];
  expect(await tune(short)).toEqual(none);
  expect(await tune({ ...short, train: { method: "gradient-flow", time: 1 } }, 0)).toEqual(none);
});

test("training that goes on keeps the variants of its checkpoint, whatever is settled on now", async () => {
  const document = { ...documents["a diagonal network's minibatches"] };
  const options = { gpu: navigator.gpu, device, least: 0, budget: LONG, memory: memoryOf({}) };
  const long = experimentOf({ ...document, train: { ...(document.train as object), epochs: 1e8 } });
  const { tuned } = await tuneExperiment(long, new Map(), options);
  const others = Object.fromEntries(
    tuned.map(({ work, microseconds, standard }) => [
      work,
      Object.keys(microseconds).find((name) => name !== standard)!,
    ]),
  );
  let checkpoint: Checkpoint | undefined;
  const sink = {
    record: () => {},
    end: () => {},
    checkpoint: (taken: Checkpoint) => void (checkpoint ??= taken),
  };
  const { runExperiment } = await import("../../src/engine.ts");
  const whole = await runExperiment(experimentOf(document), new Map(), {
    gpu: undefined,
    device,
    settled: others,
    checkpointInterval: 0,
    submitBudget: 8,
    sink,
  });
  expect(checkpoint!.settled).toEqual(others);
  const resumed = await runExperiment(experimentOf(document), new Map(), {
    gpu: undefined,
    device,
    settled: {},
    checkpoint,
    sink: { record: () => {}, end: () => {} },
  });
  expect(resumed.kernels).toEqual(whole.kernels);
});
