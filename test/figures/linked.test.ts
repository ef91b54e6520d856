/** Linked views in a browser: what is picked, brushed or filtered in one place is so in all, by pointer and by keyboard. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import { fillReport } from "../../viewer/report/build.ts";
import { current, openPage, pagesFolder, settle } from "./browser-page.ts";
import { made, trained } from "./samples/samples.ts";

let browser: Browser;
let folder: string;
let page: Page;
let complaints: string[];

const report = async (name: string, results: ReturnType<typeof made>) => {
  const template = readFileSync(join(pagesFolder, "report", "report.html"), "utf8");
  const file = join(folder, `${name}.html`);
  writeFileSync(file, fillReport(template, results));
  return openPage(browser, pathToFileURL(file).href);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-linked-"));
  browser = await launchBrowser(await ensureBrowser(), "software");
  ({ page, complaints } = await report("alphas", trained("alpha-sweep")));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
});

/** A figure's drawing, when it stands still. */
async function drawn(id: string, of = page): Promise<string> {
  await of.$eval(`#${id}`, (section) => section.scrollIntoView({ block: "center" }));
  await of.waitForSelector(`#${id} ${current}`);
  // Figures above it may still be drawn, and move it; the pointer's own tip is no part of it.
  await of.mouse.move(0, 0);
  const place = () =>
    of.$eval(`#${id}`, (section) => {
      section.scrollIntoView({ block: "center" });
      return section.getBoundingClientRect().y;
    });
  for (let before = NaN, now = await place(); now !== before; now = await place()) {
    before = now;
    await settle(of);
    await settle(of);
  }
  await of.waitForSelector(`#${id} ${current}`);
  return of.$eval(`#${id} .drawing svg`, (drawing) => drawing.outerHTML);
}

const said = () => page.$eval(".selection .said", ({ textContent }) => textContent);
const pickedRows = () =>
  page.$$eval("#runs tr.picked", (rows) => rows.map((row) => (row as HTMLElement).dataset.run));
const faint = (drawing: string) => (drawing.match(/stroke-opacity="0.2"/g) ?? []).length;
const ofKernel = () => page.$eval("#tangent-kernel output", ({ textContent }) => textContent);

/** Clicks on the legend's entry of a value. */
async function clickLegend(id: string, label: string): Promise<void> {
  const place = await page.$eval(
    `#${id} [aria-label="legend"]`,
    (legend, text) => {
      const entry = [...legend.querySelectorAll("text")].find(({ textContent }) => textContent === text)!;
      const { x, y, width, height } = entry.getBoundingClientRect();
      return [x + width / 2, y + height / 2] as const;
    },
    label,
  );
  await page.mouse.click(...place);
}

test("a value picked in a legend is picked in curves, table and kernels, and Escape puts it away", async () => {
  const plain = await drawn("weight-distance");
  expect(faint(plain)).toBe(0);
  await clickLegend("weight-distance", "0.5");
  expect(faint(await drawn("weight-distance"))).toBe(1);
  expect(faint(await drawn("kernel-drift"))).toBe(1);
  expect(await pickedRows()).toEqual(["2"]);
  await drawn("tangent-kernel");
  expect(await ofKernel()).toBe("α = 0.5");
  expect(await said()).toBe("α = 0.5 picked.");
  await page.keyboard.press("Escape");
  expect(await drawn("weight-distance")).toBe(plain);
  expect(await pickedRows()).toEqual([]);
  expect(await said()).toBe("");
  await drawn("tangent-kernel");
  expect(await ofKernel()).toBe("α = 0.05");
  expect(complaints).toEqual([]);
});

