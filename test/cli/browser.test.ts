/** Which browsers are found and tried. */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { ensureBrowser, findBrowsers } from "../../src/cli/runtimes/browser.ts";
import { BrowserError } from "../../src/cli/process/failure.ts";
import { Session } from "../../src/cli/runtimes/session.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

const never = new AbortController().signal;

test("a folder, or a file that is no program, is no browser, and one browser is one by any name", async () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  mkdirSync(at("google-chrome-stable"));
  writeFileSync(at("google-chrome"), "");
  writeFileSync(at("chromium"), "", { mode: 0o755 });
  symlinkSync(at("chromium"), at("chromium-browser"));
  symlinkSync(at("nothing"), at("chrome"));
  vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", "");
  vi.stubEnv("PATH", folder);
  const found = await findBrowsers();
  expect(found.filter((path) => path.startsWith(folder))).toEqual([at("chromium")]);
});

test("a list of downloads that is damaged, or in a folder that cannot be entered, is none", async () => {
  vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", "");
  const folder = temporaryFolder();
  mkdirSync(join(folder, "chrome", "linux-1.2.3.4"), { recursive: true });
  writeFileSync(join(folder, "chrome", ".metadata"), "{");
  for (const place of [folder, "/dev/null", join(folder, "chrome", ".metadata", "x")]) {
    vi.stubEnv("PUPPETEER_CACHE_DIR", place);
    await expect(findBrowsers()).resolves.toBeInstanceOf(Array);
  }
});

test("a folder in a browser's place is told by the variable that names it: exit code 3 and one line", async () => {
  const application = join(temporaryFolder(), "Chromium.app");
  const program = join(application, "Contents", "MacOS", "Chromium");
  mkdirSync(join(program, ".."), { recursive: true });
  const run = (path: string) =>
    alphasweep(["run", "alpha-sweep", "--quiet"], { env: { PUPPETEER_EXECUTABLE_PATH: path } });
  expect(await run("/usr/bin")).toEqual({
    code: 3,
    output: "",
    errors:
      'PUPPETEER_EXECUTABLE_PATH is "/usr/bin", which is a folder; set it to the path of a Chrome, or unset it\n',
  });
  // On a Mac, the usual mistake.
  writeFileSync(program, "", { mode: 0o755 });
  vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", application);
  await expect(findBrowsers()).rejects.toThrow(
    new BrowserError(
      `PUPPETEER_EXECUTABLE_PATH is "${application}", which is a folder; set it to the path of a Chrome, as "${program}", or unset it`,
    ),
  );
});

test("where a browser that was found does not start, the next one is tried", async () => {
  const broken = join(temporaryFolder(), "chrome");
  writeFileSync(broken, "#!/bin/sh\necho it is broken >&2\nexit 1\n", { mode: 0o755 });
  const working = await ensureBrowser();
  const told: string[] = [];
  const say = (line: string): void => void told.push(line);
  const session = await Session.open({
    adapter: "software",
    say,
    signal: never,
    browsers: [broken, working],
  });
  onTestFinished(() => session.close());
  expect(told).toEqual([`${broken} does not start: it is broken; trying ${working}`]);
  expect(session.executable).toBe(working);

  const failing = Session.open({ adapter: "software", say, signal: never, browsers: [broken] });
  await expect(failing).rejects.toThrow(new BrowserError(`${broken} does not start: it is broken`));
});
