/** The benchmark measures on the real device, and times nothing that is wrong. */
import { expect, test } from "vitest";
import { alphasweep } from "../../bench/engines/alphasweep.ts";
import type { Engine } from "../../bench/engines/engine.ts";
import { javascript } from "../../bench/engines/javascript.ts";
import { measure } from "../../bench/measure.ts";
import { measurePeaks } from "../../bench/peaks/peaks.ts";
import { profile } from "../../bench/profile.ts";
import { profileText } from "../../bench/profile-text.ts";
import type { Row } from "../../bench/row.ts";
import { rowText } from "../../bench/table.ts";
import { convKernels } from "../../bench/workloads/conv-kernels.ts";
import { convSeeds } from "../../bench/workloads/conv-seeds.ts";
import { diagonalSweep } from "../../bench/workloads/diagonal-sweep.ts";
import { kernelRecords } from "../../bench/workloads/kernel-records.ts";
import { matrixSweep } from "../../bench/workloads/matrix-sweep.ts";
import { reluKernels } from "../../bench/workloads/relu-kernels.ts";
import { reluSeeds } from "../../bench/workloads/relu-seeds.ts";
import { sharedDevice } from "./shared-device.ts";

const device = await sharedDevice();

const workload = diagonalSweep(7, 9, [3]);
const options = { seconds: 0.03, peak: 10 };

/** Plain JavaScript whose results go through `change` before anyone sees them. */
const spoiled = (change: (results: Float32Array | Float64Array) => Float32Array | Float64Array): Engine => ({
  id: "spoiled",
  prepare: async (...problem) => {
    const trainer = (await javascript.prepare(...problem))!;
    return {
      ...trainer,
      train: async (steps) => {
        const training = await trainer.train(steps);
        return { ...training, results: change(training.results) };
      },
    };
  },
});

function expectTimed(row: Row): void {
  const time = row.us_per_step!;
  expect(time.median).toBeGreaterThan(0);
  expect(time.p10).toBeLessThanOrEqual(time.median);
  expect(time.p90).toBeGreaterThanOrEqual(time.median);
  expect(row.run_steps_per_s).toBeCloseTo((1e6 * row.runs) / time.median, 3);
  expect(row.gflops).toBeCloseTo((4 * 7 * 9 * row.runs) / time.median / 1000, 9);
  expect(row.peak_fraction).toBeCloseTo(row.gflops! / options.peak, 9);
  expect(row.max_relative_error).toBeLessThanOrEqual(row.error_bound!);
  expect(row.repeats).toBeGreaterThanOrEqual(3);
}

test("engines are timed side by side, and their results are those of float64", async () => {
  const rows = await measure(workload, 3, [alphasweep, javascript], device, options);
  expect(rows.map(({ engine }) => engine)).toEqual(["alphasweep", "js"]);
  for (const row of rows) {
    expect(row).toMatchObject({ workload: "diagonal-7x9", runs: 3, runs_checked: 3 });
    expect(row.error).toBeUndefined();
    expect(row.error_bound).toBeLessThan(0.05);
    expectTimed(row);
  }
  expect(rows[1].times_js).toBe(1);
});

test("ReLU networks are timed too, and their weights are those of float64", async () => {
  const rows = await measure(reluSeeds(7, 5, [6], [2]), 2, [alphasweep, javascript], device, options);
  expect(rows.map(({ engine }) => engine)).toEqual(["alphasweep", "js"]);
  for (const row of rows) {
    expect(row).toMatchObject({ workload: "relu-7x5x6", runs: 2, runs_checked: 2 });
    expect(row.error).toBeUndefined();
    expect(row.error_bound).toBeLessThan(0.2);
    expect(row.us_per_step!.median).toBeGreaterThan(0);
  }
});

for (const { what, workload } of [
  { what: "diagonal networks of depth 3", workload: diagonalSweep(7, 9, [3], 3) },
  { what: "sweeps that hand their kernels over", workload: kernelRecords(5, 9) },
  { what: "networks of several hidden layers", workload: reluSeeds(7, 5, [6, 5, 7], [3]) },
  { what: "tangent kernels of networks", workload: reluKernels(7, 5, [6, 5, 7], [3]) },
  { what: "networks of convolutions", workload: convSeeds(5, 6, 3, [3]) },
  { what: "their tangent kernels", workload: convKernels(5, 6, 3, [3]) },
  { what: "factorized matrices", workload: matrixSweep(4, 9, 2, [3]) },
])
  test(`${what} are timed too, and their results are those of float64`, async () => {
    const rows = await measure(workload, 3, [alphasweep, javascript], device, options);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.error).toBeUndefined();
      expect(row.max_relative_error).toBeGreaterThan(0);
      expect(row.error_bound).toBeLessThan(0.05);
      expect(row.us_per_step!.median).toBeGreaterThan(0);
    }
  });

