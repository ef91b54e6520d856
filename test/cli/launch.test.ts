import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BrowserError, BrowserGone } from "../../src/cli/failure.ts";
import { launchBrowser } from "../../src/cli/launch.ts";
import { temporaryFolder } from "./command.ts";

/** A program in a browser's place. */
function program(lines: string): string {
  const path = join(temporaryFolder(), "chrome");
  writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return path;
}

test("a browser that does not answer is given up", async () => {
  const launching = launchBrowser(program("exec sleep 60"), "software", 300);
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
