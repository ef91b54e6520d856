import { expect, test } from "vitest";
import type { Table } from "../../src/document/table.ts";
import { fitParabola, heightAt, risingRoot } from "../../src/search/curve.ts";
import { driveSearches } from "../../src/search/driver.ts";
import { lawsOf } from "../../src/search/laws.ts";
import { outcomesOf, probesTable, searchesTable } from "../../src/search/outcomes.ts";
import { factor, threshold } from "./simulated.ts";

test("searches go side by side: a round has one probe of each that is not over", async () => {
  const rounds: string[] = [];
  const crossings = [15, 300];
  const probes = await driveSearches(
    { specification: threshold({ ratio: 1.4 }), isWhole: true, values: [10, 2000], points: [{}, {}] },
    async (wanted) => {
      rounds.push(wanted.map(({ point, value }) => `${point}: ${value}`).join(", "));
      return wanted.map(({ point, value }) => [value >= crossings[point] ? 1 : 0]);
    },
  );
  expect(rounds).toEqual([
    "0: 10, 1: 10",
    "0: 20, 1: 20",
    "0: 14, 1: 40",
    "0: 17, 1: 80",
    "1: 160",
    "1: 320",
    "1: 226",
    "1: 269",
  ]);
  expect(probes.map(({ length }) => length)).toEqual([4, 8]);
});

/** Two points of a sweep, two values, two trials each; a run of the last has not ended. */
const runs: Table = {
  rows: 8,
  columns: {
    run: Int32Array.from({ length: 8 }, (_, run) => run),
    "model.depth": Int32Array.of(2, 2, 2, 2, 3, 3, 3, 3),
    "init.alpha": Float64Array.of(1, 1, 0.1, 0.1, 1, 1, 0.1, 0.1),
    "data.seed": Int32Array.of(1, 2, 1, 2, 3, 4, 3, 4),
    status: ["finished", "converged", "finished", "finished", "finished", "diverged", "finished", "running"],
    test_loss: Float64Array.of(4, 6, 1, 3, 1, 2, 3, 4),
  },
};
const search = factor({ values: [0.1, 1], trials: 2 });

test("outcomes are read from the runs table: probes with their means, and what they say", () => {
  const [first, second] = outcomesOf(search, runs);
  expect(first.point).toEqual({ "model.depth": 2 });
  expect(first.probes).toEqual([
    { value: 0.1, trials: [1, 3] },
    { value: 1, trials: [4, 6] },
  ]);
  expect(first.finding).toMatchObject({ status: "found", threshold: 3, bracket: [0.1, 1] });
  expect(first.finding.value).toBeCloseTo(0.1 * 10 ** (1 / 3));
  expect(second.probes).toEqual([{ value: 1, trials: [1, NaN] }]);
  expect(second.finding.status).toBe("unfinished");
});

test("a probe that has only begun leaves a search unfinished", () => {
  const status = [
    "finished",
    "converged",
    "running",
    "running",
    "finished",
    "finished",
    "finished",
    "finished",
  ];
  const begun = outcomesOf(search, { ...runs, columns: { ...runs.columns, status } });
  expect(begun.map(({ finding }) => finding.status)).toEqual(["unfinished", "not reached"]);
});

test("tables have a row a search and a row a probe", () => {
  const outcomes = outcomesOf(search, runs);
  expect(searchesTable(search, outcomes).columns).toMatchObject({
    "model.depth": [2, 3],
    status: ["found", "unfinished"],
    bracket_low: Float64Array.of(0.1, NaN),
    probes: Int32Array.of(2, 1),
  });
  expect(probesTable(search, outcomes).columns).toEqual({
    "model.depth": [2, 2, 3],
    "init.alpha": Float64Array.of(0.1, 1, 1),
    trials: Int32Array.of(2, 2, 2),
    mean: Float64Array.of(2, 5, NaN),
    standard_error: Float64Array.of(1, 1, NaN),
  });
});

test("a parabola through its own points, and the line through two", () => {
  const xs = [-1, 0.5, 0, 2, 1];
  const curve = fitParabola(
    xs,
    xs.map((x) => 3 - 2 * x + 0.5 * x * x),
    [1, 2, 3, 4, 5],
  );
  expect(curve.map((c) => Number(c.toFixed(9)))).toEqual([3, -2, 0.5]);
  const line = fitParabola([-1, 1, 1], [0, 2, 4], [1, 1, 3]);
  expect(line.map((c) => Number(c.toFixed(9)))).toEqual([1.75, 1.75, 0]);
});

test("the root at which a curve rises, or the end or turning point nearest to one", () => {
  for (const curve of [
    [-0.3, 1, 0],
    [-0.3, 1, 0.4],
    [-0.3, 1, -0.4],
    [0.2, -1, 0.9],
    [0.2, 1, 0],
  ] as const) {
    const root = risingRoot(curve, -2, 2);
    expect(heightAt(curve, root)).toBeCloseTo(0, 12);
    expect(heightAt(curve, root + 1e-3)).toBeGreaterThan(0);
  }
  // Where the falling root is next to zero, nothing may be subtracted for the rising one.
  expect(risingRoot([-1e-15, -1, 1], -2, 2)).toBeCloseTo(1, 12);
  expect(risingRoot([-1, 0.2, -0.1], -2, 2)).toBe(1);
  expect(risingRoot([-1, 0.1, 0], -2, 2)).toBe(2);
  expect(risingRoot([1, 0.1, 0], -2, 2)).toBe(-2);
  expect(risingRoot([-1, 0, 0], -2, 2)).toBe(2);
  expect(risingRoot([1, -1, 0], -2, 2)).toBe(-2);
  expect(risingRoot([-1, -1, 0], -2, 2)).toBe(2);
});

test("a line and a power law are fitted with the intervals of their resamplings", () => {
  const points = [20, 40, 80].map((x) => ({
    x,
    value: 2 * x ** 1.5,
    replicates: Array.from({ length: 401 }, (_, k) => 2 * x ** (1.4 + 0.0005 * k)),
  }));
  const [line, power] = lawsOf(points);
  expect(power).toMatchObject({
    kind: "power law",
    slope: { value: expect.closeTo(1.5) as number, interval: [expect.closeTo(1.405), expect.closeTo(1.595)] },
    offset: { value: expect.closeTo(2) as number },
    misses: expect.closeTo(1) as number,
  });
  expect(power.at(160)).toBeCloseTo(2 * 160 ** 1.5);
  expect(line.kind).toBe("line");
  expect(line.at(40) - line.at(20)).toBeCloseTo(20 * line.slope.value);
  expect(line.misses).toBeGreaterThan(1.05);
  expect(lawsOf(points.slice(1))).toEqual([]);
  expect(lawsOf(points.map((point) => ({ ...point, x: -point.x }))).map(({ kind }) => kind)).toEqual([
    "line",
  ]);
});
