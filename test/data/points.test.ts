import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape } from "../../src/data/registry.ts";
import type { PointsData } from "../../src/document/types.ts";
import { linearSpline } from "../../src/theory/index.ts";
import { problem } from "./problem.ts";

const hat: [number, number][] = [
  [2, 1],
  [-1, 0],
  [1, 3],
];
const load = (own: Omit<PointsData, "kind">, files: Record<string, string> = {}) =>
  loadDataset(
    { kind: "points", ...own },
    new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])),
  );

test("points come by increasing x, from the document or a CSV file, with a grid on the lines between them", () => {
  const inline = load({ points: hat, grid: [-2, 3, 6] });
  expect(inline).toMatchObject({ samples: 3, inputs: 1, testSamples: 6 });
  expect([...inline.X]).toEqual([-1, 1, 2]);
  expect([...inline.y]).toEqual([0, 3, 1]);
  expect([...inline.testX]).toEqual([-2, -1, 0, 1, 2, 3]);
  // Slopes 1.5 and -2; the outer lines go on.
  expect([...inline.testY]).toEqual([-1.5, 0, 1.5, 3, 1, -1]);
  const { at } = linearSpline({ x: inline.X, y: inline.y });
  expect([...inline.testX].map(at)).toEqual([...inline.testY]);
  const file = load({ file: "a.csv", grid: [-2, 3, 6] }, { "a.csv": "y,x\n1,2\n0,-1\n3,1\n" });
  expect(file).toEqual(inline);
});

test("a constant beside them makes biases of the first layer's weights", () => {
  const specification: PointsData = { kind: "points", points: hat, grid: [0, 1, 2], constant: true };
  expect(dataShape(specification)).toEqual({ samples: 3, inputs: 2, outputs: 1, testSamples: 2 });
  const { X, testX } = loadDataset(specification, new Map());
  expect([...X]).toEqual([-1, 1, 1, 1, 2, 1]);
  expect([...testX]).toEqual([0, 1, 1, 1]);
});

test("what is no function through points is refused by the place and the mend", () => {
  expect(problem(() => load({}))).toBe(
    "data.points is missing; give points, or name a CSV file in data.file",
  );
  expect(problem(() => load({ points: hat, file: "a.csv" }))).toBe(
    "data.points and data.file are both given; leave one out",
  );
  expect(problem(() => load({ points: [...hat, [1, 0]] }))).toBe(
    "data.points have x = 1 twice; a function has one value at every place",
  );
  expect(problem(() => load({ file: "a.csv" }, { "a.csv": "x,z,y\n1,2,3\n2,3,4\n" }))).toBe(
    "a.csv has 2 inputs and 1 targets; points have a column x and a column y",
  );
  expect(problem(() => load({ file: "a.csv" }, { "a.csv": "x,y\n1,2\n" }))).toBe(
    "a.csv has 1 points; there must be 2 to 10000",
  );
});
