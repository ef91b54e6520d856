/** Figures of sparse regression: measured points and exact limits are the numbers that theory gives for the document's data. */

import { expect, test } from "vitest";
import type { DataSpecification } from "../../src/document/types.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import {
  biasMinimizer,
  largestRecoveringScale,
  minimumL1,
  populationErrors,
} from "../../src/theory/index.ts";
import { figures, figuresOf } from "../../viewer/figures/registry.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { draw, geometry, texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";
import { asDescent, recovery, sparseRegression } from "./samples/sparse.ts";

const sparse = await sparseRegression();
const figure = (id: string) => figures.find((candidate) => candidate.id === id)!;
const column = (id: string, name: string, settings = {}) =>
  Array.from(figure(id).data(sparse, { logY: false, family: "0", ...settings }).columns[name] as number[]);

const own = [
  "excess-l1-against-alpha",
  "population-error-against-alpha",
  "population-error-map",
  "leading-coordinates",
  "implicit-potentials",
  "potential-ratio",
  "explicit-and-implicit",
];

test("results of a sparse regression show them, those without a true predictor do not", () => {
  expect(figuresOf(sparse).map(({ id }) => id)).toEqual(expect.arrayContaining(own));
  const others = figuresOf(trained("alpha-sweep")).map(({ id }) => id);
  for (const id of own) expect(others).not.toContain(id);
});

test("what Q says of diagonal networks is not shown beside another model's results", () => {
  const { manifest } = sparse;
  const document = { ...(manifest.document as object), model: { kind: "linear", widths: [20] } };
  const shown = figuresOf({ ...sparse, manifest: { ...manifest, document } }).map(({ id }) => id);
  expect(shown).toContain("excess-l1-against-alpha");
  for (const id of ["implicit-potentials", "potential-ratio", "explicit-and-implicit"])
    expect(shown).not.toContain(id);
});

test("a run's specification is the document with what the run was swept to", () => {
  expect(specifiedRuns(sparse)[5]).toMatchObject({
    data: { kind: "linear-sparse", samples: 14, seed: 3 },
    init: { alpha: 0.01, scaling: "weights" },
  });
});

test("curves are the exact limit's numbers, at the runs' own alphas too", () => {
  const id = "population-error-against-alpha";
  const [settings, alphas, values, from] = ["setting", "alpha", "population_l1", "from"].map((name) =>
    column(id, name),
  ) as [unknown[], number[], number[], unknown[]];
  for (const [index, run] of specifiedRuns(sparse).entries()) {
    const dataset = loadDataset(run.data, new Map());
    const { beta } = biasMinimizer(dataset, { alpha: run.init.alpha });
    const row = alphas.findIndex(
      (alpha, k) =>
        alpha === run.init.alpha && from[k] === "exact limit" && settings[k] === `N = ${index < 4 ? 8 : 14}`,
    );
    expect(values[row]).toBeCloseTo(populationErrors(beta, dataset.betaStar!).population_l1, 9);
  }
});

test("a converged run lies on its curve, one that ended early is hollow and explained", () => {
  const id = "excess-l1-against-alpha";
  const [settings, alphas, values, from] = ["setting", "alpha", "excess_l1", "from"].map((name) =>
    column(id, name),
  ) as [string[], number[], number[], string[]];
  const rows = [...from.keys()];
  const converged = rows.filter((row) => from[row] === "converged");
  expect(converged.length).toBeGreaterThan(0);
  expect(from).toContain("finished");
  for (const row of converged) {
    const limit = rows.find(
      (other) =>
        from[other] === "exact limit" && alphas[other] === alphas[row] && settings[other] === settings[row],
    )!;
    // At a loss of 1e-6; with these few samples the predictor is within a few times its root.
    expect(Math.abs(values[row] - values[limit])).toBeLessThan(0.02);
  }
  const drawing = draw(figure(id), sparse);
  expect(texts(drawing)).toEqual(
    expect.arrayContaining([
      "limit of gradient flow, exact",
      "converged",
      "ended before converging",
      "N = 8",
    ]),
  );
  expect(texts(drawing).join(" ")).toContain("early stopping");
});

