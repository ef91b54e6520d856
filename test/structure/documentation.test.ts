/** Links of README and docs lead somewhere, and what they show is what there is. No network: of other sites the syntax alone is looked at. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { program } from "../../src/cli/main.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { problemOf } from "../document/validator.ts";
import { blocksOf, commandsOf, pages, root, tokensOf } from "./pages.ts";

/** Headings as pages on the web call them. */
const anchorsOf = (page: string): string[] =>
  tokensOf(page).flatMap((token) =>
    token.type === "heading"
      ? (token.text as string)
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .replace(/\s/g, "-")
      : [],
  );

/** What is wrong with a link of a page; undefined where nothing is. */
function problemOfLink(page: string, href: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) {
    if (!URL.canParse(href)) return "is no address";
    return /^(https|mailto):/.test(href) ? undefined : "is not https";
  }
  const [path, anchor] = href.split("#");
  const target = path === "" ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(join(root, target))) return "leads nowhere";
  if (anchor === undefined) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : "names no heading";
}

test("every link and picture of the documentation is there", () => {
  const wrong = pages.flatMap((page) =>
    tokensOf(page).flatMap((token) => {
      if (token.type !== "link" && token.type !== "image") return [];
      const problem = problemOfLink(page, token.href as string);
      return problem === undefined ? [] : `${page}: ${token.href as string} ${problem}`;
    }),
  );
  expect(wrong).toEqual([]);
});

/** Blocks of a language in all pages. */
const blocksIn = (language: string): { page: string; text: string }[] =>
  pages.flatMap((page) =>
    blocksOf(page)
      .filter((block) => block.language === language)
      .map(({ text }) => ({ page, text })),
  );

const commands = pages.flatMap(commandsOf);

/** What parts of documents are put into. */
const smallest = {
  data: { kind: "linear-uniform", samples: 10, dimension: 20, testSamples: 10 },
  model: { kind: "diagonal" },
  train: { stepSize: 1e-3, epochs: 100 },
  record: { quantities: ["test_accuracy"], arrays: [] },
};

test("documents in the documentation are read, and parts of documents are, too", () => {
  const found = blocksIn("json").map(({ page, text }) => {
    // A part stands without its braces, and perhaps with a comma after it.
    const isPart = text.trimStart().startsWith('"');
    const written = JSON.parse(isPart ? `{${text.trim().replace(/,$/, "")}}` : text) as Record<string, Json>;
    if (!isPart && !("data" in written)) return undefined;
    const document = isPart ? { ...smallest, ...written } : written;
    expect(() => readExperiment(document, page), text).not.toThrow();
    expect(problemOf(document), text).toBeUndefined();
    return page;
  });
  expect(found.filter((page) => page === "README.md").length).toBeGreaterThanOrEqual(3);
});

test("commands in the documentation have their options", () => {
  const known = new Map(program().commands.map((command) => [command.name(), command]));
  // What it is piped into is another program.
  const lines = commands.flatMap(
    (line) => /(?:^|npx |')alphasweep ([a-z].*?)(?: \|.*|'.*)?$/.exec(line)?.[1] ?? [],
  );
  expect(lines.length).toBeGreaterThan(25);
  for (const line of lines) {
    const [name, ...words] = line.split(/ +/);
    const command = known.get(name);
    expect(command, line).toBeDefined();
    const own = command!.options.map(({ long }) => long);
    // What stands after "--" is another program's.
    const end = words.indexOf("--");
    const options = words.slice(0, end < 0 ? undefined : end).filter((word) => /^--[a-z]/.test(word));
    for (const option of options) expect(own, line).toContain(option.split("=")[0]);
  }
});

test("scripts in the documentation are there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const found = commands.flatMap((line) => {
    const script = /\bnpm run ([\w:]+)/.exec(line)?.[1];
    const file = /\b(?:node|python3) (\S+\.(?:js|py))/.exec(line)?.[1];
    return [...(script ? [`npm run ${script}`] : []), ...(file ? [file] : [])];
  });
  expect(found.length).toBeGreaterThan(20);
  for (const name of found)
    expect(
      name.startsWith("npm run ") ? scripts[name.slice(8)] : existsSync(join(root, name)),
      name,
    ).toBeTruthy();
});

/** What runs the blocks of a language, or why none does. */
const languages: Record<string, string> = {
  sh: "commands, one after the other: test/cli/typed.test.ts",
  "": "diagrams and formulas, which nothing runs",
  json: "documents and parts of documents are read, here",
  js: "README's lines draw in a page: test/cli/library.test.ts",
  sql: "queries on written results: test/results/duckdb.test.ts",
  python: "lines on written results: test/results/python.test.ts",
  r: "lines on written results: test/results/r.test.ts",
};

test("every block of code is of a language that a test runs, or says why not", () => {
  const found = new Set(pages.flatMap((page) => blocksOf(page).map(({ language }) => language)));
  expect([...found].sort()).toEqual(Object.keys(languages).sort());
});
