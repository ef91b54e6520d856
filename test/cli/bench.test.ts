import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { bench } from "../../bench/command.ts";
import { OutputFile } from "../../bench/output-file.ts";
import { pointsOf } from "../../bench/points.ts";
import type { Report } from "../../bench/row.ts";
import type { BenchOptions } from "../../src/cli/commands/bench.ts";
import { packageRoot } from "../../src/cli/process/package-root.ts";
import { Interrupted } from "../../src/cli/process/failure.ts";
import { workloads } from "../../bench/workloads/registry.ts";
import { alphasweep, Running, softwareVulkan, temporaryFolder } from "./command.ts";

/** No browser can be started: what these tests expect comes before one is looked for. */
const env = { PUPPETEER_EXECUTABLE_PATH: "/nowhere/chrome" };

const wrong: [string, string[], RegExp][] = [
  [
    "a mistyped workload",
    ["--workload", "diagonal-100x25"],
    /^--workload "diagonal-100x25" .*"diagonal-100x250"\?/,
  ],
  ["no runs", ["--runs", "0"], /--runs <count>.* '0' is invalid. It is a whole number from 1\./],
  ["no workload", ["--workload", "nothing"], /there are diagonal-10x20, diagonal-100x250, /],
  ["a file in no folder", ["--json", "nowhere/a.json"], /^--json nowhere\/a\.json cannot be written: /],
  ["a file without a name", ["--json", ""], /^--json {2}cannot be written: it names no file$/],
  ["a folder for a file", ["--json", "/tmp"], /^--json \/tmp cannot be written: it is a folder$/],
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

test("bench leaves alone what lies where it would write", async () => {
  const folder = temporaryFolder();
  const part = join(folder, "bench.json.part");
  writeFileSync(part, "mine");
  const { code, errors } = await alphasweep(["bench", "--json", "bench.json"], { cwd: folder, env });
  expect(errors).toMatch(/^--json bench\.json cannot be written: bench\.json\.part is in its way/);
  expect(code).toBe(2);
  expect(readFileSync(part, "utf8")).toBe("mine");
});

test("workloads have names of their own", () => {
  const ids = workloads.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

const unasked: BenchOptions = { workload: [], peers: false, runtime: "chrome", tuning: "off" };
const points = (options: Partial<BenchOptions>): string[] =>
  pointsOf({ ...unasked, ...options }).map(({ workload, runs }) => `${workload} ${runs}`);

test("bench measures each workload once, unless it is asked for all numbers of runs", () => {
  const once = points({});
  expect(once).toHaveLength(workloads.length);
  expect(once).toContain("diagonal-100x250 64");
  expect(once).toContain("kernels-10x20 5");
  // 64 would take a software adapter minutes.
  expect(once).toContain("conv-4x28x28x32 16");
  expect(points({ all: true })).toHaveLength(workloads.flatMap(({ runs }) => runs).length);
  const deep = ["relu-200x20x64x64x64"];
  expect(points({ workload: deep })).toEqual([1, 4, 16].map((runs) => `${deep[0]} ${runs}`));
  expect(points({ workload: deep, runs: [2, 3] })).toEqual([2, 3].map((runs) => `${deep[0]} ${runs}`));
});

test("bench measures in Chrome, prints a line a row, and writes the rows", async () => {
  const file = join(temporaryFolder(), "bench.json");
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  await bench(
    {
      workload: ["diagonal-10x20"],
      runs: [1, 5],
      peers: false,
      runtime: "chrome",
      tuning: "off",
      json: file,
    },
    { seconds: 0.05, adapter: "software" },
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

test("bench that is interrupted writes the rows so far, through a link", async () => {
  const folder = temporaryFolder();
  const [link, file] = [join(folder, "link.json"), join(folder, "real", "bench.json")];
  mkdirSync(join(folder, "real"));
  writeFileSync(file, "old");
  symlinkSync(file, link);
  const stop = new AbortController();
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    if (text.startsWith("diagonal-10x20")) stop.abort();
  });
  const interrupted = bench(
    {
      workload: ["diagonal-10x20"],
      runs: [1, 5],
      peers: false,
      runtime: "chrome",
      tuning: "off",
      json: link,
    },
    { seconds: 0.05, adapter: "software", signal: stop.signal },
  );
  await expect(interrupted).rejects.toThrow(Interrupted);
  vi.restoreAllMocks();
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as Report;
  expect(rows.map(({ engine, runs }) => [engine, runs])).toEqual([
    ["alphasweep", 1],
    ["js", 1],
  ]);
  expect(readdirSync(folder).sort()).toEqual(["link.json", "real"]);
  expect(readdirSync(join(folder, "real"))).toEqual(["bench.json"]);
});

test("other libraries do the same work in the same page, and do it right", async () => {
  const workload = ["kernels-10x20"];
  const file = join(temporaryFolder(), "bench.json");
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
  await bench(
    { workload, runs: [3], peers: true, runtime: "chrome", tuning: "off", json: file },
    { seconds: 0.05, adapter: "software" },
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

// It takes a minute.
if (process.env.CASES === "all")
  test("in Node too, with NumPy where python3 has it, each within what rounding explains", async () => {
    const folder = temporaryFolder();
    const workload = ["matrix-10x10", "relu-200x20x10", "kernels-10x20"];
    const { code, errors } = await new Running(
      [
        ...[
          "bench",
          "--runtime",
          "node",
          "--peers",
          "--runs",
          "3",
          "--tuning",
          "off",
          "--json",
          "bench.json",
        ],
        ...workload.flatMap((id) => ["--workload", id]),
      ],
      // Libraries that are compared come with a clone alone.
      { cwd: folder, env: await softwareVulkan(), clone: packageRoot },
    ).outcome();
    expect(code, errors).toBe(0);
    const { rows } = JSON.parse(readFileSync(join(folder, "bench.json"), "utf8")) as Report;
    const hasNumpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;
    const engines = ["alphasweep", "js", "jax-js-webgpu", "jax-js-wasm", "tfjs-webgpu", "tfjs-wasm"];
    expect(rows.map(({ workload, engine }) => `${workload} ${engine}`)).toEqual(
      workload.flatMap((id) =>
        [...engines, ...(hasNumpy ? ["numpy"] : [])].map((engine) => `${id} ${engine}`),
      ),
    );
    for (const { workload, engine, error, us_per_step } of rows) {
      expect(error, `${engine} on ${workload}`).toBeUndefined();
      expect(us_per_step!.median).toBeGreaterThan(0);
    }
  });

test("a disk that is full when the rows are written is told with the file", () => {
  expect(() => OutputFile.open("/dev/full", "--json").write("rows")).toThrow(
    /^--json \/dev\/full cannot be written: the disk is full$/,
  );
});
