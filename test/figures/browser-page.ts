/** The viewer in a browser, for tests: its server, its pages, and what they complain about. */

import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { folderMount, memoryMount, serve, type Server } from "../../src/cli/server.ts";
import { builtPackage } from "../harness/built-package.ts";

/** Built once for all tests. */
export const pagesFolder = join(builtPackage(), "dist", "pages");

/** The viewer without results. */
export function serveViewer(): Promise<Server> {
  const none = new Map([["manifest.json", new TextEncoder().encode("null\n")]]);
  return serve([memoryMount("/results/", none), folderMount("/", join(pagesFolder, "index"))]);
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
