import { expect, test } from "vitest";
import { fitPowerLaw, straightFrom } from "../../src/results/power-law.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { draw, texts } from "./drawing.ts";
import { trained } from "./samples/samples.ts";

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
