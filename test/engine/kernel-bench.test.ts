/** `npm run kernel` compares what it says, and times no variant that computes wrongly. */

import { afterAll, expect, test } from "vitest";
import { type Comparison, compareVariants, kernelBenchOn } from "../../bench/kernel/contestants.ts";
import { type Sizes, kernelNames, sweeps } from "../../bench/kernel/sweeps.ts";
import { comparisonText } from "../../bench/kernel/table.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { variantName } from "../../src/wgsl/choice.ts";
import type { Kernel } from "../../src/wgsl/kernel.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { planCohort } from "../../src/scheduler/cohort-plan.ts";
import { kernels } from "../shaders/records.ts";
import { sharedDevice } from "./shared-device.ts";

const device = await sharedDevice();
const bench = kernelBenchOn(async () => device);
await bench.open("auto");
// Each plan takes the place of the one before: the last one's buffers go where none can be made.
afterAll(async () => {
  await expect(bench.plan({}, [])).rejects.toThrow();
  expect(device.buffers).toBe(0);
});

/** Samples in whole fours, which some variants need, and rows enough for products that runs share. */
const small: Sizes = { runs: 12, samples: 8, inputs: 5, widths: [3, 3] };
/**
 * Variants of one hidden layer alone, which are those of any; of whole fours they take long to compile. Matrices that are too large
 * for a workgroup.
 */
const sizesOf = (shaders: readonly string[]): Sizes =>
  shaders.includes("relu_kernel_vectors")
    ? { ...small, widths: [3] }
    : shaders.includes("matrix_products")
      ? { ...small, inputs: 48 }
      : shaders.some((name) => name.startsWith("conv_"))
        ? { ...small, inputs: 16, widths: [4, 3] }
        : small;

test("every kernel whose record has a trial can be asked for", () => {
  // These have one variant, and their trial from what they share with kernels that have several.
  const single = ["diagonal_runs.wgsl", "diagonal_split_descent.wgsl"];
  const tried = kernels.filter(({ file, trial }) => trial && !single.includes(file));
  const files = new Set(tried.map(({ file }) => file));
  expect(kernelNames.map((name) => `${name}.wgsl`).sort()).toEqual([...files].sort());
});

for (const { shaders, document } of sweeps)
  test(`a sweep's plan holds ${shaders.join(", ")}`, async () => {
    for (const name of shaders)
      expect(await bench.plan(document(sizesOf(shaders)), [name]), name).not.toHaveLength(0);
  });

test("all variants are right, and have times", async () => {
  const { document } = sweeps.find(({ shaders }) => shaders.includes("gram"))!;
  const works = await bench.plan(document(small), ["gram"]);
  expect(works).toHaveLength(1);
  const { work, flops, isRounded, contestants } = await bench.compare(0, 0);
  expect([work, flops, isRounded]).toEqual([works[0], 3 * 12 * 5 * 36, false]);
  expect(contestants.length).toBeGreaterThan(3);
  expect(contestants.map(({ plain }) => plain)).toEqual(contestants.map((_, k) => k === 0));
  expect(contestants.filter(({ standard }) => standard)).toHaveLength(1);
  for (const { problem, microseconds } of contestants) {
    expect(problem).toBeUndefined();
    expect(microseconds).toHaveLength(3);
    for (const time of microseconds) expect(time).toBeGreaterThan(0);
  }
});

test("a variant that computes wrongly is told with the entry and the difference, and has no time", async () => {
  const { document } = sweeps.find(({ shaders }) => shaders.includes("norms"))!;
  const { runs } = readExperiment({ name: "spoiled", ...document(small) }, "spoiled");
  const members = await loadRuns(runs, new Map());
  const plan = await planCohort(device, await behaviourOf(runs[0].model), members, runs[0].record);
  const dispatch = plan.planner.dispatches.find(({ kernel }) => kernel.file === "norms.wgsl")!;
  const [{ kernel, overrides }] = dispatch.variants;
  const right = "abs(";
  expect(kernel.code).toContain(right);
  const bad: Kernel = { ...kernel, file: "bad.wgsl", code: kernel.code.replaceAll(right, "2.0 * abs(") };
  const unreadable: Kernel = { ...kernel, file: "unreadable.wgsl", code: `${kernel.code}\nfn` };
  const spoiled = [bad, unreadable].map((other) => ({ kernel: other, overrides }));
  Object.assign(dispatch, { variants: [...dispatch.variants, ...spoiled] });
  const comparison: Comparison = await compareVariants(plan.planner, dispatch, 0);
  plan.planner.release();
  const wrong = comparison.contestants.filter(({ problem }) => problem !== undefined);
  expect(wrong.map(({ variant }) => variant)).toEqual(spoiled.map(variantName));
  expect(wrong[0].problem).toMatch(
    /^\S+: \S+ at \d+, where the plain kernel has \S+ \(off by \S+, rounding explains 0; \d+ of \d+ numbers differ by more\)$/,
  );
  expect(wrong[1].problem).toMatch(/^unreadable\.wgsl:\d+:\d+: /);
  for (const { microseconds } of wrong) expect(microseconds).toEqual([]);
  const text = comparisonText(comparison);
  expect(text).toMatch(/^ {2}bad\.wgsl#main LANES=64 +WRONG: \S+: \S+ at \d+, where /m);
  expect(text).toMatch(/^ {2}2 of 4 variants agree with the plain one, bit for bit$/m);
  expect(text).toMatch(/^ {2}main LANES=64 .* 1\.00x .* plain/m);
});
