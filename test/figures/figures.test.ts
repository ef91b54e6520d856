import { Resvg } from "@resvg/resvg-js";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { catalogue } from "../../src/quantities/catalogue.ts";
import { sampleHistory } from "../../src/results/sample.ts";
import { figures, figuresOf } from "../../viewer/figures/registry.ts";
import { renderSvg } from "../../viewer/figures/render.ts";
import type { Results } from "../../src/results/types.ts";
import type { Report } from "../../bench/row.ts";
import { light } from "../../viewer/figures/theme.ts";
import { throughput } from "../../viewer/figures/throughput.ts";
import { weightDistance } from "../../viewer/figures/weight-distance.ts";
import { draw, geometry, lines, texts } from "./drawing.ts";
import { curve, made, trained } from "./samples/samples.ts";

const figure = (id: string) => figures.find((candidate) => candidate.id === id)!;
const notes = (drawing: Element) =>
  Array.from(drawing.querySelectorAll('[aria-label="notes"] text'), (node) => node.textContent).join(" ");

test("results show the figures that they hold everything for", () => {
  expect(figuresOf(trained("alpha-sweep")).map(({ id }) => id)).toEqual([
    "weight-distance",
    "linear-distance",
    "loss",
    "function-distance",
    "kernel-drift",
    "kernel-drift-against-alpha",
    "distances-against-alpha",
    "tangent-kernels",
    "tangent-kernel",
    "surface",
  ]);
  expect(figuresOf(trained("kernel-regime")).map(({ id }) => id)).not.toContain("tangent-kernel");
  expect(figuresOf(made([{ swept: {}, values: [1] }])).map(({ id }) => id)).toEqual(["weight-distance"]);
});

test("every quantity of the catalogue has a figure", () => {
  const shown = new Set(figures.flatMap(({ needs }) => needs));
  // The linearized loss is drawn beside the loss.
  const names = Object.keys(catalogue).filter((name) => name !== "linear_loss");
  expect(names.filter((name) => !shown.has(name))).toEqual([]);
});

test("identifiers are file names, each used once", () => {
  const ids = figures.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
});

test("axes have titles with symbols and units, and the legend names every alpha", () => {
  const results = trained("alpha-sweep");
  expect(texts(draw(weightDistance, results))).toEqual(
    expect.arrayContaining(["‖w − w(0)‖₂", "epoch", "α", "0.05", "0.1", "0.5", "1", "5"]),
  );
  expect(texts(draw(weightDistance, results, { against: "time" }))).toContain("time (step size × updates)");
  expect(texts(draw(figure("loss"), results))).toEqual(
    expect.arrayContaining(["L(w)", "L(w̄)", "L(w), L(w̄)"]),
  );
  expect(texts(draw(figure("tangent-kernel"), results))).toEqual(
    expect.arrayContaining(["K(0)", "K(t)", "K(t) − K(0): 9,300%", "sample i", "sample j"]),
  );
});

test("a log axis leaves out zeros and says so; a linear one shows them", () => {
  const results = trained("alpha-sweep");
  expect(notes(draw(weightDistance, results))).toContain("5 points at or below zero are left out");
  expect(notes(draw(weightDistance, results, { logX: false, logY: false }))).toBe("");
});

test("values that are not finite are left out, counted, and move no scale", () => {
  const clean = made([{ swept: { "init.alpha": 1 }, values: [1, 2, 3, 4] }]);
  const dirty = made([{ swept: { "init.alpha": 1 }, values: [1, 2, NaN, 3, Infinity, -Infinity, 4] }]);
  const drawing = draw(weightDistance, dirty, { logY: false });
  expect(notes(drawing)).toContain("3 points without a finite value are left out");
  expect(geometry(drawing).join(" ")).not.toMatch(/NaN|Infinity/);
  const labels = (node: Element) => texts(node.querySelector('[aria-label="y-axis tick label"]')!);
  expect(labels(drawing)).toEqual(labels(draw(weightDistance, clean, { logY: false })));
});

test("a diverged run is named, marked, and sets no scale", () => {
  const steady = { swept: { "init.alpha": 1 }, values: [1, 2, 3] };
  const diverged = { swept: { "init.alpha": 9 }, status: "diverged", values: [1, 2, 1e30, 3e38] };
  const drawing = draw(weightDistance, made([steady, diverged]), { logY: false });
  expect(notes(drawing)).toContain("Diverged: α = 9.");
  expect(texts(drawing)).toContain("diverged");
  const ticks = texts(drawing.querySelector('[aria-label="y-axis tick label"]')!).map(Number);
  expect(Math.max(...ticks)).toBeLessThanOrEqual(3.5);
});

