/** What npm packs, unpacked elsewhere: its command runs, its library is imported. */

import { spawnSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { builtPackage } from "../harness/built-package.ts";
import { temporaryFolder } from "./command.ts";

function run(program: string, words: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

test("the packed package has what it runs with, and nothing that it is made of", () => {
  const elsewhere = temporaryFolder();
  const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", elsewhere];
  const [{ filename, files }] = JSON.parse(run("npm", packing, builtPackage())) as [
    { filename: string; files: { path: string }[] },
  ];
  const packed = new Set(files.map(({ path }) => path));
  for (const path of [
    "package.json",
    "bin/alphasweep.js",
    "dist/cli/main.js",
    "dist/library/index.js",
    "dist/module/viewer.js",
    "dist/pages/headless/headless.html",
    "experiments/alpha-sweep.json",
  ])
    expect(packed.has(path), path).toBe(true);
  const made = [...packed].filter((path) => /^(src|viewer|shaders|test|bench)\/|\.test\.|\.wgsl$/.test(path));
  expect(made).toEqual([]);

  run("tar", ["-xzf", filename], elsewhere);
  const installed = join(elsewhere, "package");
  symlinkSync(join(packageRoot, "node_modules"), join(elsewhere, "node_modules"));
  expect(existsSync(join(installed, "src"))).toBe(false);
  const command = join(installed, "bin", "alphasweep.js");
  expect(run(process.execPath, [command, "--version"], elsewhere)).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run(process.execPath, [command, "list"], elsewhere)).toContain("alpha-sweep");
  const program = `import { experimentJsonSchema } from "alphasweep"; console.log(experimentJsonSchema().title)`;
  // A package finds itself by its own name.
  expect(run(process.execPath, ["--input-type=module", "-e", program], installed)).toBe(
    "alphasweep experiment\n",
  );
});

test("the built command has within it what is modules alone, and leaves outside what is more", () => {
  const folder = join(builtPackage(), "dist", "cli");
  const imported = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) =>
      Array.from(
        readFileSync(join(folder, name), "utf8").matchAll(
          /^import (?:.* from )?"([^"]+)";$|\bimport\("([^"]+)"\)/gm,
        ),
        ([, fixed, later]) => fixed ?? later,
      ),
    );
  const packages = imported.filter((name) => !name.startsWith(".") && !isBuiltin(name));
  expect([...new Set(packages)].sort()).toEqual([
    "@jax-js/jax",
    "@puppeteer/browsers",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-webgpu",
    "@tensorflow/tfjs-core",
    "highs",
    "vite",
    "vite-plugin-singlefile",
    "webgpu",
  ]);
});
