/** Figures over trials: what is averaged, which power laws are found, what the notes own up to. */

import { expect, test } from "vitest";
import { criticalScale, criticalScales } from "../../src/results/critical-scale.ts";
import { estimate, studentQuantile } from "../../src/results/estimate.ts";
import { figures, figuresOf } from "../../viewer/figures/registry.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { trialLaw } from "../../src/results/trial-law.ts";
import { settingsOf } from "../../src/results/trials.ts";
import type { Json } from "../../src/document/types.ts";
import type { Results } from "../../src/results/types.ts";
import { draw, geometry, texts, lines } from "./drawing.ts";
import { made } from "./samples/samples.ts";

interface Trial {
  swept: Record<string, string | number | boolean>;
  measured: Record<string, number>;
}

/** Results with the last values of some quantities. */
function results(trials: Trial[], document: Record<string, Json> = {}): Results {
  const base = made(trials.map(({ swept }) => ({ swept, values: [0, 1] })));
  const last = Object.fromEntries(
    Object.keys(trials[0].measured).map((name) => [
      name,
      Float64Array.from(trials, ({ measured }) => measured[name]),
    ]),
  );
  return {
    ...base,
    manifest: {
      ...base.manifest,
      document: {
        data: { kind: "sparse-signs", seed: 1 },
        model: { kind: "relu", widths: [8] },
        init: { alpha: 1, shape: "he" },
        ...document,
      },
    },
    runs: { ...base.runs, columns: { ...base.runs.columns, ...last } },
    history: {
      ...base.history,
      columns: {
        ...base.history.columns,
        ...Object.fromEntries(Object.keys(last).map((name) => [name, new Float64Array(base.history.rows)])),
      },
    },
  };
}

const product = <A, B>(first: readonly A[], second: readonly B[]): [A, B][] =>
  first.flatMap((a) => second.map((b): [A, B] => [a, b]));
const figure = (id: string) => figures.find((candidate) => candidate.id === id)!;

test("a mean, its standard error and its 95% interval are the textbook's", () => {
  // 1 ... 5: variance 2.5; t(4) at 97.5% is 2.776.
  const { mean, error, margin } = estimate([1, 2, 3, 4, 5]);
  expect(mean).toBe(3);
  expect(error).toBeCloseTo(Math.sqrt(0.5), 12);
  expect(margin / error).toBeCloseTo(2.776, 1);
  for (const [freedom, quantile] of [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [19, 2.093],
    [100, 1.984],
  ])
    expect(Math.abs(studentQuantile(freedom) / quantile - 1)).toBeLessThan(0.003);
  expect(estimate([7]).margin).toBeNaN();
});

test("the critical scale lies between two runs on a line in the logarithms", () => {
  const runs = [
    { alpha: 10, error: 16 },
    { alpha: 0.1, error: 1 },
    { alpha: 1, error: 1 },
  ];
  expect(criticalScale(runs, 2)).toBeCloseTo(10 ** 0.25, 12);
  expect(criticalScale(runs, 4)).toBeCloseTo(10 ** 0.5, 12);
  expect(criticalScale(runs, 32)).toBe(10);
  // The largest scale that passes counts, whatever fails below it.
  expect(criticalScale([{ alpha: 0.01, error: 9 }, ...runs], 4)).toBeCloseTo(10 ** 0.5, 12);
  expect(criticalScale([], 2)).toBeNaN();
});

const widths = [64, 128, 256, 512];
const byWidth = results(
  product([1, 2, 3], widths).map(([seed, width]) => ({
    swept: { "model.widths[0]": width, "train.stepSize": 0.4 / width, "init.seed": seed, "data.seed": seed },
    measured: { ntk_drift: seed * width ** (-2 + 0.1 * (seed - 2)) },
  })),
);

test("every trial has a power law of its own, and their spread is the interval", () => {
  const drift = byWidth.runs.columns.ntk_drift as Float64Array;
  const law = trialLaw(byWidth, settingsOf(byWidth), "model.widths[0]", (row) => drift[row])!;
  expect(law.exponent.mean).toBeCloseTo(-2, 10);
  expect(law.exponent.deviation).toBeCloseTo(0.1, 10);
  expect(law.exponent.margin).toBeCloseTo((4.30265 * 0.1) / Math.sqrt(3), 6);
  // Through the trials' mean of logarithms.
  const mean = [1, 2, 3].reduce((sum, seed) => sum + Math.log(seed * 64 ** (-2 + 0.1 * (seed - 2))), 0) / 3;
  expect(Math.log(law.at(64))).toBeCloseTo(mean, 10);
});

test("where a law is drawn both axes are logarithms, and its line goes through the dots", () => {
  const drawing = draw(figure("kernel-change-against-width"), byWidth);
  const [from, to] = lines(drawing)[0]
    .slice(1)
    .split("L")
    .map((point) => point.split(",").map(Number));
  const dots = Array.from(drawing.querySelectorAll('[aria-label="dot"] circle'), (dot) =>
    ["cx", "cy"].map((name) => Number(dot.getAttribute(name))),
  );
  expect(dots).toHaveLength(widths.length);
  for (const [x, y] of dots)
    expect(from[1] + ((x - from[0]) / (to[0] - from[0])) * (to[1] - from[1])).toBeCloseTo(y, 0);
});

