/** The page as a static site: with results beside it, and the documentation. Every address in it is relative. */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import temml from "temml";
import { themeStyle } from "../../../viewer/figures/theme-style.ts";
import type { Listing } from "../../results/listing.ts";
import { UsageError } from "../process/failure.ts";
import { packageRoot } from "../process/package-root.ts";
import { foldersIn, listFolder, listingFile } from "./results-listing.ts";

/** Where the page looks for results. */
const resultsFolder = "results";
const documentation = "docs";
const start = "index.html";

/**
 * @param out is emptied, where it is a site
 * @param page the built page
 * @param results holds results folders
 * @throws UsageError where `out` holds something else
 */
export async function buildSite(
  out: string,
  { page, results }: { page: string; results: string },
): Promise<void> {
  const isSite = existsSync(join(out, resultsFolder, listingFile));
  if (existsSync(out) && readdirSync(out).length > 0 && !isSite)
    throw new UsageError(`${out} is not empty and no site; give another folder with --out, or remove it`);
  rmSync(out, { recursive: true, force: true });
  cpSync(page, out, { recursive: true });
  const folders = await Promise.all(foldersIn(results).map((folder) => listFolder(results, folder)));
  for (const { folder, files } of folders)
    for (const file of Object.keys(files))
      cpSync(join(results, folder, file), join(out, resultsFolder, folder, file));
  const listing: Listing = { title: "Saved results", folders, documentation: `${documentation}/${start}` };
  mkdirSync(join(out, resultsFolder), { recursive: true });
  writeFileSync(join(out, resultsFolder, listingFile), JSON.stringify(listing));
  writeDocumentation(join(out, documentation));
}

/** README first; pages of docs/ beside it, and their pictures. */
function writeDocumentation(out: string): void {
  mkdirSync(out, { recursive: true });
  const docs = join(packageRoot, "docs");
  const names = readdirSync(docs);
  const pages = new Map([
    [join(packageRoot, "README.md"), start],
    ...["CHANGELOG.md", "CONTRIBUTING.md"].map((name): [string, string] => [
      join(packageRoot, name),
      htmlName(name),
    ]),
    ...names
      .filter((name) => name.endsWith(".md"))
      .map((name): [string, string] => [join(docs, name), htmlName(name)]),
  ]);
  for (const [file, name] of pages) writeFileSync(join(out, name), pageOf(readFileSync(file, "utf8"), pages));
  for (const name of names.filter((name) => /\.(png|svg)$/.test(name)))
    cpSync(join(docs, name), join(out, name));
  for (const name of ["CITATION.cff", "experiment.schema.json"])
    cpSync(join(packageRoot, name), join(out, name));
  writeFileSync(join(out, "style.css"), style);
}

const htmlName = (name: string): string => `${basename(name, ".md").toLowerCase()}.html`;

function pageOf(markdown: string, pages: ReadonlyMap<string, string>): string {
  const names = new Set([...pages.keys()].map((file) => basename(file)));
  /** What links within the repository are called here. */
  const addressOf = (address: string): string => {
    if (/^[a-z]+:|^#/i.test(address)) return address;
    const [path, anchor] = address.split("#");
    const name = basename(path);
    const page = name === "README.md" ? start : names.has(name) ? htmlName(name) : name;
    return anchor === undefined ? page : `${page}#${anchor}`;
  };
  const marked = new Marked({
    extensions: [formula("block", /^\$\$([^$]+)\$\$(?:\n|$)/), formula("inline", /^\$([^$\n]+)\$/)],
    walkTokens(token) {
      if (token.type === "link" || token.type === "image") token.href = addressOf(token.href as string);
    },
  });
  const [, title = "alphasweep"] = /^# (.*)$/m.exec(markdown) ?? [];
  const links = [...pages.values()].map((name) => `<a href="${name}">${labelOf(name)}</a>`).join("\n      ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <nav aria-label="Documentation">
      <a href="../index.html">alphasweep</a>
      ${links}
    </nav>
    <main>
${marked
  .parse(markdown, { async: false })
  // What is wider than the page scrolls in itself, by keyboard too.
  .replaceAll("<pre>", '<pre tabindex="0">')
  .replaceAll("<table>", '<div class="table" tabindex="0"><table>')
  .replaceAll("</table>", "</table></div>")}
    </main>
  </body>
</html>
`;
}

/** LaTeX, as GitHub has it between dollar signs, becomes MathML, which browsers know. */
const formula = (level: "block" | "inline", pattern: RegExp): TokenizerAndRendererExtension => ({
  name: `${level} formula`,
  level,
  start: (text) => text.indexOf(level === "block" ? "\n$$" : "$"),
  tokenizer(text) {
    const match = pattern.exec(text);
    return match ? { type: `${level} formula`, raw: match[0], formula: match[1] } : undefined;
  },
  renderer: (token) =>
    temml.renderToString(token.formula as string, { displayMode: level === "block", throwOnError: true }),
});

const labelOf = (name: string): string => {
  const word = basename(name, ".html");
  return word === "index" ? "Read me" : word[0].toUpperCase() + word.slice(1);
};

const style = `${themeStyle}nav { display: flex; flex-wrap: wrap; gap: 4px 18px; max-width: 860px; margin: 0 auto; padding: 12px 20px; }
main { max-width: 860px; margin: 0 auto; padding: 0 20px 64px; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
pre, .table, .tml-display { overflow: auto; }
pre { padding: 12px 14px; background: var(--surface); overflow-wrap: normal; }
code { font-size: 0.9em; }
table { border-collapse: collapse; overflow-wrap: normal; }
th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
`;
