/** Where a clone lies, and what of its packages is there. */

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../../src/cli/process/failure.ts";
import { copySources, linkPackages, type Packages, work } from "./clones.ts";
import { type Outcome, Running, temporaryFolder } from "./command.ts";

/** `CLONES=all`: what builds more than once, or needs another Chrome. */
const isThorough = process.env.CLONES === "all";

const document = {
  data: { kind: "linear-uniform", samples: 3, dimension: 4 },
  model: { kind: "diagonal" },
  train: { stepSize: 0.001, epochs: 2 },
  record: { every: 1, quantities: ["loss"], arrays: [] },
};

/** A clone in a folder of this name, in an empty one. */
function cloneNamed(name: string, packages: Packages = {}): string {
  const clone = join(temporaryFolder(), name);
  mkdirSync(clone);
  copySources(clone);
  linkPackages(clone, packages);
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
  expect(output).toMatch(/^alpha-sweep +10 runs +\S/m);
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

test("a clone keeps its built command, builds it anew after a change, and does without where nothing can be kept", () => {
  const clone = cloneNamed("clone");
  const cache = join(clone, "node_modules", ".cache", "alphasweep");
  const described = () => node([join(clone, "bin/alphasweep.js"), "help", "list"]).output;
  expect(described()).toContain("list the built-in experiments");
  const [first] = readdirSync(cache);
  expect(first).toMatch(/^command-/);
  // What is kept is what runs.
  const main = join(cache, first, "main.js");
  writeFileSync(main, readFileSync(main, "utf8").replaceAll("list the built-in", "name the built-in"));
  expect(described()).toContain("name the built-in experiments");
  expect(readdirSync(cache)).toEqual([first]);

  const source = join(clone, "src/cli/commands/list.ts");
  writeFileSync(source, readFileSync(source, "utf8").replace("list the built-in", "show the built-in"));
  expect(described()).toContain("show the built-in experiments");
  expect(readdirSync(cache)).toHaveLength(2);

  rmSync(cache, { recursive: true });
  writeFileSync(cache, "");
  expect(described()).toContain("show the built-in experiments");
});

test('a clone in a folder with a "*", where Node finds no packages, says so in one line', () => {
  const { code, output, errors } = node([join(cloneNamed("a*b"), "bin/alphasweep.js"), "list"]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toMatch(/^alphasweep cannot run in \S*a\*b: .* holds "\*"; rename it\n$/);
});

const system = `${process.platform} ${process.arch}`;

test("packages of another system are told in one line", () => {
  const clone = cloneNamed("clone", {
    copied: ["vite", "rolldown"],
    isMissing: (name) => name.startsWith("@rolldown/binding-"),
  });
  const { code, output, errors } = node([join(clone, "bin/alphasweep.js"), "list"]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toBe(
    `alphasweep's packages for this system (${system}) are missing: run "npm ci" in ${realpathSync(clone)}\n`,
  );
});

if (isThorough)
  test("packages that only figures need are missed when they are drawn, and the results are kept", async () => {
    const clone = cloneNamed("clone", {
      copied: ["vite", "lightningcss"],
      isMissing: (name) => name.startsWith("lightningcss-"),
    });
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.json"), JSON.stringify(document));
    const { code, output, errors } = await new Running(["run", "a.json", "--out", "out"], {
      cwd,
      clone,
    }).outcome();
    const lines = errors.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(
      /^the results are written, but their figures are not: packages for this system \(.*\) are missing \(lightningcss\..*\): run "npm ci" in /,
    );
    expect([code, output]).toEqual([1, expect.stringContaining("runs.parquet")]);
    expect(existsSync(join(cwd, "out/runs.parquet"))).toBe(true);
  });

test.for([
  ["test/run.js", "npm test"],
  ["bin/build.js", "npm run build"],
])("what %s needs besides is told in one line where it was left out", ([program, name]) => {
  const clone = cloneNamed("clone", { isMissing: (name) => ["vitest", "@jax-js/jax"].includes(name) });
  copySources(clone, work);
  const { code, output, errors } = node([join(clone, program)]);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toBe(
    `${name} needs packages that are not installed (@jax-js/jax, vitest): run "npm ci --include=dev" in ${realpathSync(clone)}\n`,
  );
});

const requireStack = "\nRequire stack:\n- /a/node_modules/@resvg/resvg-js/js-binding.js";

test.for([
  [
    new Error(`Cannot find module '@resvg/resvg-js-linux-x64-gnu'${requireStack}`),
    `(${system}) are missing (@resvg/resvg-js-linux-x64-gnu): run "npm ci"`,
  ],
  [new Error("/a/resvgjs.linux-x64-gnu.node: invalid ELF header"), `(${system}) are missing: run "npm ci"`],
  [new Error("Cannot find native binding. npm has a bug"), `(${system}) are missing: run "npm ci"`],
  [
    new Error("Cannot find package 'd3' imported from /a/b.ts"),
    'packages are missing (d3): run "npm ci" in ',
  ],
  [
    new Error('[vite]: Rolldown failed to resolve import "@jax-js/jax" from "/a/jax.ts".'),
    'packages are missing (@jax-js/jax): run "npm ci --include=dev"',
  ],
  [new Error("libm.so.6: version `GLIBC_2.38' not found"), "libm.so.6: version `GLIBC_2.38' not found"],
  [new Error("Could not resolve './no.ts' in a.ts"), "Could not resolve './no.ts' in a.ts"],
] as const)("%s", ([error, line]) => {
  expect(explain(error)).toContain(line);
  expect(explain(error)).not.toContain("\n");
});