test("all diverged, nothing finite, no records, no runs: a drawing with a note", () => {
  const cases = [
    made([{ swept: { "init.alpha": 1 }, status: "diverged", values: [1, 1e38] }]),
    made([{ swept: { "init.alpha": 1 }, values: [NaN, NaN] }]),
    made([{ swept: { "init.alpha": 1 }, values: [0, 0, 0] }]),
    made([{ swept: { "init.alpha": 1 }, values: [] }]),
    made([]),
  ];
  for (const results of cases) {
    for (const logY of [true, false]) {
      const drawing = draw(weightDistance, results, { logY });
      expect(geometry(drawing).join(" ")).not.toMatch(/NaN|Infinity|undefined/);
    }
  }
  expect(notes(draw(weightDistance, cases[1]))).toContain("There is nothing to draw on these axes yet.");
});

test("whatever is swept names the lines", () => {
  const of = (swept: Parameters<typeof made>[0][number]["swept"][]) =>
    texts(draw(weightDistance, made(swept.map((values, k) => ({ swept: values, values: curve(5, k + 1) })))));
  expect(of([{}])).not.toContain("α");
  expect(of([{ "train.stepSize": 0.1 }, { "train.stepSize": 0.2 }])).toEqual(
    expect.arrayContaining(["η", "0.1", "0.2"]),
  );
  expect(of([{ "train.batchSize": "32" }, { "train.batchSize": "full" }])).toEqual(
    expect.arrayContaining(["batch size", "32", "full"]),
  );
  expect(of([{ "train.stopLoss": null }, { "train.stopLoss": 0.1 }])).toEqual(
    expect.arrayContaining(["none", "0.1"]),
  );
  expect(of(Array.from({ length: 9 }, (_, k) => ({ "x.name": `name ${k}` })))).toContain("3 others");
  expect(of(Array.from({ length: 20 }, (_, k) => ({ "init.alpha": 2 ** k })))).toEqual(
    expect.arrayContaining(["α", "1", "724", "524,000"]),
  );
});

test("4096 runs are thinned, or drawn as bands where they repeat, and the figure says which", () => {
  const alphas = made(
    Array.from({ length: 4096 }, (_, run) => ({
      swept: { "init.alpha": run + 1 },
      values: curve(20, run + 1),
    })),
  );
  const thinned = draw(weightDistance, alphas);
  expect(lines(thinned)).toHaveLength(48);
  expect(notes(thinned)).toContain("48 of 4,096 runs are drawn, evenly chosen in the order of α.");
  const sampled = draw(weightDistance, { ...alphas, ...sampleHistory(alphas, 100 * 20 * 32) });
  expect(lines(sampled)).toHaveLength(48);
  expect(notes(sampled)).toContain("48 of 4,096 runs are drawn");
  expect(notes(sampled)).toContain("every record of 100 of 4,096 runs");

  const seeds = made(
    Array.from({ length: 4096 }, (_, run) => ({
      swept: { "init.alpha": 1 + (run % 4), "data.seed": run },
      values: curve(20, 1 + (run % 4) + run / 4096),
    })),
  );
  const bands = draw(weightDistance, seeds);
  expect(lines(bands)).toHaveLength(4);
  expect(bands.querySelectorAll('[aria-label="area"] path')).toHaveLength(4);
  expect(notes(bands)).toContain("bands hold the middle 80%, of n = 1,024 runs each");
});

test("bands of a thinned history run through every eighth point of the whole one's, though most runs stop early", () => {
  const whole = made(
    Array.from({ length: 200 }, (_, run) => ({
      swept: { "init.alpha": 1 + (run % 2), "data.seed": run },
      // Most end where no step falls, and before the last record.
      values: curve(run < 2 ? 201 : 1 + (run % 61), 1 + (run % 2)),
    })),
  );
  const thinned = { ...whole, ...sampleHistory(whole, whole.history.rows * 7) };
  expect(thinned.thinned!.step).toBe(8);
  // A line is thin from where half of its runs have ended: its two parts meet in a point.
  const points = (results: Results) => {
    const parts = lines(draw(weightDistance, results, { logX: false, logY: false }));
    expect(parts).toHaveLength(4);
    return [0, 1].map((k) => [
      ...new Set([parts[k], parts[k + 2]].flatMap((part) => part.slice(1).split("L"))),
    ]);
  };
  const all = points(whole);
  points(thinned).forEach((line, k) => {
    expect(line).toEqual(all[k].filter((_, record) => record % 8 === 0));
  });
});

