/**
 * The package as a library: installed with the packages that it imports and none of those that only the command needs, in Node,
 * in a page without a bundler, and in one that vite bundles. What runs are the examples that the package brings.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rolldown, build } from "vite";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { folderMount, serve, type Server } from "../../src/cli/runtimes/server.ts";
import { openPage } from "../figures/browser-page.ts";
import { softwareVulkan } from "./command.ts";
import { consumerFolder } from "./consumer.ts";

let consumer: string;
let installed: string;
let browser: Browser;
let server: Server;

beforeAll(async () => {
  consumer = consumerFolder();
  installed = join(consumer, "node_modules", "alphasweep");
  for (const folder of [installed, consumer])
    cpSync(join(packageRoot, "examples"), join(folder, "examples"), { recursive: true });
  server = await serve([folderMount("/", consumer)]);
  browser = await launchBrowser(await ensureBrowser(), "software");
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(consumer, { recursive: true, force: true });
});

/** A module's output in Node, its errors where it fails. */
function inNode(source: string, env: NodeJS.ProcessEnv = {}): string {
  const file = join(consumer, "examples", "module.js");
  writeFileSync(file, source);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return status === 0 ? stdout : stderr;
}

test("every entry is imported in Node, and brings none of the command's packages", () => {
  const { exports } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    exports: Record<string, { default?: string }>;
  };
  const entries = Object.keys(exports).filter((entry) => exports[entry].default !== undefined);
  expect(entries).toEqual([".", "./theory", "./viewer", "./node"]);
  const imports = entries.map((entry) => `await import("alphasweep${entry.slice(1)}")`);
  const names = inNode(
    `console.log([${imports.join(", ")}].map((all) => Object.keys(all).join(" ")).join("\\n"))`,
  );
  const [library, theory, viewer, node] = names.split("\n");
  expect(library).toMatch(/\breadExperiment\b.*\brunExperiment\b.*\btheory\b/);
  expect(theory).toMatch(/\bimplicitBias\b.*\bminimumL1\b/);
  expect(viewer).toMatch(/\bdrawFigure\b.*\bfigures\b/);
  expect(node).toMatch(/\breadResults\b/);
});

test("the example for Node trains", async () => {
  const text = inNode(readFileSync(join(packageRoot, "examples", "node.js"), "utf8"), await softwareVulkan());
  expect(text).toMatch(/^5 runs in \S+ s on \S/);
  expect(text.match(/'(finished|converged)'/g)).toHaveLength(5);
  const [, bias] = /Q\(beta\) = (\S+)\n$/.exec(text)!;
  expect(Number(bias)).toBeGreaterThan(0);
});

test("minimum-l1 solutions find their WebAssembly in Node", () => {
  const text = inNode(
    `import { minimumL1 } from "alphasweep/theory";
     const { beta } = await minimumL1({ X: Float64Array.of(1, 2), y: Float64Array.of(2), samples: 1, inputs: 2 });
     console.log([...beta].join());`,
  );
  expect(text).toBe("0,1\n");
});

/** Waits for an example's last word, and sees that what it drew is there. */
async function expectDrawn(page: Page, complaints: string[]): Promise<void> {
  await page.waitForFunction(() => !/^training$|%$/.test(document.querySelector("output")!.textContent));
  expect(complaints).toEqual([]);
  expect(await page.$eval("output", (output) => output.textContent)).toBe("4 runs trained");
  // A line a run, of as many points as there are records.
  const lines = await page.$$eval("#kernel-drift svg path", (paths) =>
    paths.map((path) => path.getAttribute("d")!.match(/[ML,]?[\d.]+,[\d.]+/g)?.length ?? 0),
  );
  expect(lines.filter((points) => points >= 45).length).toBeGreaterThanOrEqual(4);
}

test("a page imports it without a bundler", async () => {
  const { page, complaints } = await openPage(
    browser,
    `${server.url}node_modules/alphasweep/examples/page.html`,
  );
  await expectDrawn(page, complaints);
});

test("a worker imports it without a bundler", async () => {
  const sweep = readFileSync(join(packageRoot, "examples", "sweep.js"), "utf8");
  const [, experiment] = /readExperiment\(\s*(\{[\s\S]*?\n {2}\}),/.exec(sweep)!;
  writeFileSync(
    join(installed, "examples", "worker.js"),
    `import { readExperiment, trainInMemory } from "../dist/module/index.js";
     try {
       const { runs } = await trainInMemory(readExperiment(${experiment}, "worker"), { gpu: navigator.gpu });
       postMessage(runs.rows + " runs trained");
     } catch (error) {
       postMessage(String(error));
     }`,
  );
  writeFileSync(
    join(installed, "examples", "worker.html"),
    `<!doctype html><link rel="icon" href="data:,"><output></output><script type="module">
       const worker = new Worker("./worker.js", { type: "module" });
       worker.onmessage = ({ data }) => (document.querySelector("output").textContent = data);
     </script>`,
  );
  const address = `${server.url}node_modules/alphasweep/examples/worker.html`;
  const { page, complaints } = await openPage(browser, address);
  await page.waitForFunction(() => document.querySelector("output")!.textContent !== "");
  expect(await page.$eval("output", (output) => output.textContent)).toBe("4 runs trained");
  expect(complaints).toEqual([]);
});

test("vite bundles it into a page", async () => {
  const root = join(consumer, "bundled");
  mkdirSync(root);
  writeFileSync(
    join(root, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><output>training</output><script type="module" src="../examples/sweep.js"></script>',
  );
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    build: { target: "es2023", chunkSizeWarningLimit: 10_000 },
  });
  const { page, complaints } = await openPage(browser, `${server.url}bundled/dist/index.html`);
  await expectDrawn(page, complaints);
});

