/** What the page remembers and takes, in a browser: links, saved folders, earlier runs, and what is dropped on it. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import { npyHeader } from "../../src/data/npy.ts";
import { readResults } from "../../src/results/read.ts";
import { unpackFiles } from "../../viewer/page/archive.ts";
import { documentOf, openPage, serveViewer, settle, shortSweep, trained } from "./browser-page.ts";

let browser: Browser;
let server: Server;
let page: Page;
let complaints: string[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-memory-"));
  server = await serveViewer();
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await openPage(browser, `${server.url}${shortSweep}`, { width: 1440 }));
  await trained(page);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const press = (label: string): Promise<void> =>
  page.$$eval(
    "button",
    (buttons, text) => buttons.find(({ textContent }) => textContent === text)!.click(),
    label,
  );

/** Drops files and folders of the disk on the page, as a hand would. */
async function drop(...files: string[]): Promise<void> {
  const session = await page.createCDPSession();
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 700, y: 300, data });
    // What is dropped before the page has said that it takes it, it does not take.
    await settle(page);
  }
  await session.detach();
}

/** Runs the document, until it has come to its end. */
async function run(): Promise<void> {
  await press("Run");
  await settle(page);
  await trained(page);
}

test("what figures are set to by hand is in the link", async () => {
  const logarithmic = '#weight-distance input[type="checkbox"]';
  const isChecked = (of: Page) => of.$eval(logarithmic, (box) => box.checked);
  await page.$eval(".full", (section) => section.scrollIntoView());
  await page.waitForSelector(logarithmic);
  const before = { isChecked: await isChecked(page), address: page.url() };
  await page.$eval(logarithmic, (box) => box.click());
  await page.waitForFunction((address) => location.href !== address, {}, before.address);
  const other = await openPage(browser, page.url(), { width: 1440 });
  await trained(other.page);
  await other.page.$eval(".full", (section) => section.scrollIntoView());
  await other.page.waitForSelector(logarithmic);
  expect(await isChecked(other.page)).toBe(!before.isChecked);
  await other.page.close();
  await page.goBack();
  await page.waitForFunction(
    (selector, checked) => document.querySelector<HTMLInputElement>(selector)!.checked === checked,
    {},
    logarithmic,
    before.isChecked,
  );
  expect([...complaints, ...other.complaints]).toEqual([]);
});

