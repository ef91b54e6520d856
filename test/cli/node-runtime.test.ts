/** Training and measuring without a browser, on the CPU's Vulkan driver that every Chrome brings. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readResults } from "../../src/results/read.ts";
import { alphasweep, commandPath, Running, softwareVulkan, temporaryFolder } from "./command.ts";

const small = {
  name: "small",
  data: { kind: "linear-uniform", samples: 6, dimension: 9, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.005, epochs: 50, batchSize: 4 },
  record: { every: 10, quantities: ["loss", "linear_distance", "ntk_drift"], arrays: ["ntk", "weights"] },
  sweep: [{ path: "init.alpha", values: [0.1, 0.5, 1] }],
};

/** Six samples of nine inputs, as some programs write them: lines that end in CR alone, in two gzip members. */
function sixSamples(): { file: Buffer; y: number[] } {
  const rows = Array.from({ length: 6 }, (_, j) =>
    Array.from({ length: 10 }, (__, i) => Math.sin(1 + 10 * j + i).toFixed(3)),
  );
  const names = [...Array.from({ length: 9 }, (_, i) => `x${i}`), "y"];
  const text = [names, ...rows].map((row) => `${row.join(",")}\r`).join("");
  const members = [text.slice(0, 100), text.slice(100)].map((part) => gzipSync(part));
  return { file: Buffer.concat(members), y: rows.map((row) => Number(row[9])) };
}

const folderWith = (document: object): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "small.json"), JSON.stringify(document));
  return cwd;
};

test("run --runtime node trains as Chrome does", async () => {
  const cwd = folderWith({ ...small, data: { kind: "file", train: "train.csv.gz" } });
  const { file, y } = sixSamples();
  writeFileSync(join(cwd, "train.csv.gz"), file);
  const train = (runtime: string, env: NodeJS.ProcessEnv) =>
    alphasweep(["run", "small.json", "--runtime", runtime, "--adapter", "software", "--out", runtime], {
      cwd,
      env,
    });
  const [node, chrome] = [await train("node", await softwareVulkan()), await train("chrome", {})];
  expect([node.code, node.errors]).toEqual([
    0,
    expect.stringMatching(/^small: 3 runs\nNode\/\S+ with Dawn, software adapter: \S.*\n/),
  ]);
  expect(chrome.code).toBe(0);
  const [here, there] = [await readResults(join(cwd, "node")), await readResults(join(cwd, "chrome"))];
  expect(here.manifest).toMatchObject({ status: "finished", adapter: { software: true } });
  // beta(0) is 0.
  const loss = y.reduce((sum, target) => sum + target ** 2, 0) / 6;
  for (const { history } of [here, there]) expect(history.columns.loss[0]).toBeCloseTo(loss, 6);
  expect(here.manifest.kernels).toEqual(there.manifest.kernels);
  // Two builds of one compiler may round differently: by less than float32's last three digits.
  for (const [name, column] of Object.entries(there.history.columns))
    Array.from(column as Float64Array).forEach((value, row) => {
      const own = (here.history.columns[name] as Float64Array)[row];
      expect(Math.abs(own - value), `${name}, row ${row}`).toBeLessThanOrEqual(1e-4 * Math.abs(value));
    });
  expect(here.arrays.weights!.shape).toEqual(there.arrays.weights!.shape);
  expect(here.arrays.ntk!.data.length).toBe(3 * 6 * 6 * 6);
});

// Elsewhere nobody can keep native code from the error stream, nor from one that is no pipe.
if (process.platform === "linux")
  test("what drivers say themselves is told to whoever is --verbose, and to nobody else", async () => {
    const cwd = folderWith(small);
    const env = { ...process.env, ...(await softwareVulkan()), VK_LOADER_DEBUG: "info" };
    const told = (words: string): string => {
      const command = `"$0" "$1" run small.json --runtime node --adapter software ${words} 2>&1 | cat`;
      const options = { cwd, env, encoding: "utf8" } as const;
      return spawnSync("sh", ["-c", command, process.execPath, commandPath], options).stdout;
    };
    expect(told("--out quiet")).toMatch(/^small: 3 runs\nNode\//);
    const verbose = told("--out verbose --verbose");
    expect(verbose).toMatch(/^small: 3 runs\n.*Vulkan Loader/);
    expect(verbose).toMatch(
      /^seconds: [\d.]+ = start [\d.]+ \+ adapter [\d.]+ \+ .*training [\d.]+ \+ .*figures [\d.]+$/m,
    );
  });

test("SIGTERM in Node keeps what is recorded", async () => {
  const cwd = folderWith({ ...small, train: { stepSize: 1e-6, epochs: 20_000_000 } });
  const running = new Running(
    ["run", "small.json", "--runtime", "node", "--adapter", "software", "--set", "record.every=10000"],
    { cwd, env: await softwareVulkan() },
  );
  await running.printed(/\d+ %, 0\/3 runs done/);
  running.kill("SIGTERM");
  const { code } = await running.outcome();
  expect(code).toBe(130);
  const { manifest, history } = await readResults(join(cwd, "results", "small"));
  expect(manifest.status).toBe("interrupted");
  expect(history.rows).toBeGreaterThan(0);
});

test("without a Vulkan driver, node says what it takes and exits with 3", async () => {
  const cwd = folderWith(small);
  const { code, errors, output } = await alphasweep(["run", "small.json", "--runtime", "node"], {
    cwd,
    env: { VK_ICD_FILENAMES: "/nowhere/driver.json" },
  });
  expect(code).toBe(3);
  expect(output).toBe("");
  expect(errors.trim().split("\n").at(-1)).toMatch(/^WebGPU offers no adapter; Dawn takes a Vulkan driver/);
});
