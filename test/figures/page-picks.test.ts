/** What is picked and brushed in the page, in a browser: in the live figures too, and in the link. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { openPage, serveViewer, settle, shortSweep, trained, writeResults } from "./browser-page.ts";
import { trained as sample } from "./samples/samples.ts";

let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];
let folder: string;
/** The start page's sweep with few epochs, and nothing picked. */
let plain: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-picks-"));
  writeResults(join(folder, "saved"), sample("alpha-sweep"));
  server = await serveViewer(folder);
  browser = await launchBrowser(await ensureBrowser(), "software");
  plain = `${server.url}${shortSweep}`;
  ({ page, complaints } = await openPage(browser, plain, { width: 1440 }));
  await trained(page);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const said = (of = page, within = ".live-figures") =>
  of.$eval(`${within} .said`, ({ textContent }) => textContent);
const names = () => page.$$eval(".kernel .name", (nodes) => nodes.map(({ textContent }) => textContent));
const pressed = (of = page) =>
  of.$$eval(".kernel", (tiles) => tiles.flatMap(({ ariaPressed }, k) => (ariaPressed === "true" ? [k] : [])));
const ticks = () =>
  page.$eval(".chart svg", (drawing) =>
    [...drawing.querySelectorAll("text")].map(({ textContent }) => textContent),
  );

/** Drags from one share of an element's width to another. */
async function drag(selector: string, [from, to]: [number, number], end = selector): Promise<void> {
  const [first, last] = await Promise.all(
    [selector, end].map(async (one) => (await page.$(one))!.boundingBox()),
  );
  await page.mouse.move(first!.x + from * first!.width, first!.y + first!.height / 2);
  await page.mouse.down();
  await page.mouse.move(last!.x + to * last!.width, last!.y + last!.height / 2, { steps: 4 });
  await page.mouse.up();
  await settle(page);
}

test("a range of epochs brushed on a live chart is that of all figures, and Clear shows all again", async () => {
  const before = { ticks: await ticks(), address: page.url() };
  expect(before.ticks).toContain("0");
  await drag(".chart .drawing", [0.4, 0.7]);
  expect(await said()).toMatch(/^epoch [\d.]+ … [\d.]+\.$/);
  expect(await ticks()).not.toContain("0");
  expect(page.url()).not.toBe(before.address);
  const last = parseFloat((await said()).split("… ")[1]);
  expect(
    await page.$eval("#shown-epoch", (slider) => Number(slider.ariaValueText!.replace("epoch ", ""))),
  ).toBeLessThanOrEqual(last);
  await page.click(".looked button ::-p-text(Clear)");
  await settle(page);
  expect(await ticks()).toEqual(before.ticks);
  expect(await said()).toBe("");
  expect(complaints).toEqual([]);
});

test("dragging over kernels chooses their range of alpha, and a click picks one", async () => {
  const all = await names();
  await drag(".kernel:nth-child(2)", [0.5, 0.5], ".kernel:nth-child(3)");
  expect(await names()).toEqual(all.slice(1, 3));
  expect(await said()).toMatch(/^2 runs of \d+, α .* … .*\.$/);
  await page.keyboard.press("Escape");
  await settle(page);
  expect(await names()).toEqual(all);
  expect(await said()).toBe("");
  await page.click(".kernel:nth-child(3)");
  await settle(page);
  expect(await pressed()).toEqual([2]);
  expect(await said()).toMatch(/^α = .* picked\.$/);
  await page.keyboard.press("Escape");
  expect(complaints).toEqual([]);
});

test("a pick and a brushed range are part of the link: reload, Back and another page show them", async () => {
  await page.goto(plain);
  await trained(page);
  await page.click(".kernel:nth-child(2)");
  await settle(page);
  const [picked, pickedAddress] = [await said(), page.url()];
  expect(pickedAddress).not.toBe(plain);
  await drag(".chart .drawing", [0.4, 0.7]);
  const [both, bothAddress] = [await said(), page.url()];
  expect(both).toMatch(/^α = .* picked, epoch .* … .*\.$/);

  await page.reload();
  await trained(page);
  expect(await said()).toBe(both);
  expect(await pressed()).toEqual([1]);
  expect(page.url()).toBe(bothAddress);

  const other = await openPage(browser, bothAddress, { width: 1440 });
  await trained(other.page);
  expect(await said(other.page)).toBe(both);
  expect(await pressed(other.page)).toEqual([1]);
  await other.page.close();

  await page.goBack();
  await page.waitForFunction((address) => location.href === address, {}, pickedAddress);
  await settle(page);
  expect(await said()).toBe(picked);
  await page.goBack();
  await page.waitForFunction((address) => location.href === address, {}, plain);
  await settle(page);
  expect(await said()).toBe("");
  expect([...complaints, ...other.complaints]).toEqual([]);
});

test("what is picked goes along to the kernel lab and back, and the lab's own link shows it", async () => {
  await page.goto(plain);
  await trained(page);
  await page.click(".kernel:nth-child(2)");
  await settle(page);
  const picked = await said();
  await page.click(".ways ::-p-text(Kernel lab)");
  await page.waitForSelector(".lab .drawing svg");
  expect(await said(page, ".lab")).toBe(picked);
  await page.keyboard.press("Escape");
  await settle(page);
  expect(await said(page, ".lab")).toBe("");
  await page.goBack();
  await settle(page);
  expect(await said(page, ".lab")).toBe(picked);
  const other = await openPage(browser, page.url(), { width: 1440 });
  await other.page.waitForSelector(".lab .drawing svg");
  expect(await said(other.page, ".lab")).toBe(picked);
  await other.page.close();
  await page.click(".ways ::-p-text(Sweep)");
  await page.waitForSelector(".live-figures .said");
  expect(await said()).toBe(picked);
  expect([...complaints, ...other.complaints]).toEqual([]);
});

test("a run picked in a results folder, and what its figures are set to, are in the folder's link", async () => {
  await page.goto(`${server.url}#gallery`);
  await page.waitForSelector(".gallery > section .card a");
  await page.click(".gallery > section .card a");
  await page.waitForSelector('#runs tr[data-run="3"] button');
  await page.$eval('#runs tr[data-run="3"] button', (button) => button.click());
  await settle(page);
  const logarithmic = '#weight-distance input[type="checkbox"]';
  await page.waitForSelector(logarithmic);
  const wasLogarithmic = await page.$eval(logarithmic, (box) => box.checked);
  await page.$eval(logarithmic, (box) => box.click());
  await settle(page);
  await page.reload();
  await page.waitForSelector('#runs tr[data-run="3"].picked');
  await page.waitForSelector(logarithmic);
  expect(await page.$eval(logarithmic, (box) => box.checked)).toBe(!wasLogarithmic);
  expect(await said(page, ".selection")).toBe("α = 1 picked.");
  expect(complaints).toEqual([]);
});
