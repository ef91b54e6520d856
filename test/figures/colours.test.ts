/** Colours of lines by what runs differ in: one scale of alpha in every figure, whatever ends a sweep is given. */

import { expect, test } from "vitest";
import { lineColours } from "../../viewer/figures/line-colours.ts";
import { light } from "../../viewer/figures/theme.ts";
import { valueScale } from "../../viewer/figures/value-scale.ts";
import { made } from "./samples/samples.ts";

const places = (path: string, values: number[]) => values.map(valueScale(path, values).place);
const rounded = (values: number[]) => values.map((value) => Number(value.toFixed(3)));

test("alpha's colours run over whole decades, so that an alpha keeps its own when the ends of a sweep are dragged", () => {
  expect(rounded(places("init.alpha", [0.05, 0.1, 1, 5]))).toEqual([0.233, 0.333, 0.667, 0.9]);
  const before = valueScale("init.alpha", [0.05, 0.1, 1, 5]);
  const after = valueScale("init.alpha", [0.02, 0.1, 1, 9]);
  for (const alpha of [0.1, 1]) expect(after.place(alpha)).toBe(before.place(alpha));
  // What was left beyond the ends stands at them.
  expect(after.place(0.001)).toBe(0);
  expect(after.place(300)).toBe(1);
});

test("a sweep that ends with decades, or fills less than half of them, and every other number, has all colours", () => {
  expect(rounded(places("init.alpha", [0.001, 1]))).toEqual([0, 1]);
  expect(places("init.alpha", [0.9, 8])).toEqual([0, 1]);
  expect(places("init.alpha", [1, 1.5])).toEqual([0, 1]);
  expect(places("data.noise", [0.05, 5])).toEqual([0, 1]);
  expect(places("init.alpha", [3])).toEqual([0.5]);
});

test("a legend's ramp begins and ends with the colours of the lowest and the highest line", () => {
  const alphas = Array.from({ length: 12 }, (_, k) => 0.02 * 1.6 ** k);
  const runs = alphas.map((alpha) => ({ swept: { "init.alpha": alpha }, values: [0, 1, 2] }));
  const colours = lineColours(made(runs), "init.alpha", light);
  expect([0, 1].map((at) => colours.ramp!.colour(at))).toEqual([colours.of(0), colours.of(11)]);
  expect(colours.ofValue(alphas[3])).toBe(colours.of(3));
});
