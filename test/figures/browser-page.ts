/** The viewer in a browser, for tests: its server, its pages, and what they complain about. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { expect } from "vitest";
import { listingMount } from "../../src/cli/site/results-listing.ts";
import { folderMount, serve, type Server } from "../../src/cli/runtimes/server.ts";
import type { Results } from "../../src/results/types.ts";
import { writeAddress } from "../../viewer/app/address.ts";
import { resultsFiles } from "../../viewer/app/results-files.ts";
import { startDocument } from "../../viewer/app/start-document.ts";
import { builtPackage } from "../harness/built-package.ts";

/** Built once for all tests. */
export const pagesFolder = join(builtPackage(), "dist", "pages");

/** The viewer, on the results below a folder where one is given. */
export const serveViewer = (folder = join(pagesFolder, "none")): Promise<Server> =>
  serve([listingMount("/results/", folder), folderMount("/", join(pagesFolder, "index"))]);

/** What follows the viewer's address to open the start page's sweep with few epochs: all of them take seconds to train. */
export const shortSweep = writeAddress({
  view: "sweep",
  document: startDocument().replace('"epochs": 10000', '"epochs": 300'),
});

/** Writes results as the command does. */
export function writeResults(folder: string, results: Results): void {
  for (const [path, bytes] of resultsFiles(results)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

export interface Opened {
  page: Page;
  /** Console messages of any kind, errors, and requests that came to nothing. */
  complaints: string[];
}

interface Opening {
  width?: number | undefined;
  height?: number | undefined;
  prepare?: ((page: Page) => Promise<void>) | undefined;
}

/** A page that collects what it complains about. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1200, height = 900, prepare = async () => {} }: Opening = {},
): Promise<Opened> {
  const page = await browser.newPage();
  await prepare(page);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  await page.setViewport({ width, height });
  // A machine that does much else takes its time to compile shaders.
  page.setDefaultTimeout(110_000);
  await page.goto(address);
  return { page, complaints };
}

/** Selects a figure's drawing within the figure, once it shows what it should. */
export const current = ".drawing:not([data-stale]) svg";

/** Two frames later. */
export const settle = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Waits until what trains has trained. */
export async function trained(page: Page): Promise<void> {
  await page.waitForSelector('.live-figures[aria-busy="false"] .curves path');
}

/** Writes the document, as if by hand. */
export const writeDocument = (page: Page, text: string): Promise<void> =>
  page.$eval(
    "#document",
    (field, written) => {
      (field as HTMLTextAreaElement).focus();
      (field as HTMLTextAreaElement).value = written;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    text,
  );

/** The document as the page holds it. */
export const documentOf = (page: Page): Promise<string> =>
  page.$eval("#document", (field) => (field as HTMLTextAreaElement).value);

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, a line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
    }),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

const sizes = [
  { width: 1440, height: 900 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];

/** Sees that what is shown is as wide as the page at three sizes, and that axe finds nothing in either theme. */
export async function expectTidy(page: Page): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    for (const size of sizes) {
      await page.setViewport(size);
      await settle(page);
      const found = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(found, `${theme}, ${size.width}`).toBe(size.width);
    }
    expect(await violations(page), theme).toEqual([]);
  }
  await page.setViewport(sizes[0]);
}
