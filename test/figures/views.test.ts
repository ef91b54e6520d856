/** Every view of the page in a browser: its gallery, its width at three sizes, and what axe finds in both themes. */

import { readdirSync, readFileSync } from "node:fs";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { builtIns } from "../../viewer/app/experiments.ts";
import {
  current,
  expectTidy,
  openPage,
  serveViewer,
  shortSweep,
  trained,
  violations,
} from "./browser-page.ts";

/** The snapshots of static figures. */
const outputs = new URL("output/", import.meta.url);

let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await serveViewer();
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, `${server.url}${shortSweep}`, { width: 1440 }));
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
    await goTo(shortSweep);
    await page.waitForSelector(".sweep");
  },
  "everything that was recorded": async () => {
    await goTo(shortSweep);
    await page.waitForSelector(".full");
    await page.$eval(".full", (section) => section.scrollIntoView());
    await page.waitForSelector(".full .drawing svg");
  },
  "the document": async () => {
    await goTo(shortSweep);
    await page.waitForSelector("#drawer");
    if (await page.$("#drawer[hidden]")) await page.click('button[aria-controls="drawer"]');
    await page.waitForSelector(".field");
  },
  "the kernel lab": async () => {
    await goTo("kernels");
    await page.waitForSelector(".lab .drawing svg");
  },
  "the theory": async () => {
    await goTo("theory");
    await page.waitForSelector(".theory .drawing svg");
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

/** Every figure's drawing, by its id; each is scrolled to, for figures are drawn when they are seen. */
async function drawings(within: string): Promise<Record<string, string>> {
  // The pointer's own tip is no part of them.
  await page.mouse.move(0, 0);
  const ids = await page.$$eval(`${within} section.figure:has(.drawing)`, (sections) =>
    sections.map(({ id }) => id),
  );
  for (const id of ids) {
    await page.$eval(`#${id}`, (section) => section.scrollIntoView({ block: "center" }));
    await page.waitForSelector(`#${id} ${current}`);
  }
  return Object.fromEntries(
    await page.$$eval(`${within} section.figure:has(.drawing)`, (sections) =>
      sections.map((section) => [section.id, section.querySelector(".drawing")!.innerHTML] as const),
    ),
  );
}

test("an alpha has one colour, and a kernel one change, on the first screen and in the figures below it", async () => {
  await page.setViewport({ width: 1440, height: 900 });
  await views["everything that was recorded"]();
  const below = await drawings(".full");
  const swatches = (id: string) =>
    [...below[id].matchAll(/<path d="M0,0H18" stroke="([^"]+)"/g)].map(([, colour]) => colour);
  const live = await page.$eval(".live-figures .curves", (group) =>
    [...group.querySelectorAll("path")].map((path) => path.getAttribute("stroke")!),
  );
  expect(live).toHaveLength(5);
  expect(swatches("weight-distance")).toEqual(live);
  expect(await page.$$eval(".names", (names) => names.map(({ textContent }) => textContent))).toEqual([
    "α",
    "α",
  ]);
  const changes = await page.$$eval(".kernel .change", (all) => all.map(({ textContent }) => textContent));
  for (const change of changes) expect(below["tangent-kernels"]).toContain(`>${change}<`);
});

test("one slider sets the time of every figure of the kernel lab, by keys and by playing", async () => {
  await page.setViewport({ width: 1440, height: 900 });
  await views["the kernel lab"]();
  const last = await drawings(".lab");
  expect(Object.keys(last)).toEqual([
    "tangent-kernels",
    "spectrum-now",
    "alignment-over-time",
    "spectrum-over-time",
  ]);
  // None has a time of its own.
  expect(await page.$$eval(".lab .figure input", (inputs) => inputs.length)).toBe(0);
  await page.focus("#lab-epoch");
  await page.keyboard.press("Home");
  const first = await drawings(".lab");
  for (const id of Object.keys(last)) expect(first[id], id).not.toBe(last[id]);
  expect(first["tangent-kernels"]).toContain("epoch 0");
  await page.keyboard.press("ArrowRight");
  expect((await drawings(".lab"))["tangent-kernels"]).toContain("epoch 1<");
  // Slowly, or a machine that does much else finds it at its end.
  await page.select('.lab select[aria-label="Speed"]', "0.25");
  await page.$$eval(".lab button", (buttons) =>
    buttons.find(({ textContent }) => textContent === "Play")!.click(),
  );
  await page.waitForFunction(
    () => !["0", "1"].includes(document.querySelector('output[for="lab-epoch"]')!.textContent),
  );
  await page.$$eval(".lab button", (buttons) =>
    buttons.find(({ textContent }) => textContent === "Pause")!.click(),
  );
  await page.focus("#lab-epoch");
  await page.keyboard.press("End");
  expect(await drawings(".lab")).toEqual(last);
  expect(complaints).toEqual([]);
});

test("a link to the kernel lab trains what it shows", async () => {
  const opened = await openPage(browser, `${server.url}#kernels`, { width: 1440 });
  await opened.page.waitForSelector(`.lab ${current}`);
  expect(opened.complaints).toEqual([]);
  await opened.page.close();
});

test("a kernel picked on the first screen is picked in the lab, and Escape puts it away in both", async () => {
  await page.setViewport({ width: 1440, height: 900 });
  await views["the sweep"]();
  await page.$$eval("button.kernel", (tiles) => tiles[2].click());
  const clear = () =>
    page.$$eval(
      ".curves path",
      (paths) => paths.filter((path) => path.getAttribute("stroke-opacity") === "1").length,
    );
  const all = await page.$$eval("button.kernel", (tiles) => tiles.length);
  // One of each of two charts.
  expect(await clear()).toBe(2);
  expect(
    await page.$$eval("button.kernel", (tiles) =>
      tiles.map(({ ariaPressed }) => ariaPressed).indexOf("true"),
    ),
  ).toBe(2);
  await views["the kernel lab"]();
  expect((await drawings(".lab"))["alignment-over-time"]).toContain('stroke-opacity="0.2"');
  await page.keyboard.press("Escape");
  expect((await drawings(".lab"))["alignment-over-time"]).not.toContain('stroke-opacity="0.2"');
  await views["the sweep"]();
  expect(await clear()).toBe(2 * all);
  expect(complaints).toEqual([]);
});

test("every explanation's drawing answers its slider", async () => {
  await page.setViewport({ width: 1440, height: 900 });
  await views["the theory"]();
  const before = await drawings(".theory");
  expect(Object.keys(before)).toHaveLength(6);
  for (const id of Object.keys(before)) {
    await page.focus(`#${id} input[type="range"]`);
    await page.keyboard.press("End");
  }
  const after = await drawings(".theory");
  for (const id of Object.keys(before)) expect(after[id], id).not.toBe(before[id]);
  expect(complaints).toEqual([]);
});

test("axe finds nothing in the figures' own files either", async () => {
  const files = readdirSync(outputs).filter((name) => name.endsWith(".svg"));
  expect(files.length).toBeGreaterThan(30);
  const alone = await openPage(browser, "about:blank");
  const drawings = files.map((name) => readFileSync(new URL(name, outputs), "utf8"));
  await alone.page.setContent(
    `<!doctype html><html lang="en"><title>Figures</title><main><h1>Figures</h1>${drawings.join("")}</main></html>`,
  );
  expect(await violations(alone.page)).toEqual([]);
  await alone.page.close();
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
