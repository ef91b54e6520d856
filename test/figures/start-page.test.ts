/** The start page in a browser: it trains at once, and again while its settings are dragged, written and played. */

import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { documentOf, openPage, serveViewer, settle, trained, writeDocument } from "./browser-page.ts";

const sizes = [
  [1440, 900],
  [820, 1180],
  [390, 844],
] as const;

let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];
/** The address of the start page's sweep with few epochs. */
let short: string;

beforeAll(async () => {
  server = await serveViewer();
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, server.url, { width: 1440 }));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The short sweep, trained, without what an earlier test has left. */
async function restart(): Promise<void> {
  await page.setViewport({ width: 1440, height: 900 });
  short ??= await addressOf((await documentOf(page)).replace('"epochs": 10000', '"epochs": 300'));
  await page.goto(short);
  await settle(page);
  await trained(page);
  if (await page.$(".ghosts path")) await press("Clear earlier curves");
}

/** Where a document is once it has been written. */
async function addressOf(text: string): Promise<string> {
  const before = page.url();
  await writeDocument(page, text);
  await page.waitForFunction((address) => location.href !== address, {}, before);
  return page.url();
}

const curves = (of = page): Promise<string[]> =>
  of.$$eval(".chart .curves path", (paths) => paths.map((path) => path.getAttribute("d") ?? ""));

const outputOf = (id: string): Promise<string> =>
  page.$eval(`output[for="${id}"]`, ({ textContent }) => textContent);

/** Drags a slider's thumb from one share of its track to another. */
async function drag(id: string, from: number, to: number): Promise<void> {
  const { x, y, width, height } = (await (await page.$(`#${id}`))!.boundingBox())!;
  const thumb = height / 2;
  const at = (share: number) => x + thumb + share * (width - 2 * thumb);
  await page.mouse.move(at(from), y + height / 2);
  await page.mouse.down();
  await page.mouse.move(at(to), y + height / 2, { steps: 5 });
  await page.mouse.up();
}

/** Where a slider's thumb stands on its track. */
const placeOf = (id: string): Promise<number> =>
  page.$eval(`#${id}`, (node) => {
    const { valueAsNumber, min, max } = node as HTMLInputElement;
    return (valueAsNumber - Number(min)) / (Number(max) - Number(min));
  });

const press = (label: string): Promise<void> =>
  page.$$eval(
    "button",
    (buttons, text) => buttons.find(({ textContent }) => textContent === text)!.click(),
    label,
  );

test("the default sweep trains at once: drift, distance and kernels are on the first screen, whatever its size", async () => {
  await trained(page);
  const titles = await page.$$eval(".chart h2", (headings) => headings.map(({ textContent }) => textContent));
  expect(titles).toEqual([
    "Relative change of the tangent kernel",
    "Distance from initialization",
    "Change of the kernel, entry by entry",
  ]);
  const kernels = await page.$$eval(".kernel .name", (names) => names.map(({ textContent }) => textContent));
  expect(kernels.length).toBeGreaterThan(4);
  for (const [width, height] of sizes) {
    await page.setViewport({ width, height });
    for (const value of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      await settle(page);
      const lowest = await page.$$eval(".chart, .kernel", (nodes) =>
        Math.max(...nodes.map((node) => node.getBoundingClientRect().bottom)),
      );
      expect(lowest).toBeLessThanOrEqual(height);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const widths = await page.$$eval(".chart svg", (drawings) =>
        drawings.map((drawing) => [drawing.clientWidth, drawing.parentElement!.clientWidth]),
      );
      for (const [drawn, room] of widths) expect(drawn).toBe(room);
    }
  }
  expect(complaints).toEqual([]);
});

