import type { Device } from "../gpu/device.ts";

/** Buffers that records are read through, and bytes of each unless one record needs more. */
export const STAGING_BUFFERS = 3;
export const STAGING_BYTES = 8 * 2 ** 20;

/** A staging buffer on its way: reserved, encoded into, read once after the submit, then freed. */
export interface Ticket {
  buffer: GPUBuffer;
  /** Maps the first `bytes` and copies them. */
  read(bytes: number): Promise<ArrayBuffer>;
  /** Gives the buffer to the next reserve; to be called when what was read has been dealt with. */
  free(): void;
}

/**
 * Staging buffers in turn, so that reading one never stalls training. With every one on its way `reserve` waits for the
 * oldest, which bounds both the work in flight and the records not yet dealt with.
 */
export class ReadbackRing {
  readonly #buffers: GPUBuffer[];
  readonly #free: GPUBuffer[];
  readonly #waiting: ((buffer: GPUBuffer) => void)[] = [];

  constructor(
    readonly device: Device,
    readonly bytes: number,
    count = STAGING_BUFFERS,
  ) {
    this.#buffers = Array.from({ length: count }, (_, k) =>
      device.buffer(`staging ${k}`, bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
    );
    this.#free = [...this.#buffers];
  }

  async reserve(): Promise<Ticket> {
    const buffer =
      this.#free.shift() ?? (await new Promise<GPUBuffer>((resolve) => this.#waiting.push(resolve)));
    return {
      buffer,
      read: async (bytes) => {
        await buffer.mapAsync(GPUMapMode.READ, 0, Math.ceil(bytes / 8) * 8);
        const copy = buffer.getMappedRange(0, Math.ceil(bytes / 8) * 8).slice(0);
        buffer.unmap();
        return copy;
      },
      free: () => {
        const next = this.#waiting.shift();
        if (next) next(buffer);
        else this.#free.push(buffer);
      },
    };
  }

  release(): void {
    for (const buffer of this.#buffers) this.device.release(buffer);
  }
}
