import { addersOf } from "../wgsl/lanes.ts";
import { collect } from "../kernels/collect.ts";
import { norms } from "../kernels/norms.ts";
import type { Member } from "./cohort.ts";
import type { Dispatch, Planner } from "./planner.ts";

/** Vectors in a buffer: `fields` of `length` floats a run, the first at `first * length`, runs `stride` floats apart. */
export interface Vectors {
  buffer: GPUBuffer;
  length: number;
  stride: number;
  /** Floats of a run's before the first vector. */
  offset: number;
  fields: number;
}

export interface Norm {
  max: number;
  l1: number;
  l2: number;
}

/** One run's part of a record, as the GPU left it. */
export interface RawRecord {
  member: Member;
  /** The run's place in the cohort. */
  position: number;
  /** Raw columns of this run. */
  column(place: number): number;
  /** Finishes in float64 the norm whose raw columns start at `place`. */
  norm(place: number): Norm;
}

/** Computes a quantity's value from raw columns, in float64; undefined where the run has none. */
export type Finish = (record: RawRecord) => number | undefined;

/**
 * Collects what a record must measure: dispatches in order, and the raw columns that they leave for the CPU.
 * What two quantities share is measured once.
 */
export class Recorder {
  /** Raw columns a run. */
  columns = 0;
  readonly #known = new Map<string, unknown>();
  readonly #pending: (() => Promise<Dispatch>)[] = [];
  readonly #preparations: (() => Promise<Dispatch>)[] = [];
  #out?: GPUBuffer;

  constructor(
    readonly planner: Planner,
    /** Entries of the tile table with one run each. */
    readonly runTiles: GPUBuffer,
    readonly runs: number,
  ) {}

  /** Reserves raw columns. */
  reserve(count: number): number {
    this.columns += count;
    return this.columns - count;
  }

  /** What `make` gives, made once a name. */
  once<T>(name: string, make: () => T): T {
    if (!this.#known.has(name)) this.#known.set(name, make());
    return this.#known.get(name) as T;
  }

  /** Adds a dispatch; `make` is called when all columns are reserved, and runs in the order of adding. */
  add(make: () => Promise<Dispatch>): void {
    this.#pending.push(make);
  }

  /** Adds a dispatch that runs once, before the first record. */
  prepare(make: () => Promise<Dispatch>): void {
    this.#preparations.push(make);
  }

  /** Raw columns, [runs, columns]; to be asked for inside `add`. */
  get out(): GPUBuffer {
    this.#out ??= this.planner.buffer("record", 4 * this.runs * Math.max(1, this.columns));
    return this.#out;
  }

  /** Measures norms of each field; the columns of field f start at the result plus 3 f. */
  norms(name: string, vectors: () => Vectors): number {
    return this.once(`norms ${name}`, () => {
      const { buffer, length, stride, offset, fields } = vectors();
      const column = this.reserve(3 * fields);
      this.add(() =>
        this.planner.dispatch(addersOf(norms, this.planner.device.adapter.software, length), {
          params: { length, stride, offset, column, record: this.columns },
          bind: { run_tiles: this.runTiles, v: buffer, out: this.out },
          shape: () => ({ fields, length }),
        }),
      );
      return column;
    });
  }

  /** Brings numbers of every run back as they are: the columns of the first, of `length` each. */
  collected(
    name: string,
    vectors: () => { buffer: GPUBuffer; length: number; stride: number; offset: number },
  ): number {
    return this.once(`numbers of ${name}`, () => {
      const { buffer, length, stride, offset } = vectors();
      const column = this.reserve(length);
      this.add(() =>
        this.planner.dispatch(collect, {
          params: { length, stride, offset, column, record: this.columns },
          bind: { run_tiles: this.runTiles, v: buffer, out: this.out },
          shape: () => ({ length }),
        }),
      );
      return column;
    });
  }

  /** Compiles everything that was added, in order. */
  async compile(): Promise<{ prepare: Dispatch[]; record: Dispatch[] }> {
    // All at once: a GPU process compiles in several threads.
    const all = (makers: (() => Promise<Dispatch>)[]) => Promise.all(makers.map((make) => make()));
    const [prepare, record] = await Promise.all([all(this.#preparations), all(this.#pending)]);
    return { prepare, record };
  }
}

/** Reads raw columns of one run. */
export function rawRecord(raw: Float32Array, columns: number, position: number, member: Member): RawRecord {
  const at = position * columns;
  const column = (place: number) => raw[at + place];
  return {
    member,
    position,
    column,
    norm: (place) => scaledNorm(column(place), column(place + 1), column(place + 2)),
  };
}

/** Undoes the scaling of shaders/norms.wgsl: sums of |v| / p and (v / p)^2, p the power of two at or below the largest. */
function scaledNorm(max: number, sum: number, squares: number): Norm {
  if (!Number.isFinite(max)) return { max, l1: max, l2: max };
  const p = powerOfTwo(max);
  return { max, l1: p * sum, l2: p * Math.sqrt(squares) };
}

/** The power of two that the shaders scale by: the exponent of `max`, clamped so that its inverse is normal. */
export function powerOfTwo(max: number): number {
  const bits = new Uint32Array(Float32Array.of(max).buffer)[0];
  return 2 ** (Math.min(Math.max(bits >>> 23, 1), 252) - 127);
}
