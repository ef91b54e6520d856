/** The pages of the documentation, and what stands in them. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lexer, type Token, walkTokens } from "marked";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Relative to the root. */
export const pages = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  "experiments/data/README.md",
  "python/README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export function tokensOf(page: string): Token[] {
  const tokens: Token[] = [];
  walkTokens(lexer(readFileSync(join(root, page), "utf8")), (token) => void tokens.push(token));
  return tokens;
}

/** Blocks of code of a page, each with its language, "" where it names none. */
export const blocksOf = (page: string): { language: string; text: string }[] =>
  tokensOf(page).flatMap((token) =>
    token.type === "code"
      ? [{ language: (token.lang as string | undefined) ?? "", text: token.text as string }]
      : [],
  );

/** A command in the middle of a sentence: more than a program's name. */
const isCommand = /^([A-Z_]+=\S+ )*(npm|npx|node|alphasweep|pip|python3|docker|bwrap|apt-get) \S/;

/** The commands of a page in the order in which they stand, without what is said of them; a sentence repeats none. */
export function commandsOf(page: string): string[] {
  const lines: string[] = [];
  for (const token of tokensOf(page)) {
    if (token.type === "code" && token.lang === "sh") lines.push(...(token.text as string).split("\n"));
    if (
      token.type === "codespan" &&
      isCommand.test(token.text as string) &&
      !lines.includes(token.text as string)
    )
      lines.push(token.text as string);
  }
  return lines.map((line) => line.replace(/\s+#.*/, ""));
}
