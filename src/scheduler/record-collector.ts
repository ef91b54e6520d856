import type { CohortPlan } from "./cohort-plan.ts";
import type { RecordLayout } from "./record-layout.ts";
import type { RunProgress } from "./progress.ts";
import type { Sink } from "./sink.ts";
import type { Submit } from "./submit.ts";

/** How a run ended. */
export interface Ending extends RunProgress {
  position: number;
}

/** What has come of a cohort's runs, of which the next submit's records must know. */
export interface Collected {
  /** The runs that have had their last record. */
  readonly endings: readonly Ending[];
  /** By position, the epoch of a run's latest record; -1 where it has none. */
  readonly recorded: Float64Array;
}

/** Takes what submits bring back: hands records to the sink, and knows which runs have stopped and which have ended. */
export class RecordCollector implements Collected {
  /** By position: has stopped training; has had its last record. */
  readonly stopped: Uint8Array;
  readonly ended: Uint8Array;
  readonly endings: Ending[];
  readonly recorded: Float64Array;

  constructor(
    readonly plan: CohortPlan,
    readonly layout: RecordLayout,
    readonly sink: Sink,
    /** Where training goes on from a checkpoint. */
    from?: Collected,
  ) {
    this.stopped = new Uint8Array(plan.members.length);
    this.ended = new Uint8Array(plan.members.length);
    this.endings = [...(from?.endings ?? [])];
    this.recorded = from?.recorded.slice() ?? new Float64Array(plan.members.length).fill(-1);
    for (const { position } of this.endings) this.ended[position] = 1;
  }

  /** @returns how many runs have ended */
  async deal(bytes: ArrayBuffer, submit: Submit): Promise<number> {
    const { progress } = this.plan;
    const before = this.endings.length;
    for (const pending of submit.pending) {
      const left = pending.positions.filter((position) => !this.ended[position]);
      const copy = this.layout.progress(bytes, pending);
      const rows: number[] = [];
      const reached: RunProgress[] = [];
      for (const position of left) {
        const own = progress.read(copy, position, pending.updates);
        if (pending.last || own.stopped) {
          this.ended[position] = 1;
          this.endings.push({ position, ...own });
        }
        // A run that stops where it was recorded has had its last record.
        if (own.epoch === this.recorded[position]) continue;
        this.recorded[position] = own.epoch;
        rows.push(position);
        reached.push(own);
      }
      if (rows.length > 0) await this.sink.record(this.layout.block(bytes, pending, rows, reached));
    }
    const copy = submit.progress(bytes);
    for (const position of submit.trained)
      if (progress.read(copy, position, submit.updates).stopped) this.stopped[position] = 1;
    return this.endings.length - before;
  }
}
