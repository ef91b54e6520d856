/** Reproductions name figures, and claim about what those draw. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reproductions } from "../../experiments/registry.ts";
import { relativeGap } from "../../experiments/smallest-network.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { surface } from "../../viewer/figures/surface.ts";
import { trained } from "./samples/samples.ts";

for (const { id, documents, figures: shown } of reproductions)
  test(`${id}: its documents record what its figures need`, () => {
    const records = documents.map((document) => {
      const path = new URL(`../../experiments/${document}.json`, import.meta.url);
      return parseExperiment(readFileSync(path, "utf8"), document).runs[0].record;
    });
    for (const figureId of shown) {
      const figure = figures.find((candidate) => candidate.id === figureId);
      expect(figure, figureId).toBeDefined();
      const { needs, arrays = [] } = figure!;
      const isShown = records.some(
        (record) =>
          needs.every((name) => record.quantities.includes(name)) &&
          arrays.every((name) => record.arrays.includes(name)),
      );
      expect(isShown, figureId).toBe(true);
    }
  });

test("the surface that is drawn is that of the network and the linearization in the claims", () => {
  const results = trained("alpha-sweep");
  for (const alpha of [0.1, 1, 10]) {
    // Twenty positions a decade, from 0.01.
    const position = Math.round(20 * (Math.log10(alpha) + 2));
    const { columns } = surface.data(results, { alpha: position, turn: 0, tilt: 0 });
    const drawn = Math.max(...Array.from(columns["relative gap"] as Float64Array, Math.abs));
    expect(drawn).toBeCloseTo(relativeGap(alpha), 12);
  }
});