test("throughput's axis has the numbers of runs that were measured, as far as they have room", () => {
  const labels = (counts: number[]) => {
    const rows = counts.map((runs) => ({
      workload: "w",
      engine: "alphasweep",
      runs,
      us_per_step: { median: runs },
      run_steps_per_s: 1e6,
      gflops: 1,
      times_js: null,
    }));
    const { document } = parseHTML("<!doctype html><html><body></body></html>");
    const frame = { document, width: 600, theme: light };
    const drawing = throughput.draw({ rows } as unknown as Report, frame, { y: "gflops" });
    return texts(drawing.querySelector('[aria-label="x-axis tick label"]')!);
  };
  expect(labels([1, 2, 3])).toEqual(["1", "2", "3"]);
  expect(labels([4096, 20, 60, 64, 20, 512])).toEqual(["20", "60", "512", "4,096"]);
  expect(labels([64])).toEqual(["64"]);
});

test("a line of many records keeps its extremes in every pixel", () => {
  const values = Array.from({ length: 20_000 }, (_, k) => (k === 12_345 ? 5 : 1 + (k % 2)));
  const [line] = lines(draw(weightDistance, made([{ swept: {}, values }]), { logY: false }));
  const ys = [...line.matchAll(/[ML,][^,]*,([\d.]+)/g)].map(([, y]) => Number(y));
  expect(line.length).toBeLessThan(100_000);
  expect(ys.filter((y) => y === Math.min(...ys))).toHaveLength(1);
});

test("f minus its linearization is p² − m² at every alpha, and relative to ±8 alpha it shrinks", () => {
  for (const position of [0, 20, 40, 60, 80]) {
    const { columns, rows } = figure("surface").data(trained("alpha-sweep"), {
      alpha: position,
      turn: 0,
      tilt: 0,
    });
    const alpha = 10 ** (-2 + position / 20);
    let largest = 0;
    for (let k = 0; k < rows; k++) {
      const [w1, w2, f, linear, relative] = ["w1", "w2", "f", "f linearized", "relative gap"].map((name) =>
        Number(columns[name][k]),
      );
      const gap = (w1 - alpha) ** 2 - (w2 - alpha) ** 2;
      // 4 roundings of terms of the size of f.
      const bound = 8 * Number.EPSILON * (w1 * w1 + w2 * w2 + 8 * alpha);
      expect(Math.abs(f - (w1 * w1 - w2 * w2))).toBeLessThanOrEqual(bound);
      expect(Math.abs(f - linear - gap)).toBeLessThanOrEqual(bound);
      largest = Math.max(largest, Math.abs(relative));
    }
    expect(largest).toBeCloseTo(4 / (8 * alpha), 6);
  }
});

test("hostile names and values become text, not markup, in well-formed files", () => {
  const hostile = "</text><script>alert(1)</script>\"'&\u0000\u0007\ud800<img src=x onerror=alert(1)>";
  const results = made(
    [
      { swept: { [`data.${hostile}`]: hostile }, values: curve(5, 1) },
      { swept: { [`data.${hostile}`]: "b".repeat(500) }, values: curve(5, 2) },
    ],
    hostile,
  );
  const drawing = draw(weightDistance, results);
  expect(drawing.querySelectorAll("script, img, foreignObject")).toHaveLength(0);
  const svg = renderSvg(weightDistance, results);
  expect(svg).not.toMatch(/<script|<img/);
  // A strict XML parser refuses what is not well-formed.
  expect(() => new Resvg(svg)).not.toThrow();
  expect(texts(drawing).every((text) => text.length < 1000)).toBe(true);
});

test("every figure fits a narrow page", () => {
  for (const candidate of figuresOf(trained("alpha-sweep"))) {
    const drawing = draw(candidate, trained("alpha-sweep"), {}, 320);
    expect(drawing.getAttribute("width")).toBe("320");
    expect(geometry(drawing).join(" ")).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("the numbers behind a figure come with what the runs differ in", () => {
  const results = trained("alpha-sweep");
  const { columns, rows } = weightDistance.data(results, {});
  expect(Object.keys(columns)).toEqual(["run", "init.alpha", "epoch", "time", "weight_distance"]);
  expect(rows).toBe(results.history.rows);
  expect(columns["init.alpha"][rows - 1]).toBe(5);
});
