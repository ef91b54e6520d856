/** The report from disk and the viewer from its server, in a browser, driven by mouse and keyboard. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import type { Server } from "../../src/cli/runtimes/server.ts";
import type { Report } from "../../bench/row.ts";
import { fillReport } from "../../viewer/report/build.ts";
import {
  current,
  documentOf,
  expectTidy,
  openPage as open,
  pagesFolder,
  serveViewer,
  settle,
  shortSweep,
  trained as hasTrained,
  writeDocument,
} from "./browser-page.ts";
import { made, trained } from "./samples/samples.ts";

let browser: Browser;
let folder: string;
let template: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alphasweep-pages-"));
  template = readFileSync(join(pagesFolder, "report", "report.html"), "utf8");
  browser = await launchBrowser(await ensureBrowser(), "software");
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const openPage = (address: string, width?: number, prepare?: (page: Page) => Promise<void>) =>
  open(browser, address, { width, prepare });

/** The drawing of a figure, as text; it is scrolled to first, for figures are drawn when they are seen. */
async function drawing(page: Page, id: string): Promise<string> {
  await page.$eval(`#${id}`, (section) => section.scrollIntoView());
  // Figures above it that are drawn meanwhile may push it out of sight again.
  await page.waitForFunction(
    (section: string, drawn: string) => {
      const isDrawn = document.querySelector(`#${section} ${drawn}`) !== null;
      if (!isDrawn) document.getElementById(section)!.scrollIntoView();
      return isDrawn;
    },
    { polling: 100 },
    id,
    current,
  );
  return page.$eval(`#${id} .drawing`, (holder) => holder.innerHTML);
}

/** Moves a labelled slider by keys. */
async function press(
  page: Page,
  id: string,
  label: string,
  key: "ArrowLeft" | "ArrowRight" | "Home" | "End",
) {
  const slider = await page.evaluateHandle(
    (section, text) => {
      const labels = [...document.querySelectorAll<HTMLLabelElement>(`#${section} label`)];
      return labels.find(({ textContent }) => textContent === text)!.control!;
    },
    id,
    label,
  );
  await slider.asElement()!.focus();
  await page.keyboard.press(key);
  await settle(page);
}

