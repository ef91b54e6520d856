/** What the gallery's cards and the list of results say of the trainings that they show. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { Thumbnail } from "../../viewer/app/thumbnails.ts";
import { changedTraining } from "../../viewer/figures/changed-training.ts";
import { figures } from "../../viewer/figures/registry.ts";
import { thumbnail } from "../../viewer/figures/thumbnail.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { builtInNames, builtInPath } from "../../src/cli/experiment/built-in.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { listFolder } from "../../src/cli/site/results-listing.ts";
import { trained } from "./samples/samples.ts";

const place = join(packageRoot, "experiments", "thumbnails");
const cards = JSON.parse(readFileSync(join(place, "thumbnails.json"), "utf8")) as Record<string, Thumbnail>;
const builtIn = (name: string) => parseExperiment(readFileSync(builtInPath(name)!, "utf8"), name);

/** Nothing that trains in a minute and a half shows what they do: their cards show their runs as dots. */
const undrawn = ["arora-figure-2", "woodworth-figure-5"];

test("every built-in experiment has a card from a training, which says where that was shortened", () => {
  expect(Object.keys(cards).sort()).toEqual(builtInNames().filter((name) => !undrawn.includes(name)));
  for (const [name, { runs, changed, figure }] of Object.entries(cards)) {
    const { search, runs: all } = builtIn(name);
    if (changed === "" && !search) expect(runs, name).toBe(all.length);
    expect(existsSync(join(place, `${name}.svg`)), name).toBe(figure !== undefined);
  }
});

test("a card's picture is wider than high, and has its pixels in the colours of either theme", () => {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const kernel = figures.find(({ id }) => id === "tangent-kernel")!;
  const svg = thumbnail(kernel, trained("alpha-sweep"), document);
  const [, , width, height] = /viewBox="([^"]+)"/.exec(svg)![1].split(" ").map(Number);
  expect(width).toBeGreaterThan(1.5 * height);
  const pictures = (text: string, theme: string) =>
    Array.from(
      text.matchAll(new RegExp(`<image data-theme="${theme}"[^>]* href="([^"]+)"`, "g")),
      ([, href]) => href,
    );
  expect(pictures(svg, "light")).toHaveLength(3);
  expect(pictures(svg, "dark")).toHaveLength(3);
  expect(pictures(svg, "dark")).not.toEqual(pictures(svg, "light"));
  // Those that are committed, too: "figure-5" would be a white square in the dark.
  const committed = readFileSync(join(place, "figure-5.svg"), "utf8");
  expect(pictures(committed, "dark")).toHaveLength(3);
});

test("a changed training is told by its runs and its settings; what it records is no change", () => {
  const whole = builtIn("flow-limit");
  const document = whole.document as { data: object; record: object; sweep: object[] };
  expect(changedTraining(whole.document, 7, whole)).toBe("");
  const other = { ...document, data: { ...document.data, samples: 20 }, record: {} } as never;
  expect(changedTraining(other, 7, whole)).toBe("N = 20 instead of 100");
  const fewer = { ...document, sweep: [{ path: "init.alpha", values: [1, 2] }] } as never;
  expect(changedTraining(fewer, 2, whole)).toBe("2 runs instead of 7");
  expect(changedTraining(fewer, 7, whole)).toBe("other values of the sweep");
});

test("the list of results says which are shortened", async () => {
  const results = join(packageRoot, "experiments", "results");
  expect(await listFolder(results, "flow-limit/")).toMatchObject({
    changed: "N = 20 instead of 100, n = 50 instead of 250",
  });
  expect(await listFolder(results, "initial-shape/")).not.toHaveProperty("changed");
});
