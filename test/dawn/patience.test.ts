/** What a process that waits for Dawn leaves to a software adapter. */
import { expect, test } from "vitest";
import { openDevice } from "../../src/engine.ts";
import { NAP } from "../../src/cli/runtimes/patience.ts";

const spin = `
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var x = f32(id.x);
  for (var k = 0u; k < 20000u; k++) { x = fract(x * 1.25 + 0.5); }
  out[id.x] = x;
}`;

test("the event loop sleeps a turn while work is under way", async () => {
  const { gpu } = await openDevice({ gpu: navigator.gpu });
  const buffer = gpu.createBuffer({ size: 4 * 64 * 1024, usage: GPUBufferUsage.STORAGE });
  const pipeline = await gpu.createComputePipelineAsync({
    layout: "auto",
    compute: { module: gpu.createShaderModule({ code: spin }) },
  });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    }),
  );
  pass.dispatchWorkgroups(1024);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
  let isDone = false;
  const done = gpu.queue.onSubmittedWorkDone().then(() => void (isDone = true));
  const begun = performance.now();
  let turns = 0;
  while (!isDone) {
    turns++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  const milliseconds = performance.now() - begun;
  gpu.destroy();
  // Long enough to tell, and a nap at every turn but the first and the last.
  expect(milliseconds).toBeGreaterThan(20 * NAP);
  expect(turns).toBeLessThan(milliseconds / NAP + 3);
});
