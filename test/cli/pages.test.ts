import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtPage } from "../../src/cli/pages.ts";
import { pages } from "../../vite.config.ts";

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