test("dragging alpha writes the document, trains again, leaves a ghost, and Back takes it all back", async () => {
  await restart();
  const before = { curves: await curves(), document: await documentOf(page) };
  await drag("slider-alpha-high", await placeOf("slider-alpha-high"), 0.5);
  await trained(page);
  expect(await outputOf("slider-alpha-high")).toBe("1");
  expect(await curves()).not.toEqual(before.curves);
  expect(await page.$$eval(".ghosts path", (paths) => paths.length)).toBe(before.curves.length);
  const [axis] = (JSON.parse(await documentOf(page)) as { sweep: { logspace: number[] }[] }).sweep;
  expect(axis.logspace[1]).toBe(0);
  const names = await page.$$eval(".kernel .name", (nodes) => nodes.map(({ textContent }) => textContent));
  expect(names.at(-1)).toBe("α 1");
  await page.waitForFunction(() => location.hash.startsWith("#sweep="));

  await press("Clear earlier curves");
  expect(await page.$$eval(".ghosts path", (paths) => paths.length)).toBe(0);

  await page.goBack();
  await page.waitForFunction((address) => location.href === address, {}, short);
  await page.waitForFunction(
    (text) => (document.querySelector("#document") as HTMLTextAreaElement).value === text,
    {},
    before.document,
  );
  await trained(page);
  expect(await curves()).toEqual(before.curves);
  expect(complaints).toEqual([]);
});

test("a link shows the same document, and a reload keeps it; a link that was cut shows the start page", async () => {
  await restart();
  await drag("slider-data-samples", await placeOf("slider-data-samples"), 0.05);
  await page.waitForFunction((address) => location.href !== address, {}, short);
  await trained(page);
  const [text, address] = [await documentOf(page), page.url()];
  expect((JSON.parse(text) as { data: object }).data).toMatchObject({
    kind: "linear-uniform",
    dimension: 20,
  });
  // Earlier curves widen the axes, and no link holds them.
  await press("Clear earlier curves");
  const drawn = await curves();
  await page.reload();
  await trained(page);
  expect(await documentOf(page)).toBe(text);
  expect(await curves()).toEqual(drawn);
  const cut = await openPage(browser, address.slice(0, -20));
  expect(await documentOf(cut.page)).toContain('"epochs": 10000');
  expect([...complaints, ...cut.complaints]).toEqual([]);
  await cut.page.close();
});

