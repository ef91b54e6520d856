/** Folders of settings and caches, which may be anything. */

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { homeFolder, userCacheFolder } from "../../src/cli/process/cache-folder.ts";
import { recallWinners, rememberWinners } from "../../src/cli/runtimes/winners-file.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

test("a HOME that is no folder, caches that are nowhere, and settings of others that are damaged, fail no run", async () => {
  const cwd = temporaryFolder();
  const document = {
    data: { kind: "linear-uniform", samples: 3, dimension: 4 },
    model: { kind: "diagonal" },
    train: { stepSize: 0.001, epochs: 2 },
  };
  writeFileSync(join(cwd, "a.json"), JSON.stringify(document));
  // Where puppeteer looks for its own.
  writeFileSync(join(cwd, "package.json"), "{");
  writeFileSync(join(cwd, ".puppeteerrc.json"), "{");
  const env = { HOME: "/dev/null", XDG_CACHE_HOME: "caches" };
  const { code, errors } = await alphasweep(["run", "a.json", "--out", "out"], { cwd, env });
  expect([code, errors]).toEqual([0, expect.stringContaining("software adapter")]);
  // Neither by the command nor by its browser.
  expect(readdirSync(cwd).sort()).toEqual([".puppeteerrc.json", "a.json", "out", "package.json"]);
});

test.for([
  [{ HOME: "/home/me", XDG_CACHE_HOME: "/caches" }, "/caches"],
  [{ HOME: "/home/me", XDG_CACHE_HOME: "" }, "/home/me/.cache"],
  [{ HOME: "/home/me", XDG_CACHE_HOME: "caches" }, "/home/me/.cache"],
  [{ HOME: "me", XDG_CACHE_HOME: "" }, undefined],
  [{ HOME: "", XDG_CACHE_HOME: "./x" }, undefined],
] as const)("with %j caches lie in %s", ([environment, folder]) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  expect(userCacheFolder()).toBe(folder);
  expect(homeFolder() === undefined).toBe(!environment.HOME.startsWith("/"));
  if (folder !== undefined) return;
  const said: string[] = [];
  const winner = { variant: "a", microseconds: { a: 1 } };
  rememberWinners("here", { work: winner }, (line) => said.push(line));
  expect(recallWinners("here", (line) => said.push(line))).toEqual({});
  expect(said).toEqual([]);
});