test("the figure against width states exponent, interval and initial weights; step sizes make no curves of their own", () => {
  const drawn = texts(draw(figure("kernel-change-against-width"), byWidth)).join(" | ");
  expect(drawn).toContain("exponent −2.00 ± 0.25");
  expect(drawn).toContain("Initial weights: He.");
  expect(drawn).not.toContain("η");
});

const accuracies = (shared: boolean) =>
  results(
    product([0.01, 1], [1, 2, 3, 4]).flatMap(([alpha, seed]) =>
      [100, 200].map((samples) => ({
        swept: {
          "data.samples": samples,
          "init.alpha": alpha,
          "init.seed": seed,
          ...(!shared && { "data.seed": seed }),
        },
        measured: { test_accuracy: 0.5 + 0.1 * seed - alpha / 10, weight_l1: 10 * seed, weight_l2: seed },
      })),
    ),
    { data: { kind: "sparse-signs", seed: 1 }, loss: { l2: 0.001 } },
  );

test("trials that share a dataset are owned up to, and so is a penalty", () => {
  const note = /share one dataset/;
  const [shared, own] = [true, false].map((kind) =>
    texts(draw(figure("accuracy-against-scale"), accuracies(kind))).join(" "),
  );
  expect(shared).toMatch(note);
  expect(own).not.toMatch(note);
  expect(own).toContain("Explicit penalty: 0.001 ‖w‖₂².");
  expect(own).toContain("N = 100");
  expect(own).toContain("over 4 trials");
});

test("a ratio of norms is measured run by run", () => {
  const { columns } = figure("norms-against-scale").data(accuracies(false), {
    measure: "l1_over_l2",
    band: "mean",
    logY: false,
  });
  expect(Array.from(columns.l1_over_l2 as Float64Array)).toEqual(new Array(16).fill(10));
});

const depths = results(
  product(["[8]", "[8,8,8]"], [0.1, 1, 10]).flatMap(([layers, alpha]) =>
    [1, 2].map((seed) => ({
      swept: { "model.widths": layers, "init.alpha": alpha, "init.seed": seed, "data.seed": seed },
      measured: {
        test_loss: layers === "[8]" ? Math.max(1, alpha) : Math.max(1, alpha ** 2),
        activation_stability: 1,
        ntk_drift: 1,
      },
    })),
  ),
);

test("a list of widths is a number of hidden layers, in figures and in the runs that theory sees", () => {
  expect(specifiedRuns(depths)[8]).toMatchObject({ model: { kind: "relu", widths: [8, 8, 8] } });
  const scales = criticalScales(depths, 2);
  expect(scales.map(({ layers }) => layers)).toEqual([1, 1, 3, 3]);
  expect(scales[0].alpha).toBeCloseTo(2, 10);
  expect(scales[2].alpha).toBeCloseTo(Math.SQRT2, 10);
  expect(scales[2].output).toBeCloseTo(4, 10);
  expect(texts(draw(figure("test-error-against-scale"), depths))).toEqual(
    expect.arrayContaining(["k = 1", "k = 3"]),
  );
  const ids = figuresOf(depths).map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(["critical-scale-against-depth", "kernel-change-against-scale"]),
  );
  expect(geometry(draw(figure("critical-scale-against-depth"), depths)).join(" ")).not.toMatch(/NaN/);
});

test("without trials there is nothing to average", () => {
  const single = results([
    { swept: { "init.alpha": 1 }, measured: { test_accuracy: 1 } },
    { swept: { "init.alpha": 2 }, measured: { test_accuracy: 1 } },
  ]);
  expect(figuresOf(single).map(({ id }) => id)).not.toContain("accuracy-against-scale");
});

test("datasets crossed with initializations are drawn dataset by dataset", () => {
  const crossed = results(
    product([1, 2, 3], [1, 2]).map(([data, init]) => ({
      swept: { "data.seed": data, "init.seed": init },
      measured: { test_accuracy: 0.5 + 0.1 * data + 0.01 * init },
    })),
  );
  expect(figuresOf(crossed).map(({ id }) => id)).toContain("accuracy-by-dataset");
  expect(texts(draw(figure("accuracy-by-dataset"), crossed)).join(" ")).toContain(
    "3 datasets: their means have a standard deviation of 0.1.",
  );
});

test("what goes in step with the path that is drawn along makes no families of its own", async () => {
  const { sampleComplexity } = await import("./samples/searches.ts");
  const plain = await sampleComplexity();
  const { columns } = plain.runs;
  const dimensions = Array.from(columns["data.dimension"] as ArrayLike<number>);
  const found = figures.find(({ id }) => id === "search-found")!;
  const inStep: Results = {
    ...plain,
    runs: {
      ...plain.runs,
      columns: { ...columns, "train.epochs": Float64Array.from(dimensions, (dimension) => 4e4 / dimension) },
    },
  };
  const laws = (results: Results) => texts(draw(found, results)).filter((text) => text.includes("off by"));
  expect(laws(plain).length).toBe(2);
  expect(laws(inStep)).toEqual(laws(plain));
});