test("Copy link copies the address of what is shown", async () => {
  await browser
    .defaultBrowserContext()
    .overridePermissions(new URL(server.url).origin, ["clipboard-read", "clipboard-sanitized-write"]);
  await page.bringToFront();
  await page.$eval("h1", (heading) => heading.scrollIntoView());
  await page.click("button ::-p-text(Copy link)");
  await page.waitForFunction(() => document.querySelector(".spoken")!.textContent === "Link copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test("results are saved as a folder that the command reads, and dropped on the page they are shown again", async () => {
  const downloads = mkdtempSync(join(folder, "downloads-"));
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  await press("Save results");
  await expect.poll(() => readdirSync(downloads), { timeout: 60_000 }).toEqual(["alpha-sweep.zip"]);
  const archive = join(downloads, "alpha-sweep.zip");
  for (const [path, bytes] of unpackFiles(readFileSync(archive))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const results = await readResults(join(folder, "alpha-sweep"));
  expect(results.manifest).toMatchObject({ name: "alpha-sweep", status: "finished" });
  const { rows, columns } = results.runs;
  expect(Array.from(columns.run)).toEqual([...Array(rows).keys()]);
  expect(new Set(columns.status as string[])).toEqual(new Set(["finished"]));
  const runOf = Array.from(results.history.columns.run);
  expect(runOf).toEqual(runOf.toSorted((a, b) => Number(a) - Number(b)));
  expect(results.arrays.ntk!.shape).toEqual([rows, results.history.rows / rows, 10, 10]);
  expect(Array.from(results.arrays.ntk!.data).every(Number.isFinite)).toBe(true);

  const isShown = async () => {
    await page.waitForSelector("main > div > article #tangent-kernel");
    expect(await page.$$eval("#runs tbody tr", (found) => found.length)).toBe(rows);
  };
  await drop(join(folder, "alpha-sweep"));
  await isShown();
  // And the file that it came in, picked.
  await page.evaluate(() => (location.hash = "sweep"));
  await page.waitForSelector(".sweep");
  const field = await page.$("input[type=file][multiple]");
  await (field as ElementHandle<HTMLInputElement>).uploadFile(archive);
  await isShown();
  expect(complaints).toEqual([]);
});

test("files that are dropped, CSV, npy or IDX, are what the next training learns", async () => {
  const file = join(folder, "mine.csv");
  writeFileSync(file, "a,b,y\n1,0,1\n0,1,2\n1,1,3\n2,1,4\n");
  // A single move of the hand is lost on a page that is busy.
  await page.evaluate(() => (location.hash = "gallery"));
  await page.waitForSelector(".card");
  await drop(file);
  await page.waitForSelector(".sweep");
  const holds = (text: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector<HTMLTextAreaElement>("#document")!.value.includes(wanted),
      {},
      text,
    );
  await holds("mine.csv");
  await trained(page);
  expect(JSON.parse(await documentOf(page))).toMatchObject({ data: { kind: "file", train: "mine.csv" } });
  expect(await page.$eval('output[for="slider-data-samples"]', ({ textContent }) => textContent)).toBe("4");
  expect(await page.$eval('output[for="slider-data-dimension"]', ({ textContent }) => textContent)).toBe("2");

  const npy = (name: string, shape: number[], values: number[]) => {
    writeFileSync(
      join(folder, name),
      Buffer.concat([npyHeader(shape, "f4"), Buffer.from(Float32Array.from(values).buffer)]),
    );
    return join(folder, name);
  };
  await drop(npy("X.npy", [3, 2], [1, 0, 0, 1, 1, 1]), npy("t.npy", [3], [1, 2, 3]));
  await holds('"inputs": "X.npy"');
  await trained(page);
  expect(JSON.parse(await documentOf(page))).toMatchObject({
    data: { kind: "file", inputs: "X.npy", targets: "t.npy" },
  });
  expect(await page.$eval('output[for="slider-data-samples"]', ({ textContent }) => textContent)).toBe("3");

  // Four images of two by two, of classes 0 and 1, as MNIST's files.
  writeFileSync(
    join(folder, "images-idx3-ubyte"),
    Buffer.from([
      0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2, 9, 0, 0, 0, 0, 9, 0, 0, 7, 1, 0, 0, 1, 8, 0, 0,
    ]),
  );
  writeFileSync(join(folder, "labels-idx1-ubyte"), Buffer.from([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]));
  await drop(join(folder, "images-idx3-ubyte"), join(folder, "labels-idx1-ubyte"));
  await holds('"kind": "idx"');
  await trained(page);
  expect(JSON.parse(await documentOf(page))).toMatchObject({
    data: { kind: "idx", images: "images-idx3-ubyte", labels: "labels-idx1-ubyte", classes: [0, 1] },
  });

  writeFileSync(join(folder, "notes.txt"), "nothing");
  await drop(join(folder, "notes.txt"));
  await page.waitForSelector('.given [role="alert"]');
  expect(await page.$eval(".given", ({ textContent }) => textContent)).toContain("neither results");
  expect(complaints).toEqual([]);
});

test("a second Run keeps the first, and leaving with unsaved results asks", async () => {
  await run();
  await page.$eval("#slider-model-depth", (slider) => {
    (slider as HTMLInputElement).valueAsNumber = 3;
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
  });
  await run();
  await page.$eval(".full", (section) => section.scrollIntoView());
  const depth = () =>
    page.$eval(".full .document pre", ({ textContent }) => /"depth": (\d)/.exec(textContent)![1]);
  await page.waitForFunction(
    () => document.querySelector(".full .document pre")?.textContent.includes('"depth": 3') === true,
  );
  await press("Run 1: alpha-sweep");
  await page.waitForFunction(
    () => document.querySelector(".full .document pre")?.textContent.includes('"depth": 2') === true,
  );
  expect(await depth()).toBe("2");
  expect(complaints).toEqual([]);

  await page.evaluate(() => (location.hash = "compare"));
  await page.waitForSelector(".differences");
  expect(
    await page.$$eval("#compare-first option", (options) => options.map(({ textContent }) => textContent)),
  ).toEqual(expect.arrayContaining(["Run 1: alpha-sweep", "Run 2: alpha-sweep"]));
  await page.waitForSelector("#comparison-weight_distance .drawing svg");
  await page.evaluate(() => (location.hash = "sweep"));
  await page.waitForSelector(".full h2");
  expect(complaints).toEqual([]);

  // A browser asks only about a page that has been used.
  await page.click(".full h2");
  const asked = new Promise<string>((resolve) =>
    page.once("dialog", (dialog) => {
      resolve(dialog.type());
      // The browser may be gone before it has heard.
      dialog.accept().catch(() => {});
    }),
  );
  await page.close({ runBeforeUnload: true });
  expect(await asked).toBe("beforeunload");
});
