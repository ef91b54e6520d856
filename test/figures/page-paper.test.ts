/** A figure made ready for a paper, in a browser: the files that are saved, their caption and their sources. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { setMarks } from "../../viewer/paper/marks.ts";
import { piecesOf } from "../../viewer/paper/typeset.ts";
import { expectTidy, openPage, serveViewer, writeResults } from "./browser-page.ts";
import { trained } from "./samples/samples.ts";

let folder: string;
let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-paper-"));
  writeResults(join(folder, "results"), trained("alpha-sweep"));
  server = await serveViewer(join(folder, "results"));
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, server.url, { width: 1440 }));
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await page.waitForSelector("#kernel-drift");
  await page.$eval("#kernel-drift", (section) => section.scrollIntoView());
  await page.click('#kernel-drift button[aria-label$="for a paper"]');
  await page.waitForSelector(".paper svg");
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves it in a format. */
async function saved(format: string): Promise<Buffer> {
  const downloads = mkdtempSync(join(folder, "downloads-"));
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  await page.click(`.paper button[aria-label="Save as ${format}"]`);
  const name = `alpha-sweep kernel-drift.${format.toLowerCase()}`;
  await expect.poll(() => readdirSync(downloads), { timeout: 60_000 }).toEqual([name]);
  await session.detach();
  return readFileSync(join(downloads, name));
}

test("an SVG is as wide as the column, light in a dark page, with its font, its scripts and no title", async () => {
  const svg = (await saved("SVG")).toString();
  expect(svg.slice(0, 400)).toMatch(/^<svg [^>]*viewBox="-6 0 312 [^>]*width="3.25in"/);
  const drawn = svg.replace(/<style>.*<\/style>/, "");
  expect(drawn).toContain('fill="#ffffff"');
  expect(drawn).not.toContain("#14171c");
  expect(svg.match(/@font-face/g)).toHaveLength(2);
  expect(drawn).not.toContain("font-weight");
  expect(drawn).not.toMatch(/[⁰¹²³⁴-⁹⁻₀-₉]/);
  expect(drawn.includes('<tspan dy="-4.32" font-size="8.40">−')).toBe(true);
  expect(svg.length).toBeLessThan(120_000);
});

test("a PNG has 600 dots an inch, and a wide one with its title more", async () => {
  const size = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [width, height] = size(await saved("PNG"));
  expect(width).toBe(1950);
  expect(height).toBeGreaterThan(1500);
  await page.select("#paper-column", "double");
  await page.click("#paper-title");
  expect(size(await saved("PNG"))[0]).toBe(4050);
});

test("a PDF is a page of that size with its font, and its text is text", async () => {
  const pdf = (await saved("PDF")).toString("latin1");
  expect(pdf).toMatch(/^%PDF-1\.\d/);
  const [, width] = /\/MediaBox \[0 0 ([\d.]+) [\d.]+\]/.exec(pdf)!;
  expect(Number(width)).toBeCloseTo(6.75 * 72, 3);
  expect(pdf).toContain("/FontFile2");
  // Its own font and no other, with the collection that its characters are of.
  expect(new Set(pdf.match(/\/BaseFont \/\S+/g))).toEqual(new Set(["/BaseFont /Inter"]));
  expect(new Set(pdf.match(/\/Ordering \([^)]+\)/g))).toEqual(
    new Set(["/Ordering (Identity)", "/Ordering (UCS)"]),
  );
  // Scripts are placed by the widths of what stands before them: in that font, which the preview shows, too.
  expect(
    await page.evaluate(() => [...document.fonts].map(({ family, status }) => `${family} ${status}`)),
  ).toEqual(Array.from({ length: 4 }, () => "Inter loaded"));
});

test("the caption says settings, seeds, adapter, version and command; the sources are BibTeX", async () => {
  const [caption, sources] = await page.$$eval(".paper textarea", (fields) =>
    fields.map(({ value }) => value),
  );
  for (const part of [
    /^Settings: data: .*; model: diagonal, D = 2;/m,
    /^Swept: α = 0.05, 0.1, 0.5, 1, 5\.$/m,
    /^Seeds: /m,
    /^5 runs in 4.2 s on SwiftShader .*; alphasweep \d+\.\d+\.\d+\.$/m,
    /^Command: npx alphasweep run /m,
  ])
    expect(caption).toMatch(part);
  expect(sources).toMatch(/^@inproceedings\{woodworth2020kernel,$/m);
  expect(sources).toMatch(/^@inproceedings\{jacot2018neural,$/m);
  await expectTidy(page);
  await page.click(".paper button");
  expect(await page.$(".paper")).toBeNull();
  expect(complaints).toEqual([]);
});

test("a bar over a letter is a sign of its own, over the middle of the letter", () => {
  const { document } = parseHTML(
    "<!doctype html><html><body><svg><text>L(w\u0304), f\u0303</text></svg></body></html>",
  );
  const width = (text: string) => ({ w: 0.8, "¯": 0.4, f: 0.35, "˜": 0.45 })[text]!;
  setMarks(document.body, width);
  const pieces = Array.from(document.querySelectorAll("tspan"), (piece) => [
    piece.textContent,
    piece.getAttribute("dx"),
    piece.getAttribute("dy"),
  ]);
  expect(pieces).toEqual([
    ["L(w", null, null],
    ["¯", "-0.600em", null],
    ["), f", "0.200em", null],
    ["˜", "-0.400em", "-0.2em"],
  ]);
});

test("texts come apart into the line and what is above and below it", () => {
  expect(piecesOf("‖β − β_ℓ₁‖₁ ~ α⁻³")).toEqual([
    { text: "‖β − β", place: "line" },
    { text: "ℓ1", place: "lowered" },
    { text: "‖", place: "line" },
    { text: "1", place: "lowered" },
    { text: " ~ α", place: "line" },
    { text: "−3", place: "raised" },
  ]);
  expect(piecesOf("α_eff = 1")).toEqual([
    { text: "α", place: "line" },
    { text: "eff", place: "lowered" },
    { text: " = 1", place: "line" },
  ]);
  expect(piecesOf("βᵢ / α^D")).toEqual([
    { text: "β", place: "line" },
    { text: "i", place: "lowered" },
    { text: " / α", place: "line" },
    { text: "D", place: "raised" },
  ]);
  expect(piecesOf("ntk_drift")).toEqual([{ text: "ntk_drift", place: "line" }]);
});
