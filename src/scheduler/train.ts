import { Clock } from "./clock.ts";
import type { CohortPlan } from "./cohort_plan.ts";
import { readEnds } from "./ends.ts";
import { Pace, guess } from "./pace.ts";
import { encode } from "./planner.ts";
import { ReadbackRing, type Ticket } from "./readback.ts";
import { type PendingRecord, RecordLayout } from "./record_layout.ts";
import type { RunStatus, Sink } from "./sink.ts";
import { type Event, timeline } from "./timeline.ts";

/** `horizon[2 run + 1]` as the shaders write it. */
const STATUS: readonly RunStatus[] = ["finished", "converged", "diverged"];
/** Milliseconds of work in a submit. */
const BUDGET = 40;
/** Bytes of a staging buffer, unless one record needs more. */
const STAGING_BYTES = 8 * 2 ** 20;

export interface TrainOptions {
  sink: Sink;
  signal?: AbortSignal | undefined;
  /** Milliseconds of work in a submit; 40 unless said. */
  budget?: number | undefined;
  /** Called when work has come back: run-steps done since the last call, and runs that have ended since. */
  advanced?(runSteps: number, ended: number): void;
}

/** How a run ended. */
export interface Ending {
  position: number;
  updates: number;
  status: RunStatus;
}

/**
 * Trains a compiled cohort to its end: encodes many steps a submit, reads records back through a ring of staging
 * buffers while later submits run, and drops the runs that the GPU has stopped.
 *
 * @throws the signal's reason when aborted, after what was recorded has been handed to the sink
 */
export async function train(plan: CohortPlan, options: TrainOptions): Promise<void> {
  const training = new Training(plan, options);
  try {
    await training.run();
  } finally {
    training.release();
  }
}

class Training {
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #layout: RecordLayout;
  readonly #ring: ReadbackRing;
  /** Records that a staging buffer has room for. */
  readonly #room: number;
  readonly #costs: { step: number; record: number };
  /** By position: has stopped training; has had its last record. */
  readonly #stopped: Uint8Array;
  readonly #ended: Uint8Array;
  readonly #endings: Ending[] = [];

  constructor(
    readonly plan: CohortPlan,
    readonly options: TrainOptions,
  ) {
    const { planner, horizon, members, model, measure, rhythm } = plan;
    const { device } = planner;
    this.#pace = new Pace(options.budget ?? BUDGET);
    this.#clock = new Clock(device.gpu, planner.clock);
    this.#layout = new RecordLayout(plan);
    const bytes = Math.max(STAGING_BYTES, this.#layout.bytes);
    this.#ring = new ReadbackRing(device, bytes + horizon.size);
    this.#room = Math.floor(bytes / this.#layout.bytes);
    const shape = { ...planner.shape, slots: members.length };
    this.#costs = {
      step: guess(model.step, { ...shape, size: rhythm.batchSize }),
      record: guess([...model.evaluate, ...measure], { ...shape, size: rhythm.samples }),
    };
    this.#stopped = new Uint8Array(members.length);
    this.#ended = new Uint8Array(members.length);
  }

  release(): void {
    this.#ring.release();
  }

