/** Figures of images: what the numbers beside the pictures say is what the arrays hold. */

import { expect, test } from "vitest";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Json } from "../../src/document/types.ts";
import { generatedData } from "../../viewer/figures/generated-data.ts";
import { figuresOf } from "../../viewer/figures/registry.ts";
import { draw, texts } from "./drawing.ts";
import { images } from "./samples/images.ts";
import { trained } from "./samples/samples.ts";

const results = await images();
const own = results.manifest.document as Record<string, Json>;
const figure = (id: string) => figuresOf(results).find((one) => one.id === id)!;
const pictures = (drawing: Element) =>
  Array.from(drawing.querySelectorAll("image"), (image) => image.getAttribute("href")!);

test("filters of both scales stand side by side: those at the start, those at a time, and what is new", () => {
  const { data, shape } = results.arrays.first_layer!;
  const [, , filters, incoming] = shape;
  const length = filters * incoming;
  const moved = (run: number) => {
    const [start, end] = [0, 1].map((record) =>
      data.subarray((2 * run + record) * length, (2 * run + record + 1) * length),
    );
    return Math.hypot(...end.map((value, k) => value - start[k])) / Math.hypot(...start);
  };
  const drawing = draw(figure("first-layer-filters"), results);
  expect(pictures(drawing)).toHaveLength(2 * 3 * filters);
  const shown = texts(drawing)
    .filter((text) => text.endsWith("%"))
    .map((text) => Number(text.slice(0, -1)) / 100);
  [moved(0), moved(1)].forEach((value, run) => expect(shown[run] / value).toBeCloseTo(1, 2));
  expect(shown[0]).toBeGreaterThan(3 * shown[1]);
  // At the start nothing is new.
  const still = pictures(draw(figure("first-layer-filters"), results, { epoch: 0 }));
  expect(new Set(still.filter((_, k) => k % (3 * filters) >= 2 * filters)).size).toBe(1);
  expect(still.slice(0, filters)).toEqual(still.slice(filters, 2 * filters));
});

test("predictions: the share that is right, and those first on which runs differ", () => {
  const predictions = figure("image-predictions");
  const { data, shape } = results.arrays.function!;
  const [, , count, classes] = shape;
  const labels = (run: number) =>
    Array.from({ length: count }, (_, j) => {
      const start = ((2 * run + 1) * count + j) * classes;
      const own = [...data.subarray(start, start + classes)];
      return own.indexOf(Math.max(...own));
    });
  const differ = labels(0).filter((label, j) => label !== labels(1)[j]).length;
  const { columns, rows } = predictions.data(results, { which: "differ" });
  expect(differ).toBeGreaterThan(0);
  expect(rows).toBe(8);
  const names = Object.keys(columns);
  const disagree = Array.from({ length: rows }, (_, j) => columns[names[2]][j] !== columns[names[3]][j]);
  expect(disagree.filter(Boolean)).toHaveLength(Math.min(8, differ));
  expect(disagree).toEqual([...disagree].sort((a, b) => Number(b) - Number(a)));
  expect(predictions.data(results, { which: "first" }).columns["test image"]).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ]);
  expect(texts(draw(predictions, results)).join(" ")).toContain(
    `do not all say the same of ${differ} of ${count} test images`,
  );
});

test("results without images have neither figure", () => {
  const ids = figuresOf(trained("alpha-sweep")).map(({ id }) => id);
  expect(ids).not.toContain("first-layer-filters");
  expect(ids).not.toContain("image-predictions");
});

test("images that the program brings are at hand where a figure is drawn", () => {
  const data = { kind: "digits", classes: [0, 1, 2], samples: 10, testSamples: 5, seed: 1 };
  const [run] = specifiedRuns({ ...results, manifest: { ...results.manifest, document: { ...own, data } } });
  expect(generatedData(run)).toMatchObject({ classes: 3, testSamples: 5, image: { height: 8, width: 8 } });
});
