/** What doctor tells on machines that differ: by the drivers that Vulkan's loader is shown, and by what stands in Chrome's place. */

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { dawnAdapters, isLavapipe } from "../../src/cli/runtimes/dawn-adapters.ts";
import { alphasweep, softwareVulkan, temporaryFolder } from "./command.ts";

/** A machine whose Vulkan loader finds this file alone. */
const withDriver = (file: string): NodeJS.ProcessEnv => ({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });
const noDriver = withDriver("/nowhere/driver.json");
const noChrome = { PUPPETEER_EXECUTABLE_PATH: "/nowhere/chrome" };
const auto = { ALPHASWEEP_RUNTIME: "auto" };

function written(name: string, text: string, mode = 0o644): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text, { mode });
  return path;
}

const doctor = (env: NodeJS.ProcessEnv) =>
  alphasweep(["doctor", "--adapter", "software"], { env: { ...auto, ...env } });

/** The rows of what is printed, by their name. */
const rows = (output: string, name: string): string[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith(name.padEnd(12)))
    .map((line) => line.slice(12));

const faster =
  /^lavapipe, .*: apt-get install mesa-vulkan-drivers \(23 or later; on Debian 12 with -t bookworm-backports\)$/;
const measured =
  /^a step of 64 runs of 100 x 250 takes \d+ us, at most [\d.]+ GFLOP\/s, memory [\d.]+ GB\/s, a dispatch [\d.]+ us$/;

if (process.platform === "linux") {
  test("with neither a driver nor a browser, doctor says both, what would help, and exits with 3", async () => {
    const { code, output, errors } = await doctor({ ...noDriver, ...noChrome });
    expect(code).toBe(3);
    expect(rows(output, "chrome")).toEqual([
      expect.stringMatching(/"\/nowhere\/chrome", which is no program; set it/),
    ]);
    expect(rows(output, "drivers").join("\n")).toMatch(/\/nowhere\/driver\.json/);
    expect(rows(output, "faster")).toEqual([expect.stringMatching(faster)]);
    expect(errors).toMatch(/^PUPPETEER_EXECUTABLE_PATH is "\/nowhere\/chrome", [^\n]*\n$/);
  });

  test("a Chrome whose WebGPU is off is told, with the mend, and the exit code is 3", async () => {
    const without = `#!/bin/sh
      for word; do shift; case $word in --enable-unsafe-webgpu|--use-webgpu-adapter=*) ;; *) set -- "$@" "$word";; esac; done
      exec "${await ensureBrowser()}" "$@" --disable-gpu --disable-software-rasterizer\n`;
    const chrome = written("chrome", without, 0o755);
    const { code, output, errors } = await doctor({ ...noDriver, PUPPETEER_EXECUTABLE_PATH: chrome });
    expect(code).toBe(3);
    const mend = `${chrome} offers no software WebGPU adapter; install a newer Chrome, or name one in PUPPETEER_EXECUTABLE_PATH`;
    expect(rows(output, "chrome")).toEqual([mend]);
    expect(errors).toBe(`${mend}\n`);
  });

  test("files of drivers that are broken, or name what is not there, are told with the mend", async () => {
    const broken = written("broken.json", '{ "file_format_version": "1.0.0", "ICD": {');
    const empty = written("empty.json", "{}");
    const missing = written("missing.json", '{ "ICD": { "library_path": "/nowhere/driver.so" } }');
    const files = [broken, empty, missing, "/nowhere/driver.json"].join(delimiter);
    const { code, output } = await doctor({ ...withDriver(files), ...noChrome });
    expect(code).toBe(3);
    expect(rows(output, "drivers").slice(0, 4)).toEqual([
      `${broken} cannot be read as JSON: install its driver again, or remove the file; VK_DRIVER_FILES names it`,
      `${empty} names no driver: install it again, or remove the file; VK_DRIVER_FILES names it`,
      `${missing} names a driver that is not there, /nowhere/driver.so: install it, or remove the file; VK_DRIVER_FILES names it`,
      "/nowhere/driver.json is not there; VK_DRIVER_FILES names it",
    ]);
    expect(rows(output, "faster")).toEqual([expect.stringMatching(faster)]);
  });

  test("with SwiftShader alone, and no browser, doctor measures it, takes it, and says how to get a faster one", async () => {
    const { code, output } = await doctor({ ...(await softwareVulkan()), ...noChrome });
    expect(code).toBe(0);
    expect(rows(output, "runs in")).toEqual([
      expect.stringMatching(/neither a GPU nor a browser that trains$/),
    ]);
    expect(rows(output, "node")).toEqual([
      expect.any(String),
      expect.stringMatching(/^Node\/\S+ with Dawn, software adapter: .*SwiftShader/),
    ]);
    expect(rows(output, "")).toEqual([expect.stringMatching(measured)]);
    expect(rows(output, "faster")).toEqual([expect.stringMatching(faster)]);
  });

  const drivers = "/usr/share/vulkan/icd.d";
  const lavapipe = existsSync(drivers) && readdirSync(drivers).find((name) => name.startsWith("lvp_icd"));
  // Dawn does not take that of Mesa 22.
  if (lavapipe && (await dawnAdapters()).names.some(isLavapipe))
    test("with lavapipe, doctor measures it, takes it, says why, and knows nothing faster", async () => {
      const { code, output } = await doctor({ ...withDriver(join(drivers, lavapipe)), ...noChrome });
      expect(code).toBe(0);
      expect(rows(output, "node").at(-1)).toMatch(/^Node\/\S+ with Dawn, software adapter: .*llvmpipe/);
      expect(rows(output, "")).toEqual([expect.stringMatching(measured)]);
      expect(rows(output, "faster")).toEqual([]);
      expect(rows(output, "drivers")).toEqual([]);
      expect(rows(output, "runs in")).toEqual([
        expect.stringMatching(/LLVM's adapter mostly computes faster/),
      ]);
    });
}