  async run(): Promise<void> {
    const { plan, options } = this;
    const { gpu } = plan.planner.device;
    const lost = gpu.lost.then(({ reason, message }) => {
      throw new Error(`the GPU device was lost (${reason}): ${message}`);
    });
    lost.catch(() => {});
    const events = timeline(plan.rhythm);
    let event = events.next();
    let prepared = false;
    let failed = false;
    let dealt: Promise<void> = Promise.resolve();

    while (!event.done && !failed && !options.signal?.aborted) {
      const ticket = await Promise.race([this.#ring.reserve(), lost]);
      plan.tables.compact(this.#stopped, this.#ended);
      if (plan.tables.recorded.length === 0) break;
      const encoder = gpu.createCommandEncoder();
      const submit = new Submit(plan, encoder, this.#clock, this.#layout, ticket);
      if (!prepared) submit.prepare();
      prepared = true;
      let guessed = 0;
      while (
        !event.done &&
        !this.#pace.full(guessed) &&
        this.#clock.free > 4 &&
        submit.pending.length < this.#room
      ) {
        const idle = plan.tables.trained.length === 0;
        if (event.value.kind === "record") {
          submit.record(event.value);
          guessed += this.#costs.record;
        } else if (!idle) {
          submit.train(event.value);
          if (event.value.kind === "step") guessed += this.#costs.step;
        }
        event = events.next();
      }
      const bytes = submit.finish();
      this.#clock.flush();
      const begun = performance.now();
      gpu.queue.submit([encoder.finish()]);
      const arrived = Promise.race([ticket.read(bytes), lost]);
      arrived.catch(() => {});
      dealt = dealt
        .then(async () => {
          const copy = await arrived;
          this.#pace.measured(guessed, begun);
          await this.#deal(copy, submit);
        })
        .finally(() => ticket.free());
      dealt.catch(() => (failed = true));
    }
    await Promise.race([dealt, lost]);
    await readEnds(plan, this.#endings, options.sink);
    if (options.signal?.aborted) throw options.signal.reason;
  }

  /** Hands the records of a submit to the sink, and learns which runs have stopped. */
  async #deal(bytes: ArrayBuffer, submit: Submit): Promise<void> {
    let ended = 0;
    for (const pending of submit.pending) {
      const rows = pending.positions.filter((position) => !this.#ended[position]);
      if (rows.length === 0) continue;
      const horizon = this.#layout.horizon(bytes, pending);
      for (const position of rows) {
        const updates = horizon[2 * position]!;
        if (!pending.last && updates > pending.updates) continue;
        this.#ended[position] = 1;
        this.#endings.push({ position, updates, status: STATUS[horizon[2 * position + 1]!]! });
        ended += 1;
      }
      await this.options.sink.record(this.#layout.block(bytes, pending, rows));
    }
    const horizon = new Uint32Array(bytes, submit.horizonOffset, 2 * this.plan.members.length);
    for (const position of submit.trained)
      if (horizon[2 * position]! <= submit.updates) this.#stopped[position] = 1;
    this.options.advanced?.(submit.steps * submit.trained.length, ended);
  }
}

/** One submit being encoded. */
class Submit {
  readonly pending: PendingRecord[] = [];
  readonly trained: readonly number[];
  steps = 0;
  /** Updates that a run still training has made when the submit is through. */
  updates = 0;
  #pass: GPUComputePassEncoder | undefined;

  constructor(
    readonly plan: CohortPlan,
    readonly encoder: GPUCommandEncoder,
    readonly clock: Clock,
    readonly layout: RecordLayout,
    readonly ticket: Ticket,
  ) {
    this.trained = plan.tables.trained;
  }

  /** Where the horizons at the end of the submit lie in the staging buffer. */
  get horizonOffset(): number {
    return this.pending.length * this.layout.bytes;
  }

  get pass(): GPUComputePassEncoder {
    return (this.#pass ??= this.encoder.beginComputePass());
  }

  prepare(): void {
    for (const dispatch of this.plan.prepare) encode(this.pass, dispatch, 0);
  }

  train(event: Exclude<Event, { kind: "record" }>): void {
    const { model, rhythm, judgeBatch, judgeAll, shuffle } = this.plan;
    const { pass } = this;
    if (event.kind === "shuffle") {
      const slot = this.clock.add({ index: event.epoch, start: 0, size: 0, order: 0, scale: 0 });
      for (const dispatch of shuffle) encode(pass, dispatch, slot);
      return;
    }
    const slot = this.clock.add(event.step);
    if (event.kind === "judge") {
      for (const dispatch of model.evaluate) encode(pass, dispatch, slot);
      encode(pass, judgeAll, slot);
      return;
    }
    const [forward, ...backward] = model.step;
    encode(pass, forward!, slot);
    // With full batches and the rule `full`, the residual at hand is the loss after the updates so far.
    const full = rhythm.stop === "full" && rhythm.batchSize === rhythm.samples && event.step.index > 0;
    if (full || rhythm.stop === "keras") encode(pass, judgeBatch, slot);
    for (const dispatch of backward) encode(pass, dispatch, slot);
    this.steps += 1;
    this.updates = event.step.index + 1;
  }

  record(event: Extract<Event, { kind: "record" }>): void {
    const { model, rhythm, judgeAll, measure, context, tables } = this.plan;
    const { pass } = this;
    const slot = this.clock.add(event.step);
    const test = this.clock.add({ ...event.step, size: context.testSamples });
    const last = event.epoch === rhythm.epochs;
    for (const dispatch of model.evaluate) encode(pass, dispatch, slot);
    if (last && rhythm.stop === "full") encode(pass, judgeAll, slot);
    for (const dispatch of measure) encode(pass, dispatch, slot, test);
    pass.end();
    this.#pass = undefined;
    const offset = this.horizonOffset;
    this.layout.copy(this.encoder, this.ticket.buffer, offset);
    const { index: updates } = event.step;
    this.pending.push({ record: event.record, updates, last, positions: tables.recorded, offset });
    this.updates = Math.max(this.updates, updates);
  }

  /** @returns bytes of the staging buffer in use */
  finish(): number {
    this.#pass?.end();
    const { horizon } = this.plan;
    this.encoder.copyBufferToBuffer(horizon, 0, this.ticket.buffer, this.horizonOffset, horizon.size);
    return this.horizonOffset + horizon.size;
  }
}
