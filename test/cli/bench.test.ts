import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { bench } from "../../bench/command.ts";
import type { Report } from "../../bench/row.ts";
import { workloads } from "../../bench/workloads/registry.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

/** No browser can be started: what these tests expect comes before one is looked for. */
const env = { PUPPETEER_EXECUTABLE_PATH: "/nowhere/chrome" };

const wrong: [string, string[], RegExp][] = [
  ["peers in Node", ["--peers", "--runtime", "node"], /^--peers .* leave out --runtime node/],
  [
    "a mistyped workload",
    ["--workload", "diagonal-100x25"],
    /^--workload "diagonal-100x25" .*"diagonal-100x250"\?/,
  ],
  ["no workload", ["--workload", "nothing"], /there are diagonal-10x20, diagonal-100x250, diagonal-100x1000/],
  ["a file in no folder", ["--json", "nowhere/a.json"], /^--json nowhere\/a\.json cannot be written: /],
];

for (const [what, parameters, line] of wrong)
  test(`bench with ${what} says so in one line and exits with 2`, async () => {
    const { code, output, errors } = await alphasweep(["bench", ...parameters], { env });
    expect(errors.trim()).toMatch(line);
    expect(errors.trim()).not.toContain("\n");
    expect(output).toBe("");
    expect(code).toBe(2);
  });

test("bench leaves no half-written file when there is no browser", async () => {
  const folder = temporaryFolder();
  const { code } = await alphasweep(["bench", "--json", "bench.json"], { cwd: folder, env });
  expect(code).toBe(3);
  expect(readdirSync(folder)).toEqual([]);
});

test("workloads have names of their own", () => {
  const ids = workloads.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("bench measures in Chrome, prints a line a row, and writes the rows", async () => {
  const file = join(temporaryFolder(), "bench.json");
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  await bench(
    { workload: ["diagonal-10x20"], peers: false, runtime: "chrome", tuning: "off", json: file },
    { seconds: 0.05, runs: [1, 5], adapter: "software" },
  );
  const printed = log.mock.calls.flat().join("\n");
  vi.restoreAllMocks();

  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  expect(report.adapter.software).toBe(true);
  expect(report.peaks.scalar_gflops).toBeGreaterThan(0);
  expect(report.rows.map(({ workload, engine, runs }) => [workload, engine, runs])).toEqual([
    ["diagonal-10x20", "alphasweep", 1],
    ["diagonal-10x20", "js", 1],
    ["diagonal-10x20", "alphasweep", 5],
    ["diagonal-10x20", "js", 5],
  ]);
  for (const row of report.rows) {
    expect(row.error).toBeUndefined();
    for (const value of [row.run_steps_per_s, row.gflops, row.peak_fraction, row.us_per_step!.median])
      expect(value).toBeGreaterThan(0);
    expect(row.max_relative_error).toBeLessThanOrEqual(row.error_bound!);
  }
  expect(printed).toMatch(/arithmetic peak: .* GFLOP\/s on scalars/);
  expect(printed.split("\n").filter((line) => line.startsWith("diagonal-10x20"))).toHaveLength(4);
});

test("other libraries do the same work in the same page, and do it right", async () => {
  const workload = ["kernels-10x20", "relu-200x20x10"];
  const file = join(temporaryFolder(), "bench.json");
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
  await bench(
    { workload, peers: true, runtime: "chrome", tuning: "off", json: file },
    { seconds: 0.05, runs: [3], adapter: "software" },
  );
  vi.restoreAllMocks();
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as Report;
  const engines = ["alphasweep", "js", "jax-js-webgpu", "jax-js-wasm", "tfjs-webgpu", "tfjs-wasm"];
  expect(rows.map(({ workload, engine }) => `${workload} ${engine}`)).toEqual(
    workload.flatMap((id) => engines.map((engine) => `${id} ${engine}`)),
  );
  for (const { workload, engine, error, us_per_step } of rows) {
    expect(error, `${engine} on ${workload}`).toBeUndefined();
    expect(us_per_step!.median).toBeGreaterThan(0);
  }
});
