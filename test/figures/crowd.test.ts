import { expect, test } from "vitest";
import { firstOnPixels, pixel } from "../../viewer/figures/crowd.ts";

const linear = { type: "linear", domain: [0, 10], pixels: 100 } as const;
const axes = {
  x: { ...linear, domain: [0, 10] as [number, number] },
  y: { type: "log" as const, domain: [1, 100] as [number, number], pixels: 100 },
};

test("a value falls on the pixel that its share of the axis is", () => {
  expect([0, 0.09, 0.1, 9.99].map((value) => pixel(value, axes.x))).toEqual([0, 0, 1, 99]);
  expect([1, 10.01, 99].map((value) => pixel(value, axes.y))).toEqual([0, 50, 99]);
});

test("of the points of one kind on a pixel the first is kept", () => {
  const points = [
    { x: 1, y: 10.1, kind: "a" },
    { x: 1.001, y: 10.11, kind: "a" },
    { x: 1.001, y: 10.11, kind: "b" },
    { x: 1.2, y: 10.1, kind: "a" },
    { x: 1, y: 12, kind: "a" },
  ];
  expect(firstOnPixels(points, axes, ({ kind }) => kind)).toEqual([points[0], ...points.slice(2)]);
});
