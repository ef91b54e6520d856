import { expect, test } from "vitest";
import { fitPowerLaw, fitWhereConstant, localSlopes, straightFrom } from "../../src/results/power-law.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { draw, texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";

const points = (quantity: string) => {
  const { columns } = trained("kernel-regime").runs;
  return Array.from(columns["init.alpha"], (x, row) => ({ x: Number(x), y: Number(columns[quantity][row]) }));
};

test("a power law is found exactly, with no error", () => {
  const law = fitPowerLaw([1, 2, 4, 8, 16].map((x) => ({ x, y: 3 * x ** -2.5 })))!;
  expect(law.slope).toBeCloseTo(-2.5, 12);
  expect(Math.exp(law.intercept)).toBeCloseTo(3, 12);
  expect(law.error).toBeLessThan(1e-12);
});

test("the standard error is the textbook's", () => {
  // log x = 0, 1, 2, 3 and log y = 0, 1, 3, 2: slope 0.8, residual sum of squares 1.8, spread 5.
  const law = fitPowerLaw([0, 1, 3, 2].map((y, x) => ({ x: Math.exp(x), y: Math.exp(y) })))!;
  expect(law.slope).toBeCloseTo(0.8, 12);
  expect(law.error).toBeCloseTo(Math.sqrt(1.8 / 2 / 5), 12);
});

test("fewer than four points, or a single x, have no slope", () => {
  expect(fitPowerLaw([1, 2, 4].map((x) => ({ x, y: x })))).toBeUndefined();
  expect(fitPowerLaw([1, 2, 3, 4].map((y) => ({ x: 1, y })))).toBeUndefined();
});

test.each([
  ["weight_distance", -1],
  ["linear_distance", -3],
  ["ntk_drift", -4],
])("%s falls with slope %d from alpha = 4", (quantity, slope) => {
  const law = fitPowerLaw(points(quantity).filter(({ x }) => x >= 4))!;
  expect(law.slope).toBeGreaterThan(slope - 0.003);
  expect(law.slope).toBeLessThan(slope + 0.003);
});

test("the fit begins where the points are straight, and the figure states slope and error", () => {
  expect(straightFrom(points("weight_distance"))).toBe(1);
  const figure = figures.find(({ id }) => id === "kernel-drift-against-alpha")!;
  const drawn = texts(draw(figure, trained("kernel-regime"))).join(" ");
  expect(drawn).toMatch(/slope −3\.99\d+ ± 0\.00\d+/);
  expect(drawn).toContain("over α = 1 … 64");
});

test("slopes that are one slope to every digit of an axis have an axis whose ticks differ", () => {
  const figure = figures.find(({ id }) => id === "distances-against-alpha")!;
  const exact = [1, 2, 4, 8, 16, 32].map((alpha, k) => ({
    swept: { "init.alpha": alpha },
    values: [0, (1 + 1e-4 * (k % 2)) / alpha ** 2],
  }));
  const drawing = draw(figure, made(exact));
  const ticks = Array.from(drawing.querySelectorAll('[aria-label="y-axis tick label"]'), texts);
  expect(ticks).toHaveLength(2);
  for (const own of ticks) expect(new Set(own).size).toBe(own.length);
});

test("of a hundred thousand points the start of the straight stretch is found at once", () => {
  // Bent below x = 10, and straight from there on.
  const many = Array.from({ length: 1e5 }, (_, k) => {
    const x = 10 ** (k / 5e4);
    return { x, y: x < 10 ? 1 + x : 1.1 * x };
  });
  const start = straightFrom(many)!;
  // 1 + x is within 5% of a line through the rest where 1 + 1/x is within 5% of 1.1.
  expect(start).toBeGreaterThan(5);
  expect(start).toBeLessThan(10);
});

const kernelDrift = figures.find(({ id }) => id === "kernel-drift-against-alpha")!;
const distances = figures.find(({ id }) => id === "distances-against-alpha")!;

/** Results of runs over alpha that end at given weight distances. */
const ending = (runs: { alpha: number; value: number; [swept: string]: number }[]) =>
  made(
    runs.map(({ alpha, value, ...swept }) => ({
      swept: { "init.alpha": alpha, ...swept },
      values: [0, value],
    })),
  );

test.each([
  ["bent everywhere", (x: number) => Math.exp(-(Math.log(x) ** 2))],
  ["turning from one power to another at the end", (x: number) => 1 / (x + x ** 3)],
  ["straight but for its last point", (x: number) => (x === 5 ? 1 : 2) * x ** -2],
])("no slope is claimed of data that are %s", (_, y) => {
  const alphas = [0.05, 0.1, 0.2, 0.5, 1, 2, 5];
  const drawn = texts(draw(distances, ending(alphas.map((alpha) => ({ alpha, value: y(alpha) }))))).join(" ");
  expect(drawn).toContain("No slope is claimed");
  expect(drawn).not.toMatch(/slope −?[\d.]/);
});