describe("the report, opened from disk", () => {
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    const file = join(folder, "alpha-sweep.html");
    writeFileSync(file, fillReport(template, trained("alpha-sweep")));
    ({ page, complaints } = await openPage(pathToFileURL(file).href));
  });

  test("draws every figure and the table of runs, and says what ran where", async () => {
    const ids = await page.$$eval(".figure", (sections) => sections.map(({ id }) => id));
    expect(ids).toEqual([
      "weight-distance",
      "linear-distance",
      "loss",
      "function-distance",
      "kernel-drift",
      "kernel-drift-against-alpha",
      "distances-against-alpha",
      "tangent-kernels",
      "tangent-kernel",
      "surface",
      "runs",
    ]);
    for (const id of ids.slice(0, -1)) expect(await drawing(page, id)).toContain("</svg>");
    expect(await page.$$eval("#runs tbody tr", (rows) => rows.length)).toBe(5);
    const header = await page.$eval("header", ({ textContent }) => textContent);
    expect(header).toContain("alpha-sweep");
    expect(header).toContain("SwiftShader");
    expect(header).toContain("4.2 s");
    expect(complaints).toEqual([]);
  });

  test("the epoch slider changes the kernel, and play moves it on", async () => {
    const last = await drawing(page, "tangent-kernel");
    await press(page, "tangent-kernel", "Epoch", "ArrowLeft");
    const before = await drawing(page, "tangent-kernel");
    expect(before).not.toBe(last);
    await press(page, "tangent-kernel", "Epoch", "Home");
    const first = await drawing(page, "tangent-kernel");
    await page.click('#tangent-kernel button[aria-label="Play Epoch"]');
    await page.waitForFunction(
      (html) => document.querySelector("#tangent-kernel .drawing")!.innerHTML !== html,
      {},
      first,
    );
    await page.click('#tangent-kernel button[aria-label="Pause Epoch"]');
    expect(complaints).toEqual([]);
  });

  test("the alpha slider and dragging move the surface", async () => {
    const first = await drawing(page, "surface");
    await press(page, "surface", "α", "ArrowRight");
    const larger = await drawing(page, "surface");
    expect(larger).not.toBe(first);
    const box = (await (await page.$("#surface .drawing svg"))!.boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 220, { steps: 4 });
    await page.mouse.up();
    expect(await drawing(page, "surface")).not.toBe(larger);
    const turn = await page.$$eval("#surface output", (outputs) => outputs[1].textContent);
    expect(turn).not.toBe("30°");
    expect(complaints).toEqual([]);
  });

  test("switches and choices redraw a chart, and the pointer names a point", async () => {
    const log = await drawing(page, "weight-distance");
    const [, y] = await page.$$('#weight-distance input[type="checkbox"]');
    await y.click();
    expect(await drawing(page, "weight-distance")).not.toBe(log);
    await page.select("#weight-distance select", "time");
    expect(await drawing(page, "weight-distance")).toContain("time (step size × updates)");
    const point = await page.$eval('#weight-distance [aria-label="line"] path', (node) => {
      const path = node;
      const middle = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM()!);
      return [middle.x, middle.y] as const;
    });
    await page.mouse.move(...point);
    await page.waitForSelector('#weight-distance [aria-label="tip"] text');
    const tip = await page.$eval('#weight-distance [aria-label="tip"]', ({ textContent }) => textContent);
    expect(tip).toMatch(/α = .*epoch .*‖w − w\(0\)‖₂ = /);
    expect(complaints).toEqual([]);
  });

  test("the theme switch changes page and figures", async () => {
    const colours = () =>
      page.evaluate(() => [
        getComputedStyle(document.documentElement).backgroundColor,
        document.querySelector("#loss .drawing svg")!.outerHTML,
      ]);
    await drawing(page, "loss");
    await page.select("#theme", "light");
    await settle(page);
    const light = await colours();
    await page.select("#theme", "dark");
    await settle(page);
    const dark = await colours();
    expect(light[0]).toBe("rgb(255, 255, 255)");
    expect(dark[0]).toBe("rgb(20, 23, 28)");
    expect(dark[1]).not.toBe(light[1]);
  });

  test("the runs sort by a column", async () => {
    const firstRun = () => page.$eval("#runs tbody td", ({ textContent }) => textContent);
    const heading = await page.$('#runs th button[title="Training loss"]');
    expect(await firstRun()).toBe("0");
    await heading!.click();
    expect(await firstRun()).toBe("4");
    expect(await page.$$eval("#runs th[aria-sort]", (cells) => cells.map((cell) => cell.ariaSort))).toEqual([
      "ascending",
    ]);
  });

  test("figures and tables are saved as SVG, PNG and CSV", async () => {
    const downloads = mkdtempSync(join(folder, "downloads-"));
    const session = await page.createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    for (const kind of ["SVG", "PNG", "CSV"]) {
      await page.$eval(`#kernel-drift .downloads button[aria-label$="${kind}"]`, (button) => button.click());
    }
    await page.$eval("#runs .downloads button", (button) => button.click());
    const wanted = [
      "alpha-sweep kernel-drift.csv",
      "alpha-sweep kernel-drift.png",
      "alpha-sweep kernel-drift.svg",
      "alpha-sweep runs.csv",
    ];
    await expect.poll(() => readdirSync(downloads).sort(), { timeout: 20_000 }).toEqual(wanted);
    const [csv, png, svg, runs] = wanted.map((name) => readFileSync(join(downloads, name)));
    expect(csv.toString().split("\n")[0]).toBe("run,init.alpha,epoch,time,ntk_drift");
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
    expect(svg.toString()).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(runs.toString().split("\n")).toHaveLength(7);
    expect(complaints).toEqual([]);
  });

  test("every control can be reached and is labelled", async () => {
    const unlabelled = await page.$$eval("button, input, select, textarea", (controls) =>
      controls
        .filter((control) => {
          const labelled = control as HTMLInputElement;
          const name =
            labelled.ariaLabel ?? [...(labelled.labels ?? [])].map((label) => label.textContent).join("");
          return !(name || control.textContent) || control.tabIndex < 0;
        })
        .map(({ outerHTML }) => outerHTML),
    );
    expect(unlabelled).toEqual([]);
  });
});

