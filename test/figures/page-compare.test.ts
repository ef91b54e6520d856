/** Two results compared, in a browser: chosen among folders and runs, their curves and their ratio drawn, a link to it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { comparisonFigure, type Pair } from "../../viewer/figures/comparison.ts";
import { initialSettings } from "../../viewer/figures/figure.ts";
import { light } from "../../viewer/figures/theme.ts";
import { expectTidy, openPage, serveViewer, settle, writeResults } from "./browser-page.ts";
import { texts } from "./drawing.ts";
import { made, trained } from "./samples/samples.ts";

/** Runs at alphas, with what each ends with. */
const results = (ends: Record<number, number>, name: string) =>
  made(
    Object.entries(ends).map(([alpha, end]) => ({
      swept: { "init.alpha": Number(alpha) },
      values: [0, end / 2, end],
    })),
    name,
  );

test("the second is divided by the first where both have a value", () => {
  const pair: Pair = {
    first: results({ 0.1: 2, 1: 4, 10: 8 }, "a"),
    second: results({ 1: 2, 10: 16, 100: 5 }, "b"),
    names: ["a", "b"],
  };
  const figure = comparisonFigure("weight_distance");
  const settings = initialSettings(figure.controls(pair));
  expect(settings).toEqual({ against: "init.alpha", below: "ratio" });
  const { columns } = figure.data(pair, settings);
  expect(Array.from(columns["init.alpha"])).toEqual([0.1, 1, 10, 100]);
  expect(Array.from(columns.ratio)).toEqual([NaN, 0.5, 2, NaN]);
  expect(Array.from(columns.difference)).toEqual([NaN, -2, 8, NaN]);
  // Over training: a line a setting, so that nothing but seeds is pooled.
  const { columns: training } = figure.data(pair, { ...settings, against: "epoch" });
  expect(Array.from(training.setting).slice(3, 6)).toEqual(Array(3).fill("α = 10"));
  expect(Array.from(training.epoch).slice(3, 6)).toEqual([0, 10, 20]);
  expect(Array.from(training.first).slice(3, 6)).toEqual([0, 4, 8]);
  expect(Array.from(training.second).slice(3, 6)).toEqual([0, 8, 16]);
});

test("results that share no setting are said to share none", () => {
  const of = (path: string) => made([1, 2].map((value) => ({ swept: { [path]: value }, values: [1, 2, 3] })));
  const pair: Pair = { first: of("init.alpha"), second: of("data.samples"), names: ["one", "other"] };
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const frame = { document, width: 900, theme: light };
  const drawing = comparisonFigure("weight_distance").draw(pair, frame, { against: "epoch", below: "ratio" });
  expect(texts(drawing).join(" ")).toContain("No setting of the one is a setting of the other");
});

test("depths are lines of their own, and a run that has ended keeps its last value", () => {
  const runs = [
    { swept: { "init.alpha": 1, "model.depth": 2 }, values: [0, 1] },
    { swept: { "init.alpha": 1, "model.depth": 3 }, values: [0, 4, 8] },
  ];
  const pair: Pair = { first: made(runs), second: made(runs), names: ["a", "b"] };
  const { columns } = comparisonFigure("weight_distance").data(pair, { against: "epoch", below: "ratio" });
  expect(Array.from(columns.setting)).toEqual([
    ...Array(3).fill("α = 1, D = 2"),
    ...Array(3).fill("α = 1, D = 3"),
  ]);
  expect(Array.from(columns.first)).toEqual([0, 1, 1, 0, 4, 8]);
});

let folder: string;
let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-compare-"));
  writeResults(join(folder, "one"), trained("alpha-sweep"));
  const other = trained("alpha-sweep");
  const document = other.manifest.document as { model: { depth: number } };
  const deeper = { ...document, model: { ...document.model, depth: 7 } };
  writeResults(join(folder, "two"), { ...other, manifest: { ...other.manifest, document: deeper } });
  writeResults(join(folder, "three"), trained("kernel-regime"));
  server = await serveViewer(folder);
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, `${server.url}#compare`, { width: 1440 }));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const labels = () =>
  page.$$eval("#compare-first option", (options) => options.map(({ textContent }) => textContent));

test("folders are chosen, what differs is said, both are drawn with their ratio, and the link shows it again", async () => {
  await page.waitForSelector(".figures .figure");
  expect(await labels()).toEqual(["one", "three", "two"]);
  // The last two are there first.
  expect(await page.$$eval("select[id^=compare]", (selects) => selects.map(({ value }) => value))).toEqual([
    "1",
    "2",
  ]);
  await page.select("#compare-first", "0");
  await page.waitForFunction(() => document.querySelectorAll(".differences tbody tr").length === 1);
  const differences = await page.$$eval(".differences tbody tr", (rows) =>
    rows.map((row) => row.textContent),
  );
  expect(differences).toEqual(["model.depth27"]);
  await page.waitForSelector("#comparison-weight_distance .drawing svg");
  const drawing = () => page.$eval("#comparison-weight_distance .drawing", ({ textContent }) => textContent);
  expect(await drawing()).toContain("second / first");
  await page.select("#comparison-weight_distance .control:nth-of-type(2) select", "difference");
  await settle(page);
  expect(await drawing()).toContain("second − first");
  await expectTidy(page);
  await page.reload();
  await page.waitForSelector(".differences");
  expect(await page.$eval("#compare-first", (select) => (select as HTMLSelectElement).value)).toBe("0");
  expect(complaints).toEqual([]);
});
