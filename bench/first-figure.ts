/**
 * How long the start page takes from opening until its first curves move, until its first tangent kernels, and until all
 * of it is trained: the first time in a browser that has just started, and once more in the same one. Beside them, the
 * bytes that the page begins with, gzipped as hosts send them.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import type { Browser } from "puppeteer-core";
import { ensureBrowser } from "../src/cli/runtimes/browser.ts";
import { graphicsToTry, launchBrowser } from "../src/cli/runtimes/launch.ts";
import { builtPage } from "../src/cli/runtimes/pages.ts";
import { folderMount, serve } from "../src/cli/runtimes/server.ts";
import { listingMount } from "../src/cli/site/results-listing.ts";
import { beginning } from "./page-parts.ts";
import { median } from "./statistics.ts";

const { values: given } = parseArgs({ options: { turns: { type: "string", default: "5" } } });

/** What is waited for, as a selector that something answers to when it is there. */
const moments = {
  "first curves": '.live-figures .curves path[d*="L"]',
  "first kernels": '.live-figures .kernel canvas:not([width="1"])',
  "all trained": '.live-figures[aria-busy="false"] .curves path',
};

/** All of it is trained in seconds, unless the machine does much else. */
const patienceMilliseconds = 300_000;

type Times = Record<keyof typeof moments, number>;

/** Milliseconds from the begin of loading to each moment. */
async function open(browser: Browser, address: string): Promise<Times> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  await page.evaluateOnNewDocument((selectors: Record<string, string>) => {
    const times: Record<string, number> = {};
    new MutationObserver(() => {
      for (const [moment, selector] of Object.entries(selectors))
        if (!(moment in times) && document.querySelector(selector)) times[moment] = performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { times });
  }, moments);
  await page.goto(address);
  const all = await page.waitForFunction(
    (count) => {
      const { times } = window as unknown as { times: Times };
      return Object.keys(times).length === count && times;
    },
    { timeout: patienceMilliseconds },
    Object.keys(moments).length,
  );
  const times = (await all.jsonValue()) as Times;
  await page.close();
  return times;
}

const folder = await builtPage("index");
const parts = beginning(folder);
const bytes = parts.reduce(
  (sum, part) => sum + gzipSync(readFileSync(join(folder, part)), { level: 9 }).length,
  0,
);
console.log(`begins with ${parts.length} files of ${Math.round(bytes / 1000)} kB, gzipped`);

const server = await serve([listingMount("/results/", join(folder, "none")), folderMount("/", folder)]);
const executable = await ensureBrowser();
const [graphics] = graphicsToTry("auto");
const taken: Record<string, Times[]> = { "just started": [], "once more": [] };
for (let turn = 0; turn < Number(given.turns); turn++) {
  const browser = await launchBrowser(executable, graphics);
  try {
    for (const times of Object.values(taken)) times.push(await open(browser, server.url));
  } finally {
    await browser.close();
  }
}
await server.close();
for (const [browser, times] of Object.entries(taken))
  for (const moment of Object.keys(moments) as (keyof Times)[]) {
    const each = times.map((time) => Math.round(time[moment]));
    console.log(`${browser}, ${moment}: median ${Math.round(median(each))} ms of ${each.join(", ")}`);
  }