test("a click on a cell of a phase diagram shows the curves of its runs, and another one puts them away", async () => {
  const file = join(folder, "phases.html");
  const results = made(
    [10, 20, 40].flatMap((samples) =>
      [0.1, 1, 10].map((alpha) => ({
        swept: { "init.alpha": alpha, "data.samples": samples },
        values: [0, alpha * samples],
      })),
    ),
  );
  writeFileSync(file, fillReport(template, results));
  const { page, complaints } = await openPage(pathToFileURL(file).href);
  const plain = await drawing(page, "phase-diagram");
  const click = async (cell: number) => {
    const cells = await page.$$('#phase-diagram [aria-label="rect"] rect');
    await cells[cell].click();
    await settle(page);
    return drawing(page, "phase-diagram");
  };
  expect(plain).not.toContain("Outlined");
  // Cells are in the order of rows, from the smallest alpha up.
  expect(await click(4)).toContain("Outlined, and below: N = 20, α = 1, 1 run.");
  expect(await click(8)).toContain("Outlined, and below: N = 40, α = 10, 1 run.");
  expect(await click(8)).not.toContain("Outlined");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a figure that comes into view and goes at once is drawn as things are in the end", async () => {
  const file = join(folder, "hasty.html");
  writeFileSync(file, fillReport(template, trained("alpha-sweep")));
  const { page } = await openPage(pathToFileURL(file).href, 1200, async (page) => {
    // Each change is told together with its opposite, which came before.
    await page.evaluateOnNewDocument(() => {
      const Observer = window.IntersectionObserver;
      window.IntersectionObserver = class extends Observer {
        constructor(tell: IntersectionObserverCallback, options?: IntersectionObserverInit) {
          super((entries, self) => {
            const before = entries.map(({ target, isIntersecting }) => ({
              target,
              isIntersecting: !isIntersecting,
            }));
            tell([...before, ...entries] as IntersectionObserverEntry[], self);
          }, options);
        }
      };
    });
  });
  const ids = await page.$$eval("section[id]", (sections) => sections.map(({ id }) => id));
  const figures = ids.filter((id) => id !== "");
  expect(figures.length).toBeGreaterThan(2);
  for (const id of figures.slice(0, 3)) expect(await drawing(page, id)).toContain("<svg");
  await page.close();
});

test("a surface that is dragged turns with the pointer, however many moves it takes", async () => {
  const file = join(folder, "dragged.html");
  writeFileSync(file, fillReport(template, trained("alpha-sweep")));
  const { page } = await openPage(pathToFileURL(file).href);
  await drawing(page, "surface");
  const angles = () =>
    page.$$eval("#surface input[type=range]", (sliders) =>
      Object.fromEntries(sliders.map((slider) => [slider.labels![0].textContent, Number(slider.value)])),
    );
  const before = await angles();
  // Figures above it are still being drawn, and move it.
  const handle = "#surface .drawing svg rect[cursor=grab]";
  const place = () =>
    page.$eval(handle, (handle) => {
      handle.scrollIntoView({ block: "center" });
      const box = handle.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return { x, y, reached: document.elementFromPoint(x, y) === handle };
    });
  let { x, y } = await place();
  for (;;) {
    await settle(page);
    const now = await place();
    if (now.reached && now.x === x && now.y === y) break;
    ({ x, y } = now);
  }
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let move = 1; move <= 10; move++) {
    await page.mouse.move(x - 5 * move, y + 2 * move);
    await settle(page);
  }
  await page.mouse.up();
  await settle(page);
  // Half a degree a pixel.
  expect(await angles()).toEqual({ ...before, Turn: before["Turn"] + 25, Tilt: before["Tilt"] + 10 });
  await page.close();
});

test("figures that nobody has scrolled to are printed, and saved as they would be drawn", async () => {
  const file = join(folder, "printed.html");
  writeFileSync(file, fillReport(template, trained("alpha-sweep")));
  const { page, complaints } = await openPage(pathToFileURL(file).href);
  await settle(page);
  const undrawn = () =>
    page.$$eval("section.figure:has(.drawing)", (sections) =>
      sections.filter((section) => !section.querySelector(".drawing svg")).map(({ id }) => id),
    );
  expect(await undrawn()).toContain("surface");
  const saved = await page.evaluate(async () => {
    const texts: Promise<string>[] = [];
    const real = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      texts.push(blob.text());
      return real(blob);
    };
    const [svg, , csv] = document.querySelectorAll<HTMLButtonElement>("#surface .downloads button");
    svg.click();
    csv.click();
    return Promise.all(texts);
  });
  expect(saved).toHaveLength(2);
  expect(saved[0]).toContain("<svg");
  expect(saved[1]).not.toContain("NaN");
  expect(await undrawn()).toContain("surface");
  await page.pdf();
  expect(await undrawn()).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

test("nothing is wider than a narrow page", async () => {
  const file = join(folder, "narrow.html");
  writeFileSync(file, fillReport(template, trained("alpha-sweep")));
  const { page, complaints } = await openPage(pathToFileURL(file).href, 400);
  await drawing(page, "surface");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
  expect(complaints).toEqual([]);
  await page.close();
});

test("hostile names run nothing and break nothing", async () => {
  const hostile = `</script><img src=x onerror="document.title='broken'"><script>document.title='broken'</script>${"long ".repeat(80)}`;
  const results = made(
    [1, 2].map((height) => ({
      swept: { [`data.${hostile}`]: hostile + height },
      values: [height, 2 * height],
    })),
    hostile,
  );
  results.manifest.warnings = [hostile];
  const file = join(folder, "hostile.html");
  writeFileSync(file, fillReport(template, results));
  const { page, complaints } = await openPage(pathToFileURL(file).href);
  await drawing(page, "weight-distance");
  expect(await page.title()).toContain("</script>");
  expect(await page.$$eval("img", (images) => images.length)).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1200);
  expect(complaints).toEqual([]);
  await page.close();
});

