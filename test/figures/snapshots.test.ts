/**
 * Every figure of the committed samples, as a committed drawing (test/figures/output). After a change that is meant:
 *
 *     UPDATE_FIGURES=1 npx vitest run --project node test/figures
 *
 * and look at what has changed.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOf } from "../../viewer/figures/registry.ts";
import { renderFigures, renderSvg } from "../../viewer/figures/render.ts";
import { weightDistance } from "../../viewer/figures/weight-distance.ts";
import { curve, made, trained } from "./samples/samples.ts";
import { asDescent, recovery, sparseRegression } from "./samples/sparse.ts";
import { images } from "./samples/images.ts";
import { criticalScale, sampleComplexity } from "./samples/searches.ts";

const update = process.env.UPDATE_FIGURES === "1";

const seeds = made(
  [0.1, 1, 10].flatMap((alpha) =>
    Array.from({ length: 40 }, (_, seed) => ({
      swept: { "init.alpha": alpha, "data.seed": seed },
      values: curve(60, (1 + ((7 * seed) % 40) / 40) / alpha),
    })),
  ),
);
const thousands = made(
  Array.from({ length: 4096 }, (_, run) => ({
    swept: { "init.alpha": 10 ** (-2 + (4 * run) / 4095) },
    values: curve(12, 10 ** (1 - (2 * run) / 4095)),
  })),
);

const sparse = await sparseRegression();
const pictured = await images();

const drawings = [
  ...(["alpha-sweep", "kernel-regime", "one-diverges"] as const).flatMap((name) =>
    figuresOf(trained(name)).map((figure) => ({ name, figure, results: trained(name) })),
  ),
  { name: "seeds", figure: weightDistance, results: seeds },
  { name: "thousands", figure: weightDistance, results: thousands },
  ...figuresOf(sparse)
    .filter(({ id }) => /^(excess-l1|population-error)-against|map$|coordinates|potential|explicit/.test(id))
    .map((figure) => ({ name: "sparse", figure, results: sparse })),
  ...figuresOf(asDescent(sparse))
    .filter(({ id }) => id === "published-and-exact")
    .map((figure) => ({ name: "sparse", figure, results: asDescent(sparse) })),
  ...figuresOf(recovery())
    .filter(({ id }) => id === "largest-recovering-alpha" || id === "phase-diagram")
    .map((figure) => ({ name: "recovery", figure, results: recovery() })),
  ...figuresOf(pictured)
    .filter(({ id }) => id === "first-layer-filters" || id === "image-predictions")
    .map((figure) => ({ name: "images", figure, results: pictured })),
  ...Object.entries({
    "sample-complexity": await sampleComplexity(),
    "critical-scale": await criticalScale(),
  }).flatMap(([name, results]) =>
    figuresOf(results)
      .filter(({ id }) => id.startsWith("search"))
      .map((figure) => ({ name, figure, results })),
  ),
  { name: "one-record", figure: weightDistance, results: made([{ swept: {}, values: [2.5] }]) },
]
  // The surface is the same for every sample.
  .filter(({ name, figure }) => figure.id !== "surface" || name === "alpha-sweep");

for (const { name, figure, results } of drawings) {
  test(`${figure.id} of ${name} is drawn as committed`, () => {
    const file = new URL(`output/${name}-${figure.id}.svg`, import.meta.url);
    const svg = `${renderSvg(figure, results)}\n`;
    if (update) writeFileSync(file, svg);
    expect(svg).toBe(readFileSync(file, "utf8"));
  });
}

test("static figures come as SVG and PNG, the PNG at twice the size", async () => {
  const rendered = await renderFigures(trained("alpha-sweep"));
  expect(rendered.map(({ id }) => id)).toEqual(figuresOf(trained("alpha-sweep")).map(({ id }) => id));
  for (const { svg, png } of rendered) {
    const width = Number(/^<svg [^>]*\bwidth="(\d+)"/.exec(svg)![1]);
    const view = new DataView(png.buffer, png.byteOffset);
    expect(view.getUint32(0)).toBe(0x89504e47);
    expect(view.getUint32(16)).toBe(2 * width);
    // Self-contained: no style sheet, font or image from elsewhere.
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|url\(/);
  }
});
