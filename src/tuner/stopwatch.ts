import type { Device } from "../gpu/device.ts";

/** Times work on the GPU: by its own clock where it has one, else by how long the queue takes. */
export class Stopwatch {
  readonly #clock: { queries: GPUQuerySet; resolved: GPUBuffer; staging: GPUBuffer } | undefined;

  constructor(readonly device: Device) {
    if (!device.gpu.features.has("timestamp-query")) return;
    this.#clock = {
      queries: device.gpu.createQuerySet({ type: "timestamp", count: 2 }),
      resolved: device.buffer("timestamps", 16, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC),
      staging: device.buffer("timestamps read", 16, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
    };
  }

  /** Milliseconds that a compute pass takes. */
  async time(fill: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const { gpu } = this.device;
    const clock = this.#clock;
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass(
      clock && {
        timestampWrites: {
          querySet: clock.queries,
          beginningOfPassWriteIndex: 0,
          endOfPassWriteIndex: 1,
        },
      },
    );
    fill(pass);
    pass.end();
    if (clock) {
      encoder.resolveQuerySet(clock.queries, 0, 2, clock.resolved, 0);
      encoder.copyBufferToBuffer(clock.resolved, 0, clock.staging, 0, 16);
    }
    await gpu.queue.onSubmittedWorkDone();
    const begun = performance.now();
    gpu.queue.submit([encoder.finish()]);
    await gpu.queue.onSubmittedWorkDone();
    const waited = performance.now() - begun;
    if (!clock) return waited;
    await clock.staging.mapAsync(GPUMapMode.READ);
    const [start, end] = new BigUint64Array(clock.staging.getMappedRange().slice(0));
    clock.staging.unmap();
    // Browsers round timestamps; what is too short for them, or not told at all, is as long as the wait.
    const nanoseconds = Number(end - start);
    return nanoseconds > 0 && nanoseconds < 1e6 * waited ? nanoseconds / 1e6 : waited;
  }

  release(): void {
    if (!this.#clock) return;
    this.#clock.queries.destroy();
    this.device.release(this.#clock.resolved);
    this.device.release(this.#clock.staging);
  }
}