test("a bundled page that reads documents and trains begins with 60 kB", async () => {
  const root = join(consumer, "trained");
  mkdirSync(root);
  const page = join(root, "page.js");
  writeFileSync(
    page,
    `import { readExperiment, runExperiment } from "alphasweep";
     console.log(readExperiment, runExperiment);`,
  );
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      target: "es2023",
      write: false,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: page },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = new Map(
    output.flatMap((part) => (part.type === "chunk" ? [[part.fileName, part] as const] : [])),
  );
  const first = new Set([...chunks.values()].filter(({ isEntry }) => isEntry));
  for (const { imports } of first) for (const name of imports) first.add(chunks.get(name)!);
  const bytes = [...first].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  expect(bytes).toBeLessThan(60_000);
  // What it is to fetch later is there.
  expect([...chunks.keys()].join()).toMatch(
    /diagonal-behaviour.*digits-images.*network-behaviour.*teacher\.dataset/,
  );
});

/** A drawing that a module appends to an empty page. */
async function expectDrawnBy(module: string): Promise<void> {
  const [, map] = /(<script type="importmap">[\s\S]*?<\/script>)/.exec(
    readFileSync(join(packageRoot, "examples", "page.html"), "utf8"),
  )!;
  writeFileSync(
    join(installed, "examples", "module.html"),
    `<!doctype html><link rel="icon" href="data:,">${map}<script>const display = (shown) => document.body.append(shown)</script>
     <body><script type="module">${module}</script>`,
  );
  const address = `${server.url}node_modules/alphasweep/examples/module.html`;
  const { page, complaints } = await openPage(browser, address);
  await page.waitForSelector("svg[aria-label] path");
  expect(complaints).toEqual([]);
}

test("the cells of the notebook run one after the other", async () => {
  const text = readFileSync(join(packageRoot, "examples", "notebook.html"), "utf8");
  const cells = Array.from(
    text.matchAll(/<script id="\d+" type="module"[^>]*>([\s\S]*?)<\/script>/g),
    ([, cell]) => cell,
  );
  expect(cells.length).toBeGreaterThan(3);
  await expectDrawnBy(cells.join("\n").replaceAll('"npm:', '"'));
});

test("README's lines of the library draw what they say", async () => {
  const text = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [, lines] = /```js\n(import[\s\S]*?)```/.exec(text)!;
  await expectDrawnBy(lines);
});

if (process.env.CASES === "all")
  test("its types are those of strict TypeScript", { timeout: 600_000 }, () => {
    const tsc = (parameters: string[], cwd: string) =>
      spawnSync(process.execPath, [join(packageRoot, "node_modules/typescript/bin/tsc"), ...parameters], {
        cwd,
        encoding: "utf8",
      });
    const types = join(installed, "dist", "types");
    expect(tsc(["-p", "tsconfig.library.json", "--outDir", types], packageRoot).stdout).toBe("");
    writeFileSync(
      join(consumer, "typed.ts"),
      `import { readExperiment, trainInMemory, type Results } from "alphasweep";
       import { minimumL2 } from "alphasweep/theory";
       import { drawFigure } from "alphasweep/viewer";
       import { readResults } from "alphasweep/node";
       const results: Results = await trainInMemory(readExperiment({}, "typed"), { gpu: navigator.gpu });
       const drawing: SVGSVGElement = drawFigure("loss", results, { width: 400 });
       const { beta }: { beta: Float64Array } = minimumL2({ X: Float64Array.of(1), y: Float64Array.of(1), samples: 1, inputs: 1 });
       const again: Results = await readResults("results/mine");
       // @ts-expect-error there is no such option
       await trainInMemory(readExperiment({}, "typed"), { gpus: navigator.gpu });
       export { again, beta, drawing };`,
    );
    const strict = [
      "--strict",
      "--noEmit",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--lib",
      "es2023,dom,dom.iterable",
    ];
    expect(tsc([...strict, "--skipLibCheck", "typed.ts"], consumer).stdout).toBe("");
  });

if (process.env.CASES === "all")
  test("the reference of all exports is made, without a warning", { timeout: 600_000 }, () => {
    const typedoc = join(packageRoot, "node_modules/typedoc/bin/typedoc");
    const { status, stderr } = spawnSync(process.execPath, [typedoc, "--out", join(consumer, "api")], {
      cwd: packageRoot,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
