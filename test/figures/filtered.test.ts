/** Results as filters leave them: fewer runs, or an earlier end. */

import { expect, test } from "vitest";
import { kernelFrames, kernelRuns } from "../../src/results/kernel-frames.ts";
import { filtered } from "../../viewer/linked/filtered.ts";
import type { Filter } from "../../viewer/linked/selection.ts";
import { made, trained } from "./samples/samples.ts";

const filters = (entries: Record<string, Filter>) => new Map(Object.entries(entries));

test("a range of alpha keeps its runs, their records and their kernels", () => {
  const results = trained("alpha-sweep");
  const alphas = [...results.runs.columns["init.alpha"]] as number[];
  const kept = filtered(results, filters({ "init.alpha": [0.08, 0.6] }));
  const rows = alphas.flatMap((alpha, row) => (alpha >= 0.08 && alpha <= 0.6 ? [row] : []));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(alphas.length);
  expect([...kept.runs.columns["init.alpha"]]).toEqual(rows.map((row) => alphas[row]));
  expect([...new Set(kept.history.columns.run as Int32Array)]).toEqual([...kept.runs.columns.run]);
  expect(kernelRuns(kept)).toEqual([...rows.keys()]);
  rows.forEach((row, place) => {
    const kernels = (of: typeof results, at: number) => kernelFrames(of, at).map(({ kernel }) => [...kernel]);
    expect(kernels(kept, place)).toEqual(kernels(results, row));
  });
});

test("a range of epochs ends where it ends: the runs table has its values, and nobody has converged there", () => {
  const results = made([
    { swept: { "init.alpha": 1 }, values: [0, 1, 2, 3], status: "converged" },
    { swept: { "init.alpha": 2 }, values: [0, 5], status: "converged" },
  ]);
  const { runs, history } = filtered(results, filters({ epoch: [5, 20] }));
  expect([...runs.columns.weight_distance]).toEqual([2, 5]);
  expect([...runs.columns.epochs]).toEqual([20, 10]);
  expect([...runs.columns.status]).toEqual([null, "converged"]);
  // What is before it stays: changes are since the start.
  expect([...history.columns.epoch]).toEqual([0, 10, 20, 0, 10]);
});

test("filters that no run passes hide none, and the same filters give the same results", () => {
  const results = trained("one-diverges");
  expect(filtered(results, filters({ "init.alpha": [1e6, 1e7] }))).toBe(results);
  expect(filtered(results, new Map())).toBe(results);
  const narrow = filters({ epoch: [0, 10] });
  expect(filtered(results, narrow)).toBe(filtered(results, narrow));
});

test("of a sample of kernels the last one is left out where the end is cut", () => {
  const results = trained("alpha-sweep");
  const ntk = results.arrays.ntk!;
  const [runs, , size] = ntk.shape;
  const sample = {
    ...results,
    arrays: {
      ntk: { shape: [runs, 2, size, size], data: new Float32Array(runs * 2 * size * size), records: [0, -1] },
    },
  };
  expect(kernelFrames(sample, 0)).toHaveLength(2);
  const last = Number(results.runs.columns.epochs[0]);
  expect(kernelFrames(filtered(sample, filters({ epoch: [0, last / 2] })), 0)).toHaveLength(1);
});
