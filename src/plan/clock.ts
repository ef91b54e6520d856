/**
 * Training steps' numbers on the GPU: one uniform slot a step, chosen by a dynamic offset, so that a command buffer
 * holds many steps without any write between them.
 */

export interface StepNumbers {
  /** Updates before this one. */
  index: number;
  /** First place of the batch in the epoch's order. */
  start: number;
  /** Samples in the batch. */
  size: number;
  /** Row of the order table. */
  order: number;
  /** 1 / size for a mean over the batch, 1 for a sum. */
  scale: number;
}

/** Bytes between slots: WebGPU's guaranteed alignment of dynamic uniform offsets. */
export const SLOT_BYTES = 256;
/** Bytes of `struct Step`. */
export const STEP_BYTES = 20;
export const SLOTS = 4096;

/** Slots filled on the CPU and written once a submit. */
export class Clock {
  readonly #bytes = new ArrayBuffer(SLOTS * SLOT_BYTES);
  readonly #words = new Uint32Array(this.#bytes);
  readonly #floats = new Float32Array(this.#bytes);
  #used = 0;

  constructor(
    readonly gpu: GPUDevice,
    readonly buffer: GPUBuffer,
  ) {}

  get free(): number {
    return SLOTS - this.#used;
  }

  /** @returns the dynamic offset of the slot */
  add(step: StepNumbers): number {
    const offset = this.#used * SLOT_BYTES;
    const word = offset / 4;
    this.#words[word] = step.index;
    this.#words[word + 1] = step.start;
    this.#words[word + 2] = step.size;
    this.#words[word + 3] = step.order;
    this.#floats[word + 4] = step.scale;
    this.#used += 1;
    return offset;
  }

  /** Writes the slots; to be called before the submit that uses them. Earlier submits keep theirs: queues are ordered. */
  flush(): void {
    if (this.#used > 0) this.gpu.queue.writeBuffer(this.buffer, 0, this.#bytes, 0, this.#used * SLOT_BYTES);
    this.#used = 0;
  }
}