test("a run of the table, a line, and a kernel pick their run", async () => {
  await page.$eval('#runs tr[data-run="3"] button', (button) => button.click());
  expect(await said()).toBe("α = 1 picked.");
  expect(await page.$eval('#runs tr[data-run="3"] button', ({ ariaPressed }) => ariaPressed)).toBe("true");
  await page.keyboard.press("Escape");

  await drawn("weight-distance");
  const end = await page.$$eval('#weight-distance [aria-label="line"] path', (paths) => {
    const path = paths[0];
    const { x, y } = path
      .getPointAtLength(0.98 * path.getTotalLength())
      .matrixTransform(path.getScreenCTM()!);
    return [x, y] as const;
  });
  await page.mouse.click(...end);
  await settle(page);
  expect(await said()).toMatch(/^α = .* picked\.$/);
  await page.mouse.click(...end);
  await settle(page);
  expect(await said()).toBe("");

  await drawn("tangent-kernels");
  await page.$$eval("#tangent-kernels .drawing image", (images) =>
    images.at(-1)!.scrollIntoView({ block: "center" }),
  );
  const images = await page.$$("#tangent-kernels .drawing image");
  await images.at(-1)!.click();
  await settle(page);
  expect(await said()).toBe("α = 5 picked.");
  expect(complaints).toEqual([]);
});

test("a slider that shows one run picks it", async () => {
  await drawn("tangent-kernel");
  await page.focus('#tangent-kernel input[type="range"]');
  await page.keyboard.press("ArrowRight");
  await settle(page);
  expect(await said()).toBe("α = 0.1 picked.");
  expect(await pickedRows()).toEqual(["1"]);
});

/** Brushes a chart's horizontal axis from one share of its frame to another. */
async function brush(id: string, from: number, to: number): Promise<void> {
  await drawn(id);
  const { x, y, width, height } = (await (await page.$(`#${id} .drawing svg`))!.boundingBox())!;
  await page.mouse.move(x + from * width, y + 0.3 * height);
  await page.mouse.down();
  await page.mouse.move(x + to * width, y + 0.3 * height, { steps: 4 });
  await page.mouse.up();
  await settle(page);
}

test("brushing epochs narrows every figure to them, and the table to their end", async () => {
  const [distances, loss] = [await drawn("weight-distance"), await drawn("loss")];
  const epochs = () => page.$$eval("#runs tbody tr", (rows) => rows.map((row) => row.cells[3].textContent));
  const before = await epochs();
  await brush("weight-distance", 0.4, 0.6);
  expect(await said()).toMatch(/^epoch .* … .*\.$/);
  expect(await drawn("weight-distance")).not.toBe(distances);
  expect(await drawn("loss")).not.toBe(loss);
  expect(await epochs()).not.toEqual(before);
  await page.keyboard.press("Escape");
  expect(await drawn("loss")).toBe(loss);
  expect(await epochs()).toEqual(before);
  expect(complaints).toEqual([]);
});

test("a panel of small multiples is brushed on its own axis, and all panels show the range", async () => {
  const results = made(
    [10, 20, 40].flatMap((samples) =>
      [0.1, 1, 10].map((alpha) => ({
        swept: { "init.alpha": alpha, "data.samples": samples },
        values: Array.from({ length: 30 }, (_, k) => alpha * (1 + k)),
      })),
    ),
  );
  const panels = await report("panels", results);
  await drawn("weight-distance", panels.page);
  const rangeOf = async (panel: number) => {
    // A panel's frame is as wide as its horizontal lines.
    const lines = await panels.page.$$eval('#weight-distance [aria-label="y-grid"] > g', (grids) =>
      grids.map((grid) => {
        const { x, y, width, height } = grid.getBoundingClientRect();
        return { x, y, width, height };
      }),
    );
    expect(lines).toHaveLength(3);
    const { x, y, width, height } = lines[panel];
    await panels.page.mouse.move(x + 0.5 * width, y + 0.5 * height);
    await panels.page.mouse.down();
    await panels.page.mouse.move(x + 0.9 * width, y + 0.5 * height, { steps: 4 });
    const band = await panels.page.$eval("#weight-distance .brush", (node) => {
      const box = node.getBoundingClientRect();
      return { x: box.x, width: box.width };
    });
    await panels.page.mouse.up();
    await drawn("weight-distance", panels.page);
    expect(band.x).toBeCloseTo(x + 0.5 * width, -1);
    expect(band.width).toBeCloseTo(0.4 * width, -1);
    const text = await panels.page.$eval(".selection .said", ({ textContent }) => textContent);
    await panels.page.keyboard.press("Escape");
    await drawn("weight-distance", panels.page);
    return text;
  };
  const first = await rangeOf(0);
  expect(first).toMatch(/^epoch .* … .*\.$/);
  expect(await rangeOf(2)).toBe(first);
  expect(panels.complaints).toEqual([]);
  await panels.page.close();
});