test("a training whose place another one is to take is not the end: figures stay said to change", async () => {
  await restart();
  const text = await documentOf(page);
  await page.evaluate((written) => {
    const field = document.querySelector<HTMLTextAreaElement>("#document")!;
    const write = (epochs: number) => {
      field.value = written.replace('"epochs": 300', `"epochs": ${epochs}`);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const stop = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Stop")!;
    new MutationObserver((_, watch) => {
      if (stop.disabled) return;
      watch.disconnect();
      // A written document trains when the hand has rested, which may be later than this training ends.
      write(200);
    }).observe(stop, { attributeFilter: ["disabled"] });
    const figures = document.querySelector(".live-figures")!;
    new MutationObserver((_, watch) => {
      if (figures.ariaBusy === "true") return;
      watch.disconnect();
      figures.setAttribute("data-end", document.querySelector('output[for="shown-epoch"]')!.textContent);
    }).observe(figures, { attributeFilter: ["aria-busy"] });
    write(400);
  }, text);
  await page.waitForSelector(".live-figures[data-end]");
  expect(await page.$eval(".live-figures", (figures) => figures.getAttribute("data-end"))).toBe("200");
  expect(complaints).toEqual([]);
});

test("time is reset, stepped, played and paused, and all figures keep to it", async () => {
  await restart();
  const epoch = () => outputOf("shown-epoch");
  const changes = () =>
    page.$$eval(".kernel .change", (nodes) => nodes.map(({ textContent }) => textContent));
  const whole = { curves: await curves(), changes: await changes() };
  expect(await epoch()).toBe("300");
  await press("Reset");
  expect(await epoch()).toBe("0");
  expect(new Set(await changes())).toEqual(new Set(["0%"]));
  await press("Step");
  expect(await epoch()).toBe("1");
  // So slowly that a busy machine is in time to pause it.
  await page.select('select[aria-label="Speed"]', "0.25");
  await press("Play");
  await page.waitForFunction(() => document.querySelector('output[for="shown-epoch"]')!.textContent !== "1");
  await press("Pause");
  const paused = await epoch();
  await settle(page);
  expect(await epoch()).toBe(paused);
  expect(paused).not.toBe("300");
  expect(await curves()).not.toEqual(whole.curves);
  await page.select('select[aria-label="Speed"]', "4");
  await press("Play");
  await page.waitForFunction(
    () => document.querySelector('output[for="shown-epoch"]')!.textContent === "300",
  );
  expect({ curves: await curves(), changes: await changes() }).toEqual(whole);
  expect(complaints).toEqual([]);
});

test("form, text and sliders show one document, and say where it is wrong", async () => {
  await restart();
  await page.click('button[aria-controls="drawer"]');
  const depth = '[data-path="model.depth"]';
  await page.waitForSelector(depth);
  const valueOf = (selector: string) =>
    page.$eval(selector, (node) => (node as HTMLInputElement | HTMLSelectElement).value);
  const fill = async (selector: string, text: string) => {
    await page.$eval(selector, (node) => (node as HTMLInputElement).select());
    await page.type(selector, text);
  };
  await fill(depth, "3");
  expect(JSON.parse(await documentOf(page))).toMatchObject({ model: { depth: 3 } });
  expect(await outputOf("slider-model-depth")).toBe("3");

  await fill(depth, "-3");
  const message = () => page.$eval("#document-message", ({ textContent }) => textContent);
  expect(await message()).toContain("model.depth is -3");
  expect(await page.$eval(depth, (node) => node.ariaInvalid)).toBe("true");

  await writeDocument(page, (await documentOf(page)).replace('"depth": -3', '"depth": 1'));
  expect(await valueOf(depth)).toBe("1");
  expect(await page.$eval(depth, (node) => node.ariaInvalid)).toBe("false");
  expect(await message()).toContain("5 runs");

  // Another kind has other fields; what both have is kept.
  await page.select('[data-path="train.method"]', "gradient-flow");
  await page.waitForSelector('[data-path="train.tolerance"]');
  expect(await page.$('[data-path="train.stepSize"]')).toBeNull();
  expect(JSON.parse(await documentOf(page))).toMatchObject({ train: { method: "gradient-flow" } });
  expect(await page.$("#slider-train-stepSize")).toBeNull();

  await writeDocument(page, "{ not JSON");
  expect(await message()).toContain("document");
  expect(await valueOf('[data-path="train.method"]')).toBe("gradient-flow");
  await page.focus("#document");
  await page.keyboard.press("Escape");
  expect(await page.$eval("#drawer", (drawer) => (drawer as HTMLElement).hidden)).toBe(true);
  expect(complaints).toEqual([]);
});

test("what takes long waits for Run, which Ctrl+Enter presses", async () => {
  await restart();
  const text = (await documentOf(page)).replace('"epochs": 300', '"epochs": 300000000');
  await writeDocument(page, text);
  await page.waitForFunction(() => document.querySelector(".pace")!.textContent.includes("Run trains it"));
  expect(await page.$eval(".pace", ({ textContent }) => textContent)).toMatch(/^5 runs\. About .* here/);
  await page.focus("#slider-alpha-low");
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  await page.waitForFunction(() =>
    /run-steps\/s · .* left/.test(document.querySelector(".pace")!.textContent),
  );
  await press("Stop");
  await trained(page);
  expect(await page.$eval(".spoken", ({ textContent }) => textContent)).toBe("Training stopped.");
  expect(complaints).toEqual([]);
});

test("where motion is to be reduced nothing moves by itself: a training is drawn once, when it is over", async () => {
  await restart();
  const still = await openPage(browser, short, {
    prepare: async (page) => {
      await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
      await page.evaluateOnNewDocument(() => {
        const seen = new Set<string>();
        Object.assign(window, { seen });
        const look = () => {
          const [path] = document.querySelectorAll(".curves path");
          if (path) seen.add(path.getAttribute("d") ?? "");
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
  });
  await trained(still.page);
  await settle(still.page);
  expect(await still.page.evaluate(() => (window as unknown as { seen: Set<string> }).seen.size)).toBe(1);
  // What is asked for still plays.
  await still.page.$$eval(".playback button", (buttons) => buttons[0].click());
  await still.page.waitForFunction(() => (window as unknown as { seen: Set<string> }).seen.size > 2);
  expect(still.complaints).toEqual([]);
  await still.page.close();
});