test("of many runs the first and the last are among those that are checked", async () => {
  const first = spoiled((results) => results.map((value, i) => (i < 9 ? -value : value)));
  const last = spoiled((results) => results.map((value, i) => (i >= 36 * 9 ? 2 * value : value)));
  const rows = await measure(workload, 37, [first, last], device, options);
  expect(rows.map(({ error }) => error)).toEqual([
    expect.stringMatching(/^wrong: run 0 is off by 2.0, and rounding explains /),
    expect.stringMatching(/^wrong: run 36 is off by 1.0, and rounding explains /),
  ]);
});

test("a wrong result is an error, never a time", async () => {
  const shifted = spoiled((results) => results.map((value) => 1.1 * value));
  const broken = spoiled((results) => results.fill(NaN));
  const rows = await measure(workload, 3, [shifted, broken, javascript], device, options);
  for (const row of rows.slice(0, 2)) {
    const { run_steps_per_s, us_per_step, gflops, peak_fraction, times_js } = row;
    expect([run_steps_per_s, us_per_step, gflops, peak_fraction, times_js]).toEqual(Array(5).fill(null));
  }
  expect(rows[0].max_relative_error).toBeCloseTo(0.1, 2);
  expect(rows[1].max_relative_error).toBeNull();
  expect(rowText(rows[0])).toMatch(
    /^diagonal-7x9 +3 +spoiled +wrong: run \d is off by 0.10, and rounding explains \S+$/,
  );
  expect(rowText(rows[1])).toMatch(/wrong: run \d is not finite/);
  expectTimed(rows[2]);
});

test("an engine that leaves weights of convolutions where they start is found out", async () => {
  const work = convSeeds(5, 6, 3, [2]);
  const { starts } = work.problem(2);
  const [idle] = await measure(work, 2, [spoiled(() => starts)], device, options);
  expect(idle.error).toMatch(/^wrong: run \d is off by /);
});

test("an engine that fails has a row that says so, and harms no other", async () => {
  const unready: Engine = { id: "unready", prepare: () => Promise.reject(new Error("no room\nat all")) };
  const tiring: Engine = {
    id: "tiring",
    async prepare(...problem) {
      const trainer = (await javascript.prepare(...problem))!;
      let trainings = 0;
      return {
        ...trainer,
        train: (steps) => (++trainings > 6 ? Promise.reject(new Error("worn out")) : trainer.train(steps)),
      };
    },
  };
  const rows = await measure(workload, 3, [unready, tiring, javascript], device, options);
  expect(rows.map(({ engine, error }) => [engine, error])).toEqual([
    ["unready", "failed: no room"],
    ["tiring", "failed: worn out"],
    ["js", undefined],
  ]);
  for (const { us_per_step, error_bound } of rows.slice(0, 2))
    expect([us_per_step, error_bound]).toEqual([null, null]);
  expectTimed(rows[2]);
});

test("an engine that cannot do the work has no row", async () => {
  const incapable: Engine = { id: "incapable", prepare: async () => undefined };
  const rows = await measure(workload, 1, [incapable, javascript], device, options);
  expect(rows.map(({ engine }) => engine)).toEqual(["js"]);
});

test("the adapter's limits are positive, and measuring them leaves no buffer behind", async () => {
  const before = device.buffers;
  const peaks = await measurePeaks(device);
  expect(Object.keys(peaks)).toEqual([
    "scalar_gflops",
    "vector_gflops",
    "bandwidth_gb_per_s",
    "dispatch_us",
    "submit_us",
  ]);
  for (const value of Object.values(peaks)) expect(value).toBeGreaterThan(0);
  expect(device.buffers).toBe(before);
});

test("a profile times the dispatches of a step in their order, and counts what they multiply", async () => {
  const rows = await profile("relu-200x20x64x64x64", 1, device);
  expect(rows.map(({ variant }) => variant.split("#")[0])).toContain("dense_gradient.wgsl");
  for (const { us, workgroups } of rows) {
    expect(us).toBeGreaterThan(0);
    expect(workgroups).toBeGreaterThan(0);
  }
  // A hidden layer of 64 on 200 samples of 20 inputs, forwards.
  const [first] = rows;
  expect(first.variant).toMatch(/^dense_values\.wgsl/);
  expect(first.gflops * first.us).toBeCloseTo((2 * 200 * 20 * 64) / 1000, 6);
  const text = profileText(rows).split("\n");
  expect(text).toHaveLength(rows.length + 2);
  expect(text[0]).toMatch(/us +share +GFLOP\/s +workgroups +dispatch$/);
  expect(text[1]).toContain(first.variant);
  expect(text.at(-1)).toMatch(/in all$/);
});
