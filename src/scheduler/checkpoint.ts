/**
 * What a sweep can go on from: which parts are done, where the part under way is, and the GPU's buffers that its later
 * steps read. Everything else is made anew from the document, and comes out the same.
 */

import type { Settled } from "../wgsl/choice.ts";
import type { Dispatch, Kernels } from "../plan/planner.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import type { Collected } from "./record-collector.ts";
import type { Submit } from "./submit.ts";
import type { Progress } from "./sink.ts";

/** A part of the sweep, in the middle of its training. */
export interface TrainingState extends Collected {
  /** Events of a descent that are done; the record that a flow is on its way to. */
  position: number;
  /** The plan's buffers that carry over from step to step, word by word. */
  buffers: SavedBuffer[];
  /** The kernel variants that made them. */
  kernels: Kernels;
}

export interface SavedBuffer {
  label: string;
  words: Uint32Array;
}

/** What a search has trained, and what it had when the round under way began. */
export interface SearchState {
  /** By number of the run, of every run begun: what its last record says, NaN where it has none or has diverged. */
  trials: Float64Array;
  before: Progress;
}

export interface Checkpoint {
  /** Parts of the sweep, or of a search's round under way, that are trained to their end. */
  parts: number;
  /** Runs of every part, where the adapter had no memory for parts as they are cut. */
  sizes?: number[];
  /** The part after them, unless it has not begun. */
  training?: TrainingState;
  progress: Progress;
  /** The kernel variants of the parts that are done. */
  kernels: Kernels;
  /** How works are done where not in the standard way, in all parts. */
  settled: Settled;
  /** Of a search. */
  search?: SearchState;
}

/** Milliseconds between checkpoints. */
const INTERVAL = 3000;
/** A checkpoint is on its way for at most this share of the time; training goes on meanwhile. */
const SHARE = 0.05;

/** Says when a checkpoint is due: every few seconds, more seldom where one takes long. */
export class Cadence {
  #next: number;

  /** @param interval milliseconds; all times are of `performance.now()` */
  constructor(
    readonly interval = INTERVAL,
    now = performance.now(),
  ) {
    this.#next = now + interval;
  }

  due(now = performance.now()): boolean {
    return now >= this.#next;
  }

  /** A checkpoint that was begun at `begun` has been handed over. */
  taken(begun: number, now = performance.now()): void {
    this.#next = now + (this.interval > 0 ? Math.max(this.interval, (now - begun) / SHARE) : 0);
  }
}

/** Takes the states of one part of the sweep. */
export interface Checkpoints {
  cadence: Cadence;
  /** Settles when the state is in safety. */
  take(state: TrainingState): Promise<void>;
}

/**
 * Copies the plan's buffers out at the end of a submit and hands them over once the submit's records are with the sink.
 * Staging buffers are allocated once; training goes on while they are read and sent.
 */
export class Snapshots {
  readonly #staging: [source: GPUBuffer, staging: GPUBuffer][];
  /** The last checkpoint on its way. */
  #sent: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(
    readonly plan: CohortPlan,
    readonly checkpoints: Checkpoints,
  ) {
    this.#staging = carried(plan).map((source) => [
      source,
      plan.planner.device.buffer(
        `checkpoint of ${source.label}`,
        source.size,
        GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      ),
    ]);
  }

  /** Ends a submit with copies if a checkpoint is due, or is wanted now; one at a time. */
  encode(submit: Submit, now = false): boolean {
    if (this.#busy || !(now || this.checkpoints.cadence.due())) return false;
    this.#busy = true;
    submit.copyOut(this.#staging);
    return true;
  }

  /** Hands over what a submit has copied out; to be called when it has come back, before any later submit is dealt with. */
  async take(position: number, { endings, recorded }: Collected): Promise<void> {
    const begun = performance.now();
    const dealt = { endings: [...endings], recorded: recorded.slice() };
    const buffers = await Promise.all(
      this.#staging.map(async ([{ label }, staging]) => {
        await staging.mapAsync(GPUMapMode.READ);
        const words = new Uint32Array(staging.getMappedRange().slice(0));
        staging.unmap();
        return { label, words };
      }),
    );
    const state = { position, ...dealt, buffers, kernels: this.plan.planner.kernels };
    this.#sent = this.checkpoints.take(state).then(() => {
      this.checkpoints.cadence.taken(begun);
      this.#busy = false;
    });
    this.#sent.catch(() => {});
  }

  /** Settles when the last checkpoint is in safety. */
  settled(): Promise<void> {
    return this.#sent;
  }

  release(): void {
    for (const [, staging] of this.#staging) this.plan.planner.device.release(staging);
  }
}

/**
 * Puts a prepared plan where a checkpoint was taken. All else that has been written is filled with NaN: what was not
 * saved cannot pass for something that was.
 *
 * @throws Error where the state is of another plan
 */
export function restore(plan: CohortPlan, { buffers, kernels }: TrainingState): void {
  const { planner, prepare } = plan;
  const { queue } = planner.device.gpu;
  const own = carried(plan);
  const fits =
    JSON.stringify(kernels) === JSON.stringify(planner.kernels) &&
    own.length === buffers.length &&
    own.every(({ label, size }, k) => buffers[k].label === label && 4 * buffers[k].words.length === size);
  if (!fits)
    throw new Error(
      "the checkpoint is of another version of alphasweep, or of an adapter with other kernels",
    );
  own.forEach((buffer, k) => queue.writeBuffer(buffer, 0, buffers[k].words as Uint32Array<ArrayBuffer>));
  const known = new Set([...own, ...written(prepare)]);
  for (const buffer of written(planner.dispatches))
    if (!known.has(buffer)) queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(NaN));
}

/**
 * What a step leaves for later ones: all that training writes, less scratch. What is prepared is prepared again, and
 * every record measures anew all that it needs.
 */
function carried({ planner, prepare, measure, model }: CohortPlan): GPUBuffer[] {
  const others = new Set([...prepare, ...measure, ...model.evaluate]);
  const training = written(planner.dispatches.filter((dispatch) => !others.has(dispatch)));
  const buffers = [...training].filter((buffer) => !planner.scratch.has(buffer));
  // In an order of their own: kernels are compiled side by side, and come in any order.
  buffers.sort((one, other) => (one.label < other.label ? -1 : 1));
  const twice = buffers.find(({ label }, k) => label === buffers[k + 1]?.label);
  if (twice)
    throw new Error(`two buffers of a plan are called "${twice.label}"; a checkpoint cannot tell them apart`);
  return buffers;
}

const written = (dispatches: readonly Dispatch[]): Set<GPUBuffer> =>
  new Set(dispatches.flatMap(({ writes }) => writes));
