import { test as base } from "vitest";
import { adapterFamily, requestAdapter } from "../../src/gpu/adapter.ts";
import { Device } from "../../src/gpu/device.ts";
import type { Kernel, Overrides, Shape } from "../../src/wgsl/kernel.ts";
import { Clock, type StepNumbers } from "../../src/plan/clock.ts";
import { Planner, encode } from "../../src/plan/planner.ts";

type Numbers = Float32Array | Uint32Array;

export interface KernelCall {
  params?: Record<string, number>;
  overrides?: Overrides;
  shape: Shape;
  step?: StepNumbers;
  /** What each binding holds; an output that is read back is given its length in floats and is poisoned with NaN. */
  bind: Record<string, Numbers | number>;
}

/** Runs single kernels on the real device, inside error scopes; no adapter is a failure. */
export class KernelBench {
  constructor(readonly device: Device) {}

  /** Whether results are those of `Math.fround`, operation by operation, to the bit. */
  get isExact(): boolean {
    return adapterFamily(this.device.adapter) === "swiftshader";
  }

  /** Dispatches once and reads back every writable binding. */
  async run(kernel: Kernel, call: KernelCall): Promise<Record<string, Float32Array>> {
    const planner = new Planner(this.device, call.shape);
    try {
      return await this.device.checked(kernel.file, async () => {
        const buffers: Record<string, GPUBuffer> = {};
        for (const [name, data] of Object.entries(call.bind))
          buffers[name] = planner.filled(
            name,
            typeof data === "number" ? new Float32Array(Math.max(1, data)).fill(NaN) : data,
          );
        const dispatch = await planner.dispatch(kernel, {
          bind: buffers,
          ...(call.params ? { params: call.params } : {}),
          ...(call.overrides ? { overrides: call.overrides } : {}),
        });
        const clock = new Clock(this.device.gpu, planner.clock);
        const slot = clock.add(call.step ?? { index: 0, start: 0, size: 0, order: 0, scale: 1 });
        clock.flush();
        const encoder = this.device.gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        encode(pass, dispatch, slot);
        pass.end();
        const written = Object.keys(kernel.bindings).filter((name) => kernel.bindings[name] === "read-write");
        this.device.gpu.queue.submit([encoder.finish()]);
        const results: Record<string, Float32Array> = {};
        for (const name of written) {
          const data = call.bind[name];
          results[name] = await this.read(buffers[name], typeof data === "number" ? data : data.length);
        }
        return results;
      });
    } finally {
      planner.release();
    }
  }

  async read(buffer: GPUBuffer, floats: number): Promise<Float32Array> {
    const { device } = this;
    const staging = device.buffer("staging", buffer.size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    const encoder = device.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    device.gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const copy = new Float32Array(staging.getMappedRange().slice(0, 4 * floats));
    device.release(staging);
    return copy;
  }
}

let shared: Promise<KernelBench> | undefined;

/** A test with the real GPU: `test("...", async ({ gpu }) => ...)`. */
export const test = base.extend<{ gpu: KernelBench }>({
  gpu: async ({}, use) => {
    shared ??= requestAdapter(navigator.gpu, "auto")
      .then((adapter) => Device.open(adapter))
      .then((device) => new KernelBench(device));
    await use(await shared);
  },
});
