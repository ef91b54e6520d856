/** Every view of the page in a browser: its gallery, its width at three sizes, and what axe finds in both themes. */

import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/browser.ts";
import { launchBrowser } from "../../src/cli/launch.ts";
import type { Server } from "../../src/cli/server.ts";
import { builtIns } from "../../viewer/app/experiments.ts";
import { expectTidy, openPage, serveViewer, trained } from "./browser-page.ts";

let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await serveViewer();
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, server.url, { width: 1440 }));
  await trained(page);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const goTo = (view: string) => page.evaluate((hash) => (location.hash = hash), view);

/** How to come to each view, and to all of it. */
const views: Record<string, () => Promise<unknown>> = {
  "the sweep": async () => {
    await goTo("sweep");
    await page.waitForSelector(".sweep");
  },
  "everything that was recorded": async () => {
    await goTo("sweep");
    await page.waitForSelector(".full");
    await page.$eval(".full", (section) => section.scrollIntoView());
    await page.waitForSelector(".full .drawing svg");
  },
  "the document": async () => {
    await goTo("sweep");
    await page.waitForSelector("#drawer");
    if (await page.$("#drawer[hidden]")) await page.click('button[aria-controls="drawer"]');
    await page.waitForSelector(".field");
  },
  "the gallery": async () => {
    await goTo("gallery");
    await page.waitForFunction(
      () =>
        document.querySelectorAll(".card").length > 0 &&
        [...document.querySelectorAll(".card .pace")].every(({ textContent }) => textContent !== ""),
    );
  },
  "the benchmark": async () => {
    await goTo("benchmark");
    await page.waitForSelector(".choices");
  },
};

describe.each(Object.keys(views))("%s", (name) => {
  test("is as wide as the page at three sizes, and axe finds nothing in either theme", async () => {
    await page.setViewport({ width: 1440, height: 900 });
    await views[name]();
    await expectTidy(page);
    expect(complaints).toEqual([]);
  });
});

test("the gallery has a card for every built-in experiment, and each opens its document", async () => {
  await page.setViewport({ width: 1440, height: 900 });
  await views["the gallery"]();
  const names = await page.$$eval(".card h3", (headings) => headings.map(({ textContent }) => textContent));
  expect(names.toSorted()).toEqual(builtIns.map(({ name }) => name).toSorted());
  const figure5 = "figure-5";
  await page.$$eval(
    ".card a",
    (links, name) => (links.find(({ textContent }) => textContent === name) as HTMLElement).click(),
    figure5,
  );
  await page.waitForSelector(".sweep");
  await page.waitForFunction(
    (text) => (document.querySelector("#document") as HTMLTextAreaElement).value === text,
    {},
    builtIns.find(({ name }) => name === figure5)!.text,
  );
  expect(await page.$eval(".lead h1", ({ textContent }) => textContent)).toBe(figure5);
  expect(complaints).toEqual([]);
});
