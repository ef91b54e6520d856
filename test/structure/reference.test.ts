import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { referencePages } from "../../src/cli/site/reference-pages.ts";
import { quantityNames } from "../../src/quantities/catalogue.ts";
import { definitions } from "../../src/quantities/formulas.ts";
import temml from "temml";

test("pages that are made from schema and registries are current: `npm run reference` writes them anew", async () => {
  for (const [path, text] of await referencePages())
    expect(readFileSync(join(packageRoot, path), "utf8"), path).toBe(text);
});

test("the reference has every field, what it means, and what must be there", () => {
  const text = readFileSync(join(packageRoot, "docs/reference.md"), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(150);
  for (const row of rows) {
    const [, field, is, , meaning] = row.split(/(?<!\\)\|/).map((part) => part.trim());
    expect([field, is, meaning]).not.toContain("");
  }
  const found = (field: string) => rows.filter((row) => row.startsWith(`| \`${field}\` `)).join("\n");
  expect(found("train.stepSize")).toMatch(/number > 0 +\| required/);
  expect(found("train.epochs")).toMatch(/required/);
  expect(found("init.alpha")).toMatch(/\| `1` +\| Scale of initialization/);
  expect(found("model.layers[].conv")).toMatch(/Channels of a convolution/);
});

test.each(quantityNames)(
  "the formula of %s is LaTeX that can be read, and fits a table of GitHub's",
  (name) => {
    const { formula } = definitions[name];
    const mathml = temml.renderToString(formula, { displayMode: true, throwOnError: true });
    expect(mathml).toContain("<math");
    expect(formula).not.toMatch(/[|$]/);
  },
);
