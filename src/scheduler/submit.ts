import type { Clock, StepNumbers } from "../plan/clock.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { type Dispatch, encode } from "../plan/planner.ts";
import type { Ticket } from "./readback.ts";
import type { PendingRecord, RecordLayout } from "./record-layout.ts";

/** One submit being encoded: dispatches, records copied to its staging buffer, and at its end the runs' progress. */
export class Submit {
  readonly pending: PendingRecord[] = [];
  /** The runs in the training table. */
  readonly trained: readonly number[];
  /** Training steps, or attempts at one. */
  steps = 0;
  /** Updates that a run still training has made when the submit is through. */
  updates = 0;
  readonly #encoder: GPUCommandEncoder;
  #pass: GPUComputePassEncoder | undefined;

  constructor(
    readonly plan: CohortPlan,
    readonly clock: Clock,
    readonly layout: RecordLayout,
    readonly ticket: Ticket,
  ) {
    this.trained = plan.tables.trained;
    this.#encoder = plan.planner.device.gpu.createCommandEncoder();
  }

  /** Encodes dispatches with one step's numbers, and those of the test set where they differ. */
  run(dispatches: readonly Dispatch[], slot = 0, test = slot): void {
    const pass = (this.#pass ??= this.#encoder.beginComputePass());
    for (const dispatch of dispatches) encode(pass, dispatch, slot, test);
  }

  /** Encodes the dispatches that take these training steps, after `index` updates. */
  train(dispatches: readonly Dispatch[], slot: number, index: number, steps = 1): void {
    this.run(dispatches, slot);
    this.steps += steps;
    this.updates = index + steps;
  }

  /** Runs what is needed once, before the first record; `all` are the numbers of a step over all samples. */
  prepare(all: StepNumbers): void {
    this.run(
      this.plan.prepare,
      this.clock.add(all),
      this.clock.add({ ...all, size: this.plan.context.testSamples }),
    );
  }

  /**
   * Measures all recorded runs after `step.index` updates and copies the record out.
   *
   * @param evaluated dispatches to run once the residuals of all samples are there
   */
  record(record: number, step: StepNumbers, last: boolean, evaluated: readonly Dispatch[] = []): void {
    const { model, measure, context, tables } = this.plan;
    const slot = this.clock.add(step);
    const test = this.clock.add({ ...step, size: context.testSamples });
    this.run(model.evaluate, slot);
    this.run(evaluated, slot);
    this.run(measure, slot, test);
    this.#endPass();
    const offset = this.progressOffset;
    this.layout.copy(this.#encoder, this.ticket.buffer, offset);
    this.pending.push({ record, updates: step.index, last, positions: tables.recorded, offset });
    this.updates = Math.max(this.updates, step.index);
  }

  /** Copies whole buffers out, as they are at the submit's end. */
  copyOut(copies: readonly [from: GPUBuffer, to: GPUBuffer][]): void {
    this.#endPass();
    for (const [from, to] of copies) this.#encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  }

  /** Where the progress at the submit's end lies in the staging buffer. */
  get progressOffset(): number {
    return this.pending.length * this.layout.bytes;
  }

  /** Submits, and gives the bytes of the staging buffer that are in use. */
  submit(): number {
    this.#endPass();
    const { buffer } = this.plan.progress;
    this.#encoder.copyBufferToBuffer(buffer, 0, this.ticket.buffer, this.progressOffset, buffer.size);
    this.clock.flush();
    this.plan.planner.device.gpu.queue.submit([this.#encoder.finish()]);
    return this.progressOffset + buffer.size;
  }

  /** The runs' progress at the submit's end, as words. */
  progress(bytes: ArrayBuffer): Uint32Array {
    const { words } = this.plan.progress;
    return new Uint32Array(bytes, this.progressOffset, words * this.plan.members.length);
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }
}
