import type { Device } from "../../src/gpu/device.ts";
import { type Dispatch, encode } from "../../src/plan/planner.ts";

/** Milliseconds from a submit of `count` equal dispatches until they are done. */
export async function timeSubmit({ gpu }: Device, dispatch: Dispatch, count = 1): Promise<number> {
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let k = 0; k < count; k++) encode(pass, dispatch, 0);
  pass.end();
  const commands = encoder.finish();
  const begun = performance.now();
  gpu.queue.submit([commands]);
  await gpu.queue.onSubmittedWorkDone();
  return performance.now() - begun;
}

/** The first bytes of a buffer. */
export async function read(device: Device, buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  const staging = device.buffer("staging", bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  try {
    const encoder = device.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    device.gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0, bytes);
  } finally {
    device.release(staging);
  }
}
