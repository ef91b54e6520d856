import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { compareKernels } from "../../bench/kernel/command.ts";

const script = fileURLToPath(new URL("../../bench/kernel.js", import.meta.url));
/** No browser can be started: what this expects comes before one is looked for. */
const env = { ...process.env, PUPPETEER_EXECUTABLE_PATH: "/nowhere/chrome" };
const kernel = (...parameters: string[]) =>
  spawnSync(process.execPath, [script, ...parameters], { encoding: "utf8", env });

const wrong: [string, string[], RegExp][] = [
  [
    "a mistyped shader",
    ["grma"],
    /^"grma" is no kernel .*did you mean "gram"\? there are gram, gram_drift, /,
  ],
  ["no number", ["gram", "--runs", "many"], /^option '--runs <number>' .* whole number from 1 to/],
  ["sizes that no data has", ["dense_values", "--inputs", "1"], /^the sweep: data\.dimension is 1/],
];

test.each(wrong)("%s is told in one line, with exit code 2", (_, parameters, line) => {
  const { status, stdout, stderr } = kernel(...parameters);
  expect(stderr.trim()).toMatch(line);
  expect(stderr.trim()).not.toContain("\n");
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test("variants are checked and timed in Chrome, a table a work", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  const sizes = { runs: 3, samples: 5, inputs: 7 };
  await compareKernels(["norms"], { ...sizes, seconds: 0, runtime: "chrome", adapter: "software" });
  const printed = log.mock.calls.flat().join("\n");
  vi.restoreAllMocks();
  expect(printed).toMatch(/^norms\.wgsl samples=5 inputs=7 /m);
  expect(printed).toMatch(/^ {2}main LANES=64 .* plain/m);
  expect(printed).toMatch(/^ {2}main LANES=4 .* standard$/m);
  expect(printed).toMatch(/^ {2}2 of 2 variants agree with the plain one, bit for bit$/m);
});