test("the thesis's five scales show no slope: their local slopes still change", () => {
  const drawn = texts(draw(kernelDrift, trained("alpha-sweep"))).join(" ");
  expect(drawn).toContain("No slope is claimed");
  expect(drawn).not.toMatch(/slope −?[\d.]/);
  expect(drawn).toContain("α⁻⁴");
});

test("wherever the fit is made to begin, a slope is claimed only if it is constant from there", () => {
  const alphas = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
  const results = ending(alphas.map((alpha) => ({ alpha, value: 1 / (1 + alpha ** 4) ** 0.5 })));
  const claims = (from: number) =>
    /slope −[\d.]+/.exec(texts(draw(distances, results, { from })).join(" "))?.[0] ?? "none";
  expect(claims(0)).toBe("none");
  expect(claims(alphas.indexOf(5))).toMatch(/−(2\.00|1\.99)/);
  // Two slopes are too few to tell.
  expect(claims(alphas.indexOf(10))).toBe("none");
});

test("local slopes are those of neighbours, and of stretches where points are dense", () => {
  const sparse = localSlopes([1, 2, 4, 8, 16].map((x) => ({ x, y: x ** -3 })));
  expect(sparse.map(({ from, to }) => [from, to])).toEqual([
    [1, 2],
    [2, 4],
    [4, 8],
    [8, 16],
  ]);
  for (const { slope, error } of sparse) {
    expect(slope).toBeCloseTo(-3, 12);
    expect(error).toBeLessThan(1e-12);
  }
  const dense = localSlopes(Array.from({ length: 1000 }, (_, k) => ({ x: 10 ** (k / 333), y: 1 + k })));
  expect(dense.length).toBeGreaterThan(5);
  for (const { from, to } of dense) expect(to / from).toBeGreaterThan(1.85);
  expect(dense.at(-1)!.to).toBe(10 ** 3);
});

test("trials have slopes of their own: what they differ by is the error, and no offset is", () => {
  // Offsets of a factor of 100 between trials, slopes of -1.1, -1, -0.9.
  const points = [-1.1, -1, -0.9].flatMap((slope, trial) =>
    [1, 2, 4, 8, 16].map((x) => ({ x, y: 100 ** trial * x ** slope, trial: String(trial) })),
  );
  const [first] = localSlopes(points);
  expect(first.slope).toBeCloseTo(-1, 12);
  expect(first.error).toBeCloseTo(0.1 / Math.sqrt(3), 12);
  const law = fitWhereConstant(points, localSlopes(points), 1)!;
  expect(law.slope).toBeCloseTo(-1, 12);
  expect(law.error).toBeCloseTo(0.1 / Math.sqrt(3), 12);
});

test("trials that have a point each are fitted together, and their scatter is the error", () => {
  const points = [1, 2, 4, 8].flatMap((x) =>
    [-0.1, 0.1].map((off) => ({ x, y: Math.exp(off) / x, trial: `${x} ${off}` })),
  );
  const slopes = localSlopes(points);
  expect(slopes).toHaveLength(3);
  // Residuals of ±0.1 at two places each a factor 2 apart: variance 0.04 / 2, spread ln(2)^2.
  for (const { slope, error } of slopes) {
    expect(slope).toBeCloseTo(-1, 12);
    expect(error).toBeCloseTo(Math.sqrt(0.02) / Math.LN2, 12);
  }
  expect(fitWhereConstant(points, slopes, 1)!.slope).toBeCloseTo(-1, 12);
});

test("settings that differ in more than alpha and seeds have slopes of their own", () => {
  const results = ending(
    [10, 50].flatMap((samples) =>
      [1, 2, 4, 8, 16].map((alpha) => ({
        alpha,
        value: samples * alpha ** (samples === 10 ? -1 : -2),
        "data.samples": samples,
      })),
    ),
  );
  const drawn = texts(draw(distances, results));
  expect(drawn).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^N = 10, slope −1\.0/),
      expect.stringMatching(/^N = 50, slope −2\.0/),
    ]),
  );
});

test("reference lines are what theory knows: powers of the depth, and none for other models", () => {
  const of = (model: object) => {
    const results = ending([1, 2, 4, 8].map((alpha) => ({ alpha, value: 1 / alpha })));
    return texts(
      draw(distances, {
        ...results,
        manifest: { ...results.manifest, document: { model: model as { kind: string } } },
      }),
    ).join(" ");
  };
  expect(of({ kind: "diagonal", depth: 2 })).toContain("α⁻¹");
  expect(of({ kind: "diagonal", depth: 4 })).toContain("α⁻³");
  expect(of({ kind: "relu", widths: [8] })).not.toContain("theory");
});
