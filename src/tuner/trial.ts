/** What a dispatch makes of numbers that all its variants must agree on. */

import type { Variant } from "../wgsl/choice.ts";
import { Clock } from "../plan/clock.ts";
import { type Dispatch, type Planner, encode } from "../plan/planner.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Unit roundoff of float32. */
const UNIT = 2 ** -24;
const POISON = 0x7fc00000;
/** Milliseconds of dispatches that are timed together. */
const TIMED = 8;
const MOST_REPEATS = 512;

/** A dispatch of a plan that nothing else uses: its buffers are overwritten. */
export class TrialRun {
  readonly #buffers: GPUBuffer[];
  readonly #parts: [GPUBufferBinding, Uint32Array<ArrayBuffer>][];
  /** What the written buffers hold before every run. */
  #start: Uint32Array<ArrayBuffer>[] = [];
  #expected: Uint32Array<ArrayBuffer>[] = [];

  private constructor(
    readonly planner: Planner,
    readonly dispatch: Dispatch,
  ) {
    const { numbers } = dispatch.variants[0].kernel.trial!;
    const parts = new Map<GPUBuffer, [GPUBufferBinding, Uint32Array<ArrayBuffer>]>();
    for (const [name, from] of Object.entries(numbers)) {
      const part = dispatch.bound(name);
      const bytes = part.size ?? part.buffer.size - (part.offset ?? 0);
      if (!parts.has(part.buffer)) parts.set(part.buffer, [part, drawn(from, bytes, parts.size)]);
    }
    this.#parts = [...parts.values()];
    this.#buffers = [...new Set(dispatch.writes)];
  }

  static async open(planner: Planner, dispatch: Dispatch): Promise<TrialRun> {
    const trial = new TrialRun(planner, dispatch);
    trial.#fill();
    trial.#start = await trial.#read();
    return trial;
  }

  /**
   * Asks the plain variant what is right. What it overwrites without reading is poisoned with NaN from then on.
   *
   * @returns whether it writes anything: what does nothing tells nothing
   */
  async expect(): Promise<boolean> {
    const plain = this.dispatch.variants[0];
    this.#expected = await this.#outputs(plain);
    if (this.#start.every((words, k) => isSame(words, this.#expected[k]))) return false;
    for (const [place, start] of this.#start.entries()) {
      const expected = this.#expected[place];
      const poisoned = start.map((word, k) => (word === expected[k] ? word : POISON));
      this.#start[place] = poisoned;
      const again = await this.#outputs(plain);
      if (!this.#expected.every((words, k) => isSame(words, again[k]))) this.#start[place] = start;
    }
    return true;
  }

  /** @returns what is wrong with a variant's numbers, if anything is */
  async problem(variant: Variant): Promise<string | undefined> {
    const found = await this.#outputs(variant);
    const { trial } = this.dispatch.variants[0].kernel;
    const { overrides: plain } = this.dispatch.variants[0];
    const rounded = (own: Variant["overrides"]) =>
      trial!.roundings?.({ ...this.dispatch.overrides, ...plain, ...own }, this.dispatch.shape()) ?? 0;
    const roundings = trial!.roundings ? rounded(plain) + rounded(variant.overrides) : 0;
    for (const [place, words] of found.entries()) {
      const wrong = disagreement(this.#expected[place], words, roundings * UNIT);
      if (wrong) return `${this.#buffers[place].label}: ${wrong}`;
    }
    return undefined;
  }

  /** Microseconds of one dispatch of the variant taken. On zeros, so that steps can be repeated without end. */
  async time(watch: Stopwatch): Promise<number> {
    const { queue } = this.planner.device.gpu;
    this.#begin();
    for (const [{ buffer, offset = 0 }, words] of this.#parts)
      queue.writeBuffer(buffer, offset, new Uint32Array(words.length));
    const slot = this.#slot();
    const repeat = (count: number) =>
      watch.time((pass) => {
        for (let k = 0; k < count; k++) encode(pass, this.dispatch, slot);
      });
    // The first finds caches cold, and may still be compiled.
    const once = await repeat(1);
    const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.floor(TIMED / once)));
    const guess = repeats > 1 ? (await repeat(repeats)) / repeats : once;
    const count = Math.max(1, Math.min(MOST_REPEATS, Math.floor(TIMED / guess)));
    return (1000 * (await repeat(count))) / count;
  }

  async #outputs(variant: Variant): Promise<Uint32Array<ArrayBuffer>[]> {
    const { gpu } = this.planner.device;
    await this.dispatch.take(variant);
    this.#fill();
    this.#begin();
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass, this.dispatch, this.#slot());
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    return this.#read();
  }

  #fill(): void {
    const { queue } = this.planner.device.gpu;
    for (const [{ buffer, offset = 0 }, words] of this.#parts) queue.writeBuffer(buffer, offset, words);
  }

  #begin(): void {
    const { queue } = this.planner.device.gpu;
    this.#buffers.forEach((buffer, place) => queue.writeBuffer(buffer, 0, this.#start[place]));
  }

  /** A step of a batch of the dispatch's size. */
  #slot(): number {
    const clock = new Clock(this.planner.device.gpu, this.planner.clock);
    const { size = 0 } = this.dispatch.shape();
    const slot = clock.add({ index: 0, start: 0, size, order: 0, scale: 1 });
    clock.flush();
    return slot;
  }

  async #read(): Promise<Uint32Array<ArrayBuffer>[]> {
    const { device } = this.planner;
    const encoder = device.gpu.createCommandEncoder();
    const copies = this.#buffers.map((buffer) => {
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      const staging = device.buffer(`copy of ${buffer.label}`, buffer.size, usage);
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
      return staging;
    });
    device.gpu.queue.submit([encoder.finish()]);
    try {
      return await Promise.all(
        copies.map(async (staging) => {
          await device.orLost(staging.mapAsync(GPUMapMode.READ));
          return new Uint32Array(staging.getMappedRange().slice(0));
        }),
      );
    } finally {
      for (const staging of copies) device.release(staging);
    }
  }
}

/** Words of floats drawn from a few, the same every time. */
function drawn(from: readonly number[], bytes: number, seed: number): Uint32Array<ArrayBuffer> {
  const values = new Float32Array(bytes / 4);
  let state = seed + 1;
  for (let k = 0; k < values.length; k++) {
    // Numerical Recipes' generator; its high bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[k] = from[(state >>> 16) % from.length]!;
  }
  return new Uint32Array(values.buffer);
}

const isSame = (one: Uint32Array, other: Uint32Array): boolean =>
  one.every((word, place) => word === other[place]);

/** Where words differ by more than `allowed` times the largest of those expected, as floats. */
function disagreement(
  expected: Uint32Array<ArrayBuffer>,
  found: Uint32Array<ArrayBuffer>,
  allowed: number,
): string | undefined {
  const [right, own] = [new Float32Array(expected.buffer), new Float32Array(found.buffer)];
  const largest = right.reduce(
    (max, value) => Math.max(max, Number.isFinite(value) ? Math.abs(value) : 0),
    0,
  );
  const differs = (place: number) =>
    found[place] !== expected[place] && !(Math.abs(own[place] - right[place]) <= allowed * largest);
  const places: number[] = [];
  for (let place = 0; place < found.length; place++) if (differs(place)) places.push(place);
  if (places.length === 0) return undefined;
  const [place] = places;
  return (
    `${own[place]} at ${place}, where the plain kernel has ${right[place]} (off by ${Math.abs(own[place] - right[place])}, ` +
    `rounding explains ${allowed * largest}; ${places.length} of ${found.length} numbers differ by more)`
  );
}