/** Does what markup in a page would: runs scripts, and tells another server. @returns the rules that forbade it */
const misbehave = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const forbidden: string[] = [];
    document.addEventListener("securitypolicyviolation", (event) => forbidden.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "document.title = 'broken'";
    document.body.append(script);
    document.body.insertAdjacentHTML(
      "beforeend",
      `<p onclick="document.title = 'broken'"></p><img src="http://localhost:1234/"><base href="http://localhost:1234/">`,
    );
    document.querySelector<HTMLElement>("p[onclick]")!.click();
    await fetch("http://localhost:1234/").catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    return forbidden.sort();
  });
const forbidden = ["base-uri", "connect-src", "img-src", "script-src-attr", "script-src-elem"];

test("a report runs no script but its own, and asks nobody", async () => {
  const file = join(folder, "policy.html");
  writeFileSync(file, fillReport(template, trained("alpha-sweep")));
  const { page } = await openPage(pathToFileURL(file).href);
  expect(await misbehave(page)).toEqual(forbidden);
  expect(await page.title()).not.toBe("broken");
  await page.close();
});

test("of 4096 runs fewer marks are drawn than there are runs, and few rows of the table", async () => {
  const results = made(
    Array.from({ length: 4096 }, (_, run) => ({
      swept: { "init.alpha": run + 1 },
      values: Array.from({ length: 50 }, (_, k) => (k * (run + 1)) / 4096),
    })),
  );
  const file = join(folder, "thousands.html");
  writeFileSync(file, fillReport(template, results));
  const { page, complaints } = await openPage(pathToFileURL(file).href);
  await drawing(page, "weight-distance");
  const marks = await page.$$eval("#weight-distance .drawing svg *", (elements) => elements.length);
  expect(marks).toBeLessThan(4096);
  expect(await page.$eval("#runs .more", ({ textContent }) => textContent)).toContain("100 of 4,096 runs");
  expect(complaints).toEqual([]);
  await page.close();
});

