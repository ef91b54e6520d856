import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { BrowserError, BrowserGone, Interrupted } from "../../src/cli/process/failure.ts";
import { launchBrowser } from "../../src/cli/runtimes/launch.ts";
import { temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

/** A program in a browser's place. */
function program(lines: string, shell = "/bin/sh"): string {
  const path = join(temporaryFolder(), "chrome");
  writeFileSync(path, `#!${shell}\n${lines}\n`, { mode: 0o755 });
  return path;
}

test("a browser that does not answer is given up", async () => {
  const launching = launchBrowser(program("exec sleep 60"), "software", { patience: 300 });
  await expect(launching).rejects.toThrow(new BrowserGone("the browser has not answered for 0.3 s"));
});

test("a browser that ends at once is said not to start, with what it says", async () => {
  const launching = launchBrowser(program("echo FATAL: no screen >&2; exit 1"), "software");
  await expect(launching).rejects.toThrow(BrowserError);
  await expect(launching).rejects.toThrow(/chrome does not start: FATAL: no screen$/);
});

test("a browser that ends for no reason of its own is gone", async () => {
  const launching = launchBrowser(program("exit 0"), "software");
  await expect(launching).rejects.toThrow(BrowserGone);
});

test("a browser that is killed is gone, whatever it has said", async () => {
  const launching = launchBrowser(program("echo a warning >&2; kill -9 $$"), "software");
  await expect(launching).rejects.toThrow(BrowserGone);
});

/** Like Debian's script: a warning at every start, with another number. */
const warning = 'echo "$0: 9: [: $$: unexpected operator" >&2; case "$*" in *--version*) exit 0;; esac\n';

test("why a browser does not start is nothing that it says at every start", async () => {
  const launching = launchBrowser(program(`${warning}echo no disk is left >&2; exit 1`), "software");
  await expect(launching).rejects.toThrow(/chrome does not start: no disk is left$/);
  const silent = launchBrowser(program(`${warning}exit 7`), "software");
  await expect(silent).rejects.toThrow(/chrome does not start: it ends at once with exit code 7$/);
});

test("a program that the system does not start is one that does not start", async () => {
  const launching = launchBrowser(program("", "/nowhere/sh"), "software");
  await expect(launching).rejects.toThrow(BrowserError);
  await expect(launching).rejects.toThrow(
    /chrome does not start: it, or a program that runs it, is not there$/,
  );
});

test("of a browser that does not start, is given up, or is interrupted, no folder is left", async () => {
  const [ending, unstartable, waiting] = [
    program("exit 1"),
    program("", "/nowhere/sh"),
    program("exec sleep 60"),
  ];
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  await Promise.all([
    expect(launchBrowser(ending, "software")).rejects.toThrow(BrowserError),
    expect(launchBrowser(unstartable, "software")).rejects.toThrow(BrowserError),
    expect(launchBrowser(waiting, "software", { patience: 100 })).rejects.toThrow(BrowserGone),
    expect(launchBrowser(waiting, "software", { signal: stop.signal })).rejects.toThrow(Interrupted),
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a temporary folder that is not there is named", async () => {
  vi.stubEnv("TMPDIR", "/nonexistent/tmp");
  await expect(launchBrowser("/bin/true", "software")).rejects.toThrow(
    new BrowserError(
      "the temporary folder /nonexistent/tmp cannot be used: there is no such folder; set TMPDIR to one that can be written to",
    ),
  );
});

test("a browser starts in a temporary folder that is too deep for its socket", async () => {
  const deep = join(temporaryFolder(), "x".repeat(120));
  mkdirSync(deep);
  vi.stubEnv("TMPDIR", deep);
  const browser = await launchBrowser(await ensureBrowser(), "software");
  expect(await browser.version()).toMatch(/Chrome/);
  expect(readdirSync(deep)).toHaveLength(1);
  await browser.close();
  expect(readdirSync(deep)).toEqual([]);
});
