import { type AdapterReport, reportAdapter } from "./adapter.ts";
import { PipelineCache } from "./pipelines.ts";

/** The GPU, or the process that drives it, has gone. */
export class DeviceLostError extends Error {
  override name = "DeviceLostError";

  constructor(reason: string, message: string) {
    super(`the GPU device was lost (${reason})${message ? `: ${message}` : ""}`);
  }
}

/** The adapter has no memory for what was asked. */
export class OutOfMemoryError extends Error {
  override name = "OutOfMemoryError";
}

/** Milliseconds from an error that a lost device causes until the loss itself is told. */
const LOSS_TOLD = 500;

export interface DeviceOptions {
  /** Ask for WebGPU's guaranteed minimum limits and no optional feature, whatever the adapter has. */
  minimum?: boolean;
}

/** A device with what the engine keeps beside it. Buffers are counted so that tests prove that none leaks. */
export class Device {
  readonly pipelines: PipelineCache;
  /** Buffers alive, and their bytes. */
  buffers = 0;
  bytes = 0;

  /** Its loss, or an error that no scope caught: what was submitted may not have run. */
  #broken: Error | undefined;
  readonly #waiting = new Set<(error: Error) => void>();

  private constructor(
    readonly gpu: GPUDevice,
    readonly adapter: AdapterReport,
  ) {
    this.pipelines = new PipelineCache(gpu);
    void gpu.lost.then(({ reason, message }) => this.#break(new DeviceLostError(reason, message)));
    gpu.addEventListener("uncapturederror", ({ error }) => {
      this.#break(new Error(`the GPU refused what it was given: ${error.message}`));
    });
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const reject of this.#waiting) reject(this.#broken);
  }

  /** Opens a device with the largest buffers that the adapter has, and timestamps where it has them. */
  static async open(adapter: GPUAdapter, options: DeviceOptions = {}): Promise<Device> {
    const wanted: GPUFeatureName[] = options.minimum ? [] : ["timestamp-query", "subgroups"];
    const limits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;
    const gpu = await adapter.requestDevice({
      requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
      requiredLimits: options.minimum
        ? {}
        : Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
    });
    return new Device(gpu, reportAdapter(adapter));
  }

  /** Allocates a buffer of at least `bytes` (rounded up to 16). */
  buffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const buffer = this.gpu.createBuffer({ label, size, usage });
    this.buffers += 1;
    this.bytes += size;
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    this.buffers -= 1;
    this.bytes -= buffer.size;
    buffer.destroy();
  }

  /** Largest storage binding, in bytes. */
  get maxBinding(): number {
    return Math.min(this.gpu.limits.maxStorageBufferBindingSize, this.gpu.limits.maxBufferSize);
  }

  /**
   * Runs GPU calls inside error scopes and throws what they caught, named.
   *
   * @throws OutOfMemoryError where memory was what they lacked; whatever else follows from it
   */
  async checked<T>(what: string, action: () => T | Promise<T>): Promise<T> {
    for (const filter of ["validation", "internal", "out-of-memory"] as const)
      this.gpu.pushErrorScope(filter);
    const scopes: Promise<GPUError | null>[] = [];
    try {
      return await action();
    } finally {
      for (let scope = 0; scope < 3; scope++) scopes.push(this.gpu.popErrorScope());
      const [memory, ...others] = await Promise.all(scopes);
      const error = memory ?? others.find((caught) => caught !== null);
      // Thrown from `finally` on purpose: the GPU's own message explains whatever failed inside.
      if (memory) throw new OutOfMemoryError(`${what}: ${memory.message}`);
      if (error) throw new Error(`${what}: ${error.message}`);
    }
  }

  /**
   * Work that may wait for the GPU for ever, once it is lost. No race against the loss itself: a promise that never
   * settles keeps every race that it has been in, and what came of it.
   *
   * @throws DeviceLostError when the device is lost, or destroyed, before the work is done
   */
  orLost<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      void work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
      if (this.#broken) reject(this.#broken);
    });
  }

  /** The loss of the device that an error may come from; a device that was destroyed on purpose is not lost. */
  async loss(): Promise<DeviceLostError | undefined> {
    const later = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOSS_TOLD));
    const lost = await Promise.race([this.gpu.lost, later]);
    return lost && lost.reason !== "destroyed" ? new DeviceLostError(lost.reason, lost.message) : undefined;
  }

  /** Whether nothing can be done with it any more. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  destroy(): void {
    this.gpu.destroy();
  }
}