describe("the viewer, served", () => {
  let server: Server;

  beforeAll(async () => {
    server = await serveViewer();
  });
  afterAll(async () => server?.close());

  test("runs no script but its own, and asks no other server", async () => {
    const { page } = await openPage(`${server.url}${shortSweep}`);
    expect(await misbehave(page)).toEqual(forbidden);
    expect(await page.title()).not.toBe("broken");
    await page.close();
  });

  test("reads no files but its own", async () => {
    const { page } = await openPage(`${server.url}${shortSweep}`);
    await page.waitForSelector("#document");
    const text = await documentOf(page);
    await writeDocument(page, text.replace("data/seed500-inputs.npy", "../package.json"));
    await page.waitForSelector(".problems .problem");
    expect(await page.$eval(".problems .problem", ({ textContent }) => textContent)).toContain(
      "is not one of this page's files",
    );
    await page.close();
  });

  test("draws everything that a sweep has recorded, while it trains and when it is stopped", async () => {
    const { page, complaints } = await openPage(`${server.url}${shortSweep}`);
    await hasTrained(page);
    const state = (status: string) =>
      page.waitForFunction(
        (text) => document.querySelector("header.results dd")?.textContent === text,
        {},
        status,
      );
    await page.$eval(".full", (section) => section.scrollIntoView());
    await state("finished");
    expect(await drawing(page, "weight-distance")).toContain("‖w − w(0)‖₂");
    expect(await page.$$eval("#runs tbody tr", (rows) => rows.length)).toBeGreaterThan(4);

    await writeDocument(page, (await documentOf(page)).replace(/"epochs": \d+/, '"epochs": 1000000'));
    await page.$eval("button.primary", (button) => button.click());
    await state("running");
    await drawing(page, "weight-distance");
    await page.$$eval(".row button", (buttons) =>
      buttons.find(({ textContent }) => textContent === "Stop")!.click(),
    );
    await state("interrupted");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("measures chosen workloads live, draws them, stops when told, and saves the rows", async () => {
    const { page, complaints } = await openPage(`${server.url}${shortSweep}`);
    await page.$$eval(".ways a", (links) =>
      links.find(({ textContent }) => textContent === "Benchmark")!.click(),
    );
    await page.waitForSelector(".choices");
    const measured = () => page.$eval(".laboratory .message", ({ textContent }) => textContent);
    const chosen = await page.$$eval(".choices input", (boxes) =>
      boxes.flatMap((box) => {
        if (box.checked !== (box.id === "workload-diagonal-10x20")) box.click();
        return box.checked ? [box.id] : [];
      }),
    );
    expect(chosen).toEqual(["workload-diagonal-10x20"]);
    await page.select("#most-runs", "4");
    await page.click("#peers");
    await page.click("button.primary");
    expect(await page.$eval("button.primary", (button) => button.disabled)).toBe(true);
    await page.waitForFunction(
      () => document.querySelector(".laboratory .message")!.textContent === "Measured.",
    );
    const rates = await drawing(page, "throughput");
    expect(rates).toContain("run-steps per second");
    expect(rates).not.toContain('aria-label="notes"><text');
    expect(await drawing(page, "roofline")).toContain("an empty dispatch");
    await page.select("#throughput select", "gflops");
    expect(await drawing(page, "throughput")).not.toBe(rates);

    const downloads = mkdtempSync(join(folder, "downloads-"));
    const session = await page.createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    await page.$$eval(".row button", (buttons) =>
      buttons.find(({ textContent }) => textContent === "Download JSON")!.click(),
    );
    const file = "alphasweep benchmark.json";
    await expect.poll(() => readdirSync(downloads), { timeout: 20_000 }).toEqual([file]);
    const { adapter, peaks, rows } = JSON.parse(readFileSync(join(downloads, file), "utf8")) as Report;
    expect(adapter.software).toBe(true);
    expect(peaks.dispatch_us).toBeGreaterThan(0);
    expect(rows.map(({ engine, runs, error }) => [engine, runs, error])).toEqual(
      [1, 4].flatMap((runs) =>
        ["alphasweep", "js", "jax-js-webgpu", "tfjs-webgpu"].map((engine) => [engine, runs, undefined]),
      ),
    );

    // The spread of each, the ranges of alpha, and the same numbers as a table.
    expect(rates.match(/aria-label="rule"/g)).not.toBeNull();
    expect(await drawing(page, "throughput-over-alpha")).toContain("diagonal-10x20, 4 runs");
    const tableRows = () =>
      page.$$eval("[aria-label='Table of what was measured'] tbody tr", ({ length }) => length);
    expect(await tableRows()).toBe(8);
    // Kept, and another adapter's file: both beside.
    await page.click("button ::-p-text(Keep)");
    expect(await measured()).toBe("Kept in this browser.");
    // It is what is drawn already.
    await page.click("#beside-0");
    expect(await tableRows()).toBe(8);
    const other = join(downloads, "other.json");
    writeFileSync(other, JSON.stringify({ adapter: { description: "Another adapter" }, peaks, rows }));
    const field = await page.$(".laboratory input[type=file]");
    await (field as ElementHandle<HTMLInputElement>).uploadFile(other);
    await page.waitForSelector("#beside-1");
    expect(await tableRows()).toBe(16);
    expect(await drawing(page, "throughput")).toContain("Another adapter (other.json)");
    writeFileSync(other, "{}");
    await (field as ElementHandle<HTMLInputElement>).uploadFile(other);
    await page.waitForFunction(() =>
      document
        .querySelector(".laboratory .message")!
        .textContent.startsWith("Not read: other.json is no benchmark"),
    );
    await expectTidy(page);

    await page.click("button.primary");
    await page.$$eval(".row button", (buttons) =>
      buttons.find(({ textContent }) => textContent === "Stop")!.click(),
    );
    expect(await measured()).toBe("Stopped.");
    expect(await page.$eval("button.primary", (button) => button.disabled)).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("says what to do where there is no WebGPU", async () => {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
    await page.goto(server.url);
    await page.waitForSelector('[role="alert"]');
    const help = await page.$eval('[role="alert"]', ({ textContent }) => textContent);
    expect(help).toContain("This browser has no WebGPU");
    for (const name of ["Chrome and Edge", "Firefox", "Safari"]) expect(help).toContain(name);
    await page.close();
  });
});
