import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { beginning } from "../../bench/page-parts.ts";
import { builtPage } from "../../src/cli/runtimes/pages.ts";
import { buildPage } from "../../src/cli/runtimes/page-build.ts";
import { pages } from "../../vite.config.ts";
import { temporaryFolder } from "./command.ts";

test("pages are built, once for the same sources, also when two ask at the same time", async () => {
  for (const page of pages) {
    const [first, second] = await Promise.all([builtPage(page), builtPage(page)]);
    expect(second).toBe(first);
    expect(existsSync(join(first, `${page}.html`))).toBe(true);
    expect(await builtPage(page)).toBe(first);
  }
});

test("the report's template is one file that loads nothing", async () => {
  const template = readFileSync(join(await builtPage("report"), "report.html"), "utf8");
  expect(template).not.toMatch(/<script[^>]* src=|<link[^>]* href="(?!data:)/);
  expect(template).toContain('<script id="results" type="application/json"></script>');
});

test("the viewer begins with less than 160 kB, gzipped, in no more than four files", async () => {
  const folder = await builtPage("index");
  const parts = beginning(folder);
  expect(parts.length).toBeLessThanOrEqual(4);
  const sizes = parts.map((part) => gzipSync(readFileSync(join(folder, part)), { level: 9 }).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(160_000);
});

test.for([
  [
    "a file that cannot be read",
    "import './memory.ts'",
    /^a page cannot be built: .*Could not load .*mem, Input\/output error \(os error 5\), \S*main\.ts:1:8$/,
  ],
  [
    "a file that is not there",
    "import './nowhere.ts'",
    /^a page cannot be built: .*Could not resolve '\.\/nowhere\.ts'.*, \S*main\.ts:1:8$/,
  ],
  ["a mistake", "let 1 = 2", /^a page cannot be built: .*Unexpected token, \S*main\.ts:1:5$/],
] as const)(
  "of what a page is built from %s is told in one line, without colours",
  async ([, source, line]) => {
    const root = temporaryFolder();
    symlinkSync("/proc/self/mem", join(root, "memory.ts"));
    writeFileSync(join(root, "main.ts"), source);
    writeFileSync(join(root, "index.html"), '<script type="module" src="./main.ts"></script>');
    const building = buildPage({ root, configFile: false, build: { outDir: join(root, "out") } });
    await expect(building).rejects.toThrow(line);
    await expect(building).rejects.toThrow(/^[^\n\x1b]*$/);
  },
);