test("the exact excess is drawn where a norm is recorded, or the predictor; else the figure says what it wants", () => {
  const id = "excess-l1-against-alpha";
  const { predictor_l1, ...columns } = sparse.runs.columns;
  expect(predictor_l1).toBeDefined();
  const unrecorded = { ...sparse, runs: { ...sparse.runs, columns } };
  const values = (results: Results) =>
    figure(id).data(results, { logY: false }).columns.excess_l1 as number[];
  const recorded = values(sparse);
  // Predictors are float32.
  values(unrecorded).forEach((value, k) => expect(value).toBeCloseTo(recorded[k], 6));
  expect(texts(draw(figure(id), unrecorded)).join(" ")).not.toContain("record predictor_l1");
  const bare = draw(figure(id), { ...unrecorded, arrays: {} });
  expect(texts(bare)).not.toContain("limit of gradient flow, exact");
  expect(texts(bare).join(" ")).toContain("record predictor_l1 or the array predictor");
});

test("saddles end where the data are fitted: rounding is no level", () => {
  const { rows, columns } = sparse.history;
  const time = (columns.time as Float64Array).map((value) => 1000 * value);
  const drawing = draw(figure("saddles"), { ...sparse, history: { rows, columns: { ...columns, time } } });
  expect(texts(drawing).filter((text) => /10⁻[¹²³]\S/.test(text))).toEqual([]);
  expect(geometry(drawing).join(" ")).not.toMatch(/NaN|undefined/);
});

test("a figure of one of several settings says which", () => {
  for (const id of ["population-error-map", "leading-coordinates"])
    for (const family of ["0", "1"])
      expect(texts(draw(figure(id), sparse, { family })).join(" ")).toContain(
        `Drawn are the runs of N = ${[8, 14][Number(family)]}.`,
      );
});

test("the map's numbers are the history's, and its limits stand beside", () => {
  for (const family of ["0", "1"]) {
    const errors = column("population-error-map", "population_l1", { family });
    const expected = specifiedRuns(sparse).flatMap(({ data }, run) =>
      "samples" in data && data.samples === [8, 14][Number(family)]
        ? Array.from(sparse.history.columns.population_l1 as Float64Array).filter(
            (_, k) => sparse.history.columns.run[k] === run,
          )
        : [],
    );
    expect(errors).toEqual(expected);
  }
  expect(texts(draw(figure("population-error-map"), sparse)).join(" ")).toContain("exact limit");
});

test("the map keeps runs that stopped before the second of the records that are left", () => {
  // All but the first have a start, at time 0, and an end.
  const kept = historyRows(sparse).map((own, run) => (run === 0 ? [...own] : [own[0], own[2]]));
  const rows = kept.flat();
  const starts = new Set(kept.map(([row]) => row));
  const columns = Object.fromEntries(
    Object.entries(sparse.history.columns).map(([name, values]) => [
      name,
      Float64Array.from(rows, (row) => (name === "time" && starts.has(row) ? 0 : Number(values[row]))),
    ]),
  );
  const records = Int32Array.from(kept.flatMap((own, run) => own.map((_, k) => (run === 0 ? 4 * k : 2 * k))));
  const thinned = { ...sparse, history: { rows: rows.length, columns }, thinned: { step: 4, records } };
  const map = figure("population-error-map");
  const alphas = (results: Results) =>
    new Set(map.data(results, { family: "0" }).columns.alpha as Float64Array);
  expect(alphas(thinned)).toEqual(alphas(sparse));
  expect(texts(draw(map, thinned)).join(" ")).toContain("every 4th record and the last of each run");
});

test("the ratio of Q goes from the l1 norm's to the l2 norm's", () => {
  const depths = column("potential-ratio", "depth");
  const ratios = column("potential-ratio", "ratio");
  for (const depth of [2, 3, 5, 8]) {
    const ofDepth = ratios.filter((_, k) => depths[k] === depth);
    expect(ofDepth.at(-1)).toBeCloseTo(1, 3);
    if (depth > 2) expect(ofDepth[0]).toBeCloseTo(1 / Math.sqrt(24), 4);
    expect(ofDepth.every((ratio, k) => k === 0 || ratio >= ofDepth[k - 1] - 1e-12)).toBe(true);
  }
});

test("explicit and implicit bias go from the l1 norm's ratio to the l2 norm's, R before Q", () => {
  const ratio = (bias: string) =>
    column("explicit-and-implicit", "ratio").filter(
      (_, k) => (column("explicit-and-implicit", "bias") as unknown[])[k] === bias,
    );
  const [implicit, explicit] = [ratio("implicit"), ratio("explicit")];
  explicit.forEach((value, k) => expect(value).toBeLessThanOrEqual(implicit[k] + 1e-12));
  expect(explicit[0]).toBeCloseTo(1 / Math.sqrt(24), 6);
  expect(implicit[0]).toBeGreaterThan(1.05 / Math.sqrt(24));
  for (const values of [implicit, explicit]) expect(values.at(-1)).toBeCloseTo(1, 6);
});