test("brushing alpha, or choosing it in the filter, hides the other runs everywhere", async () => {
  const lines = async () =>
    (await drawn("loss")).match(/<path fill="none" stroke="#|<path[^>]*stroke="rgb/g)!.length;
  const all = await lines();
  await brush("kernel-drift-against-alpha", 0.1, 0.4);
  const rows = await page.$$eval("#runs tbody tr", (found) => found.length);
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(5);
  expect(await lines()).toBeLessThan(all);
  await page.keyboard.press("Escape");
  await page.click(".filter summary");
  await page.select('select[aria-label="α from"]', "1");
  expect(await page.$$eval("#runs tbody tr", (found) => found.map(({ dataset }) => dataset.run))).toEqual([
    "3",
    "4",
  ]);
  expect(await said()).toBe("2 runs of 5, α ≥ 1.");
  await page.$$eval(".selection .row button", (buttons) => buttons[0].click());
  expect(await page.$$eval("#runs tbody tr", (found) => found.length)).toBe(5);
  await page.click(".filter summary");
  expect(complaints).toEqual([]);
});

test("arrow keys read a chart's points, and Enter picks their run", async () => {
  await drawn("weight-distance");
  await page.focus("#weight-distance .drawing");
  const spoken = () => page.$eval("#weight-distance .spoken", ({ textContent }) => textContent);
  await page.keyboard.press("ArrowRight");
  const first = await spoken();
  expect(first).toMatch(/^α = 0\.05, epoch 1, time 0\.001, ‖w − w\(0\)‖₂ = /);
  await page.keyboard.press("ArrowRight");
  expect(await spoken()).not.toBe(first);
  await page.keyboard.press("End");
  expect(await spoken()).toMatch(/^α = 0\.05, epoch 10,000/);
  await page.keyboard.press("ArrowDown");
  expect(await spoken()).toMatch(/^α = 0\.1, epoch/);
  expect(await page.$eval("#weight-distance .tip", ({ textContent }) => textContent)).toContain("α = 0.1");
  await page.keyboard.press("Enter");
  await settle(page);
  expect(await said()).toBe("α = 0.1 picked.");
  // It stays where it was in the new drawing.
  expect(await page.$eval("#weight-distance .tip", ({ textContent }) => textContent)).toContain("α = 0.1");
  expect(complaints).toEqual([]);
});

test("a cell of a phase diagram shows its curves and its kernel, and a run picked elsewhere outlines its cell", async () => {
  const results = made(
    [10, 20, 40].flatMap((samples) =>
      [0.1, 1, 10].map((alpha) => ({
        swept: { "init.alpha": alpha, "data.samples": samples },
        values: [0, alpha * samples],
      })),
    ),
  );
  results.arrays.ntk = {
    shape: [9, 2, 3, 3],
    data: Float32Array.from({ length: 9 * 18 }, (_, k) => 1 + (k % 7)),
  };
  const phases = await report("phases", results);
  await drawn("phase-diagram", phases.page);
  const cells = await phases.page.$$('#phase-diagram [aria-label="rect"] rect');
  await cells[4].click();
  const picked = await drawn("phase-diagram", phases.page);
  expect(picked).toContain("Outlined, and below: N = 20, α = 1, 1 run.");
  expect(picked).toContain("K(t) − K(0)");
  expect(await phases.page.$$eval("#runs tr.picked", (rows) => rows.map((row) => row.dataset.run))).toEqual([
    "4",
  ]);
  await phases.page.$eval('#runs tr[data-run="8"]', (row) => row.click());
  expect(await drawn("phase-diagram", phases.page)).toContain("Outlined, and below: N = 40, α = 10, 1 run.");
  await phases.page.keyboard.press("Escape");
  expect(await drawn("phase-diagram", phases.page)).not.toContain("Outlined");
  expect(phases.complaints).toEqual([]);
  await phases.page.close();
});
