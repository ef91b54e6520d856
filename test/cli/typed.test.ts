/**
 * Every command of the documentation is typed as it stands, page after page, each in a folder of its own. Every day those that
 * take seconds, where the package is installed; with `COMMANDS=all`, or with a part of a page's name, all of them, in a clone.
 */

import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dawnAdapters, isLavapipe } from "../../src/cli/runtimes/dawn-adapters.ts";
import { commandsOf, pages } from "../structure/pages.ts";
import { softwareVulkan } from "./command.ts";
import { ownFiles, type Typing, typings } from "./typed-commands.ts";
import { TypingSession } from "./typing-session.ts";

const asked = process.env.COMMANDS;

/** The longest: every figure and table, small. */
const patience = 3_600_000;

async function isThere(need: string): Promise<boolean> {
  if (need === "lavapipe") return (await dawnAdapters()).names.some(isLavapipe);
  return spawnSync("sh", ["-c", `command -v ${need}`]).status === 0;
}

const needs = Object.values(typings).flatMap((said) =>
  Object.values(said).flatMap(({ needs }) => needs ?? []),
);
const missing = new Set<string>();
if (asked !== undefined) for (const need of needs) if (!(await isThere(need))) missing.add(need);

/** What a page tells to type; a changelog tells none. */
const typedPages = pages
  .filter((page) => page !== "CHANGELOG.md")
  .map((page) => ({ page, commands: commandsOf(page) }))
  .filter(({ commands }) => commands.length > 0);

test("what is said of commands is said of commands that are there", () => {
  const there = Object.fromEntries(typedPages.map(({ page, commands }) => [page, commands]));
  for (const [page, said] of Object.entries(typings))
    for (const command of Object.keys(said)) expect(there[page], page).toContain(command);
});

for (const { page, commands } of typedPages) {
  if (asked !== undefined && asked !== "all" && !page.includes(asked)) continue;
  const typingOf = (command: string): Typing => typings[page]?.[command] ?? {};
  const typed = commands.filter((command) => asked !== undefined || typingOf(command).isQuick);
  if (typed.length === 0) continue;
  describe(page, () => {
    let session: TypingSession;
    beforeAll(async () => {
      if (asked === undefined) {
        // It starts sooner than a browser.
        session = new TypingSession({ ALPHASWEEP_RUNTIME: "node", ...(await softwareVulkan()) });
        session.install();
      } else {
        session = new TypingSession();
        await session.clone();
      }
      session.write(ownFiles(page));
    }, patience);
    afterAll(() => session.remove());

    for (const command of typed) {
      const { until, code = 0, needs, instead, omitted } = typingOf(command);
      if (omitted !== undefined || (needs !== undefined && missing.has(needs))) continue;
      const words = instead?.[0] ?? command;
      test(words, { timeout: patience }, async () => {
        const outcome = await session.type(words, until);
        if (until === undefined) expect(outcome.code, outcome.output + outcome.errors).toBe(code);
      });
    }
  });
}
