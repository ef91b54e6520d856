/**
 * Compiles every shader by Tint through Dawn for Node. Its null backend executes nothing; it is a linter, which checks
 * types, uniform control flow at barriers, overrides, and the explicit layouts, at WebGPU's guaranteed minimum limits.
 */
import { expect, test as base } from "vitest";
import { create, globals } from "webgpu";
import { PipelineCache } from "../../src/gpu/pipelines.ts";
import { type Kernel, defineKernel } from "../../src/wgsl/kernel.ts";
import { kernels, nameOf, variantsOf } from "./records.ts";

const test = base.extend<{ device: GPUDevice }>({
  device: [
    async ({}, use) => {
      Object.assign(globalThis, globals);
      // Dawn crashes when the object that `create` gives is collected while a device lives: a global keeps it.
      const gpu: GPU = ((globalThis as { dawn?: GPU }).dawn = create(["backend=null"]));
      const adapter = await gpu.requestAdapter();
      const used = new Set(kernels.flatMap(({ features }) => features));
      await use(await adapter!.requestDevice({ requiredFeatures: [...used] }));
    },
    { scope: "worker" },
  ],
});

test("the linter refuses what is beyond WebGPU's guaranteed minimum limits", async ({ device }) => {
  expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  expect(device.limits.maxComputeInvocationsPerWorkgroup).toBe(256);
  expect(device.limits.maxComputeWorkgroupStorageSize).toBe(16384);
  const compiled = (LANES: number, floats: number, buffers = 1) => {
    const names = Array.from({ length: buffers }, (_, place) => `b${place}`);
    const kernel = defineKernel({
      file: `${LANES} lanes, ${floats} floats, ${buffers} buffers`,
      code: `
        override LANES: u32 = 64;
        ${names.map((name, i) => `@group(0) @binding(${i}) var<storage, read_write> ${name}: array<f32>;`).join("\n")}
        var<workgroup> shared_floats: array<f32, ${floats}>;
        @compute @workgroup_size(LANES) fn main(@builtin(local_invocation_index) lane: u32) {
          shared_floats[lane] = 1.0;
          ${names.map((name) => `${name}[lane] = shared_floats[lane];`).join("\n")}
        }`,
      bindings: Object.fromEntries(names.map((name) => [name, "read-write" as const])),
      params: {},
      grid: () => [1],
    });
    return new PipelineCache(device).get(kernel, { LANES });
  };
  await expect(compiled(256, 4096, 8)).resolves.toBeDefined();
  await expect(compiled(257, 4096, 8)).rejects.toThrow(/257|256/);
  await expect(compiled(256, 4097, 8)).rejects.toThrow(/workgroup storage/i);
  device.pushErrorScope("validation");
  await compiled(256, 4096, 9).catch(() => {});
  expect(await device.popErrorScope()).not.toBeNull();
});

test("what Tint refuses is told with file, line and source", async ({ device }) => {
  const own = kernels.find(({ file }) => file === "stop_check.wgsl")!;
  const broken: Kernel = { ...own, code: own.code.replace("struct Params", "struct Parms") };
  await expect(new PipelineCache(device).get(broken)).rejects.toThrow(
    /^shaders\/stop_check\.wgsl:\d+:\d+: .*'Params'.*\n {4}@group/,
  );
});

test("what Tint refuses in a module is told with the module's file and line", async ({ device }) => {
  const own = kernels.find(({ code }) => code.includes("fn is_finite"))!;
  const broken: Kernel = {
    ...own,
    code: own.code.replace("return (bitcast<u32>(x)", "return (bitcast<u33>(x)"),
  };
  await expect(new PipelineCache(device).get(broken)).rejects.toThrow(
    /^src\/wgsl\/finite\.wgsl:3:\d+: .*\n {4}return \(bitcast<u33>/,
  );
});

/** What models set themselves, beside what the tuner tries. */
const MODELS: Kernel["overrides"] = {
  DEPTH: [1, 2, 3, 10],
  FIELDS: [7],
  GAP: [0, 4],
  GAP_SUM: [0, 6],
  INVARIANT: [0, 5],
};

const FEW = 96;

for (const kernel of kernels) {
  const names = Object.keys(kernel.overrides);
  const values = names.map((name) => [name, MODELS[name] ?? kernel.overrides[name]]);
  const all = variantsOf(Object.fromEntries(values) as Kernel["overrides"]);
  // Tables have two, four, ... values each: every third product of them holds each pair. With CASES=all every one.
  const variants =
    all.length > FEW && process.env.CASES !== "all" ? all.filter((_, place) => place % 3 === 0) : all;
  test(`Tint compiles ${nameOf(kernel)} with ${variants.length} of ${all.length} values of its overrides`, async ({
    device,
  }) => {
    device.pushErrorScope("validation");
    const cache = new PipelineCache(device);
    for (const variant of variants) await cache.get(kernel, variant);
    expect(await device.popErrorScope()).toBeNull();
  });
}
