/** Where a clone lies, and what of its packages is there. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copySources, linkPackages, work } from "./clones.ts";
import { type Outcome, Running, temporaryFolder } from "./command.ts";

/** `CLONES=all`: builds the npm package in a folder with a "#", and runs a test in Chrome there. */
const isThorough = process.env.CLONES === "all";

const document = {
  data: { kind: "linear-uniform", samples: 3, dimension: 4 },
  model: { kind: "diagonal" },
  train: { stepSize: 0.001, epochs: 2 },
  record: { every: 1, quantities: ["loss"], arrays: [] },
};

/** A clone in a folder of this name, in an empty one. */
function cloneNamed(name: string): string {
  const clone = join(temporaryFolder(), name);
  mkdirSync(clone);
  copySources(clone);
  linkPackages(clone);
  return clone;
}

/** Runs a program of the clone's in a folder whose temporary files nobody else makes. */
function node(words: readonly string[], temporary = temporaryFolder()): Outcome & { left: string[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    cwd: temporaryFolder(),
    env: { ...process.env, TMPDIR: temporary },
  });
  return { code: status, output: stdout, errors: stderr, left: readdirSync(temporary) };
}

test("a clone in a folder with a ?, and what looks like a # in a URL, leaves nothing elsewhere", () => {
  const { code, output, errors, left } = node([
    join(cloneNamed("what? 100%23"), "bin/alphasweep.js"),
    "list",
  ]);
  expect([code, errors, left]).toEqual([0, "", []]);
  expect(output).toMatch(/^alpha-sweep +5 runs {2}\S/m);
});

test("a clone in a folder with a # builds its pages, trains and draws, also behind a link", async () => {
  const clone = cloneNamed("F# or C#?");
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "a.json"), JSON.stringify(document));
  const link = join(cwd, "link");
  symlinkSync(clone, link);
  const { code, errors } = await new Running(["run", "a.json", "--out", "out"], {
    cwd,
    clone: link,
  }).outcome();
  expect([code, errors]).toEqual([0, expect.stringContaining("software adapter")]);
  expect(existsSync(join(cwd, "out/index.html"))).toBe(true);
  expect(existsSync(join(cwd, "out/figures/loss.png"))).toBe(true);

  const wrong = await new Running(["run", "alpha-sweep", "--set", "train.epochs=-5"], {
    cwd,
    clone,
  }).outcome();
  // By the folder's own name, not that of any link to it.
  expect(wrong.errors).toMatch(/^\S*F# or C#\?\/experiments\/alpha-sweep\.json: train\.epochs is -5; /);
});

test("tests run in a folder with a #", () => {
  const clone = cloneNamed("C#");
  copySources(clone, work);
  const projects = isThorough
    ? ["test/cli/assignment.test.ts", "test/kernels/difference.test.ts"]
    : ["--project", "node", "test/cli/assignment.test.ts"];
  const { code, output, errors } = node([join(clone, "test/run.js"), ...projects]);
  expect([code, errors]).toEqual([0, expect.not.stringContaining("Error")]);
  expect(output).toMatch(/^\d\d+ passed, 0 failed, 0 skipped\n?$/m);
});

if (isThorough)
  test("the npm package is built in a folder with a #, and works there", () => {
    const clone = cloneNamed("C#");
    copySources(clone, work);
    expect(node([join(clone, "bin/build.js")])).toEqual({ code: 0, output: "", errors: "", left: [] });
    expect(readdirSync(join(clone, "dist", "pages")).sort()).toEqual([
      "bench",
      "headless",
      "index",
      "report",
    ]);
    rmSync(join(clone, "src"), { recursive: true });
    expect(node([join(clone, "bin/alphasweep.js"), "list"])).toMatchObject({ code: 0, errors: "" });
  });

test('a clone in a folder with a "*", where Node finds no packages, says so in one line', () => {
  const { code, output, errors } = node([join(cloneNamed("a*b"), "bin/alphasweep.js"), "list"]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toMatch(/^alphasweep cannot run in \S*a\*b: .* holds "\*"; rename it\n$/);
});
