/** Results folders that the page's server has, in a browser: listed in the gallery, opened, with the claims measured on them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { type ClaimRow, verdictsText } from "../../src/results/claims.ts";
import { writeAddress } from "../../viewer/app/address.ts";
import { expectTidy, openPage, serveViewer, writeResults } from "./browser-page.ts";
import { trained } from "./samples/samples.ts";

const claims: ClaimRow[] = [
  {
    experiment: "table-1",
    documents: ["alpha-sweep"],
    figures: ["kernel-drift", "weight-distance"],
    claim: "α = 0.05: the kernel moves",
    source: "thesis, Table 1",
    claimed: "< 1",
    expected: "> 1",
    measured: 3.25,
    verdict: "holds",
  },
  {
    experiment: "elsewhere",
    documents: ["alpha-sweep"],
    figures: ["no-such-figure"],
    claim: "nothing shows it",
    source: "theory",
    claimed: "0",
    expected: "0",
    measured: null,
    verdict: "not measurable",
  },
];

let folder: string;
let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-folders-"));
  const reproduced = join(folder, "reproduced", "alpha sweep #1");
  writeResults(reproduced, trained("alpha-sweep"));
  writeFileSync(join(reproduced, "claims.json"), JSON.stringify(claims));
  writeFileSync(join(reproduced, "secret.txt"), "secret");
  writeResults(join(folder, "kernel-regime"), trained("kernel-regime"));
  mkdirSync(join(folder, "damaged"));
  writeFileSync(join(folder, "damaged", "manifest.json"), "{");
  mkdirSync(join(folder, "empty"));
  server = await serveViewer(folder);
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, `${server.url}#gallery`, { width: 1440 }));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The cards of the first section. */
const cards = () =>
  page.$$eval(".gallery > section .card", (found) => found.map((node) => (node as HTMLElement).innerText));

test("the gallery lists them, and says which cannot be read", async () => {
  await page.waitForSelector(".gallery > section .card");
  const [damaged, regime, sweep, ...others] = await cards();
  expect(others).toEqual([]);
  expect(damaged).toContain("Not read: manifest.json is not JSON");
  expect(regime).toMatch(/^kernel-regime\n\nfinished · 8 runs · /);
  expect(sweep).toContain("reproduced/alpha sweep #1");
  expect(sweep).toContain("2 claims: 1 holds, 1 not measurable");
  expect(verdictsText(["false as written", "holds", "holds"])).toBe("2 hold, 1 false as written");
});

test("one opens, with its claims under the figures that show them, and Back and reload find it again", async () => {
  await page.$$eval(".gallery > section .card a", (links) => links.at(-1)!.click());
  await page.waitForSelector("#kernel-drift .claims");
  expect(await page.$eval("#weight-distance .claims", (node) => (node as HTMLElement).innerText)).toBe(
    "Claims: 1 holds\nclaim\texpected\tmeasured\tverdict\nthesis, Table 1\nα = 0.05: the kernel moves\t> 1 (claimed: < 1)\t3.25\tholds",
  );
  // Open where it stands first; elsewhere its tally.
  expect(await page.$eval("#kernel-drift .claims", (node) => (node as HTMLDetailsElement).open)).toBe(false);
  const left = await page.$$eval(".claims", (tables) => (tables.at(-1) as HTMLElement).innerText);
  expect(left).toContain("nothing shows it\t0\tnot measurable\tnot measurable");
  await page.waitForSelector("#tangent-kernel");
  await expectTidy(page);
  await page.reload();
  await page.waitForSelector("#kernel-drift .claims");
  await page.goBack();
  await page.waitForSelector(".gallery");
  expect(complaints).toEqual([]);
});

test("nothing else of their folders is served", async () => {
  const found = await Promise.all(
    ["reproduced/alpha%20sweep%20%231/secret.txt", "empty/manifest.json", "reproduced/"].map(
      async (path) => (await fetch(`${server.url}results/${path}`)).status,
    ),
  );
  expect(found).toEqual([404, 404, 404]);
});

test("a link to a folder that is not there says so, and shows no other one's results", async () => {
  const address = writeAddress({ view: "results", folder: "gone/" });
  const opened = await openPage(browser, `${server.url}${address}`);
  await opened.page.waitForFunction(() => document.querySelector("main")!.textContent !== "");
  expect(await opened.page.$eval("main", ({ textContent }) => textContent)).toBe(
    "There is no results folder “gone” here. Those that are",
  );
  expect(await opened.page.$("header.results")).toBeNull();
  expect(opened.complaints).toEqual([]);
  await opened.page.close();
});

test("a single folder is shown at once", async () => {
  const single = await serveViewer(join(folder, "kernel-regime"));
  const opened = await openPage(browser, single.url);
  await opened.page.waitForSelector("header.results");
  expect(await opened.page.$eval("h1", ({ textContent }) => textContent)).toBe("kernel-regime");
  expect(opened.complaints).toEqual([]);
  await opened.page.close();
  await single.close();
});
