/** Where what is printed goes: a full disk, or a pipe that nobody reads. */

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandPath, inNode, softwareVulkan, temporaryFolder } from "./command.ts";

const document = {
  data: { kind: "linear-uniform", samples: 3, dimension: 4 },
  model: { kind: "diagonal" },
  train: { stepSize: 0.001, epochs: 2 },
};

/** What a stream of the command is: read, a full disk, or a pipe whose reader has gone. */
type Kind = "read" | "full" | "gone";

async function command(
  parameters: readonly string[],
  [output, errors]: [Kind, Kind],
  cwd = temporaryFolder(),
) {
  const env = { ...process.env, ...(await softwareVulkan()) };
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [commandPath, ...parameters], {
    cwd,
    env,
    stdio: ["ignore", output === "full" ? full : "pipe", errors === "full" ? full : "pipe"],
  });
  closeSync(full);
  if (output === "gone") child.stdout!.destroy();
  if (errors === "gone") child.stderr!.destroy();
  let told = "";
  child.stderr?.on("data", (bytes: Buffer) => (told += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, told };
}

const unwritable = "standard output cannot be written: the disk is full\n";

test("a list that cannot be written is told in one line, and exits 1; one that nobody reads is no failure", async () => {
  expect(await command(["list"], ["full", "read"])).toEqual({ code: 1, told: unwritable });
  expect(await command(["list"], ["gone", "read"])).toEqual({ code: 0, told: "" });
});

test("a failure is a failure where nobody can be told of it", async () => {
  expect((await command(["run", "nothing-like-it"], ["read", "full"])).code).toBe(2);
  expect((await command(["run", "nothing-like-it"], ["read", "gone"])).code).toBe(2);
});

test("training ends and its results are kept whatever becomes of what is printed", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "a.json"), JSON.stringify(document));
  const run = (out: string, kinds: [Kind, Kind]) =>
    command(["run", "a.json", "--out", out, ...inNode], kinds, cwd);
  const [full, gone] = [await run("full", ["full", "read"]), await run("gone", ["gone", "full"])];
  expect([full.code, gone.code]).toEqual([1, 0]);
  expect(full.told).toMatch(new RegExp(`^a: 1 run\\n.*software adapter[^]*\\n${unwritable}$`));
  expect(full.told).not.toMatch(/^ +at /m);
  for (const folder of ["full", "gone"]) {
    expect(existsSync(join(cwd, folder, "index.html"))).toBe(true);
    expect(existsSync(join(cwd, folder, "running.lock"))).toBe(false);
  }
});