test("the published form holds every curve against one solution, or with the switch against its own", async () => {
  const published = figure("published-and-exact");
  const descended = asDescent(sparse);
  expect(figuresOf(sparse)).not.toContain(published);
  expect(figuresOf(descended)).toContain(published);
  const shared = (await minimumL1(loadDataset(specifiedRuns(sparse)[4].data, new Map()))).beta;
  for (const oneSolution of [true, false]) {
    const settings = { quantity: "min_l1_distance", oneSolution };
    const { columns } = published.data(descended, settings);
    const values = (columns.min_l1_distance as Float64Array).filter(
      (_, k) => columns.from[k] === "as published",
    );
    const { shape, data } = sparse.arrays.predictor!;
    values.forEach((value, row) => {
      const beta = data.subarray(row * shape[1], (row + 1) * shape[1]);
      const toShared = beta.reduce((sum, entry, i) => sum + Math.abs(entry - shared[i]), 0);
      const toOwn = sparse.runs.columns.min_l1_distance[row] as number;
      expect(value).toBeCloseTo(oneSolution ? toShared : toOwn, 6);
      // The first family's own solution is another one.
      if (row < 4) expect(Math.abs(toShared - toOwn)).toBeGreaterThan(0.1);
    });
    const drawing = draw(published, descended, settings);
    expect(texts(drawing).join(" ").includes("against the minimum-l1 solution of N = 14")).toBe(oneSolution);
    expect(texts(drawing)).toEqual(expect.arrayContaining(["As published", "Against the exact limits"]));
    // The line at zero is one of the grid's, above the axis and its numbers.
    const grids = Array.from(drawing.querySelectorAll('[aria-label="y-grid"] line'), (line) =>
      line.getAttribute("y1"),
    );
    for (const zero of Array.from(drawing.querySelectorAll('[aria-label="rule"] line')))
      expect(grids).toContain(zero.getAttribute("y1"));
  }
});

test("the largest alpha that recovers: exact for every depth, and where runs cross the error", () => {
  const results = recovery();
  const { columns } = figure("largest-recovering-alpha").data(results, {});
  const rows = [...Array(columns.alpha.length).keys()];
  const alphaOf = (depth: number, samples: number, from: string) =>
    rows
      .filter(
        (row) =>
          columns.depth[row] === depth && columns.samples[row] === samples && columns.from[row] === from,
      )
      .map((row) => columns.alpha[row] as number);
  for (const samples of [14, 18]) {
    const dataset = loadDataset(
      { ...specifiedRuns(results)[0].data, samples } as DataSpecification,
      new Map(),
    );
    const scales = [2, 3, 5, 8].map((depth) => largestRecoveringScale(dataset, depth));
    scales.forEach((scale, k) => expect(alphaOf([2, 3, 5, 8][k], samples, "exact limit")).toEqual([scale]));
    // Coming from large alpha, the error is first that small there.
    const error = (alpha: number) =>
      populationErrors(biasMinimizer(dataset, { alpha }).beta, dataset.betaStar!).population_l2;
    // A power law across a twelfth of a decade.
    expect(Math.abs(error(scales[0]) / 0.025 - 1)).toBeLessThan(0.01);
    expect(error(2 * scales[0])).toBeGreaterThan(0.025);
    const [measured] = alphaOf(2, samples, "runs");
    // The runs are half a decade apart.
    expect(Math.abs(Math.log10(measured / scales[0]))).toBeLessThan(0.5);
  }
  expect(figuresOf(sparse)).not.toContain(figure("largest-recovering-alpha"));
});

test("a document from elsewhere costs the theory, not the figure", () => {
  for (const data of [null, { kind: "unknown" }, { kind: "linear-sparse", samples: 1e9, dimension: 1e9 }]) {
    const hostile = structuredClone(sparse);
    hostile.manifest.document = { data, model: { kind: "diagonal", depth: 2 }, loss: {}, init: {} };
    const drawing = draw(figure("excess-l1-against-alpha"), hostile);
    expect(texts(drawing)).not.toContain("limit of gradient flow, exact");
    expect(geometry(drawing).join(" ")).not.toMatch(/NaN|undefined/);
  }
  const empty = made([{ swept: { "init.alpha": 1 }, values: [] }]);
  expect(figuresOf(empty).map(({ id }) => id)).toEqual(["weight-distance"]);
});
