/** Figures of sparse regression: measured points and exact limits are the numbers that theory gives for the document's data. */

import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/registry.ts";
import { biasMinimizer, populationErrors } from "../../src/theory/index.ts";
import { figures, figuresOf } from "../../viewer/figures/registry.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { draw, geometry, texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";
import { sparseRegression } from "./samples/sparse.ts";

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
];

test("results of a sparse regression show them, those without a true predictor do not", () => {
  expect(figuresOf(sparse).map(({ id }) => id)).toEqual(expect.arrayContaining(own));
  const others = figuresOf(trained("alpha-sweep")).map(({ id }) => id);
  for (const id of own) expect(others).not.toContain(id);
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
