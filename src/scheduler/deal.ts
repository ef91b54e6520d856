import type { CohortPlan } from "./cohort_plan.ts";
import type { RecordLayout } from "./record_layout.ts";
import type { RunProgress } from "./progress.ts";
import type { Sink } from "./sink.ts";
import type { Submit } from "./submit.ts";

/** How a run ended. */
export interface Ending extends RunProgress {
  position: number;
}

/** Takes what submits bring back: hands records to the sink, and knows which runs have stopped and which have ended. */
export class Dealer {
  /** By position: has stopped training; has had its last record. */
  readonly stopped: Uint8Array;
  readonly ended: Uint8Array;
  readonly endings: Ending[];

  constructor(
    readonly plan: CohortPlan,
    readonly layout: RecordLayout,
    readonly sink: Sink,
    /** The runs that have ended already, where training goes on from a checkpoint. */
    endings: readonly Ending[] = [],
  ) {
    this.stopped = new Uint8Array(plan.members.length);
    this.ended = new Uint8Array(plan.members.length);
    this.endings = [...endings];
    for (const { position } of endings) this.ended[position] = 1;
  }

  /** @returns how many runs have ended */
  async deal(bytes: ArrayBuffer, submit: Submit): Promise<number> {
    const { progress } = this.plan;
    const before = this.endings.length;
    for (const pending of submit.pending) {
      const rows = pending.positions.filter((position) => !this.ended[position]);
      if (rows.length === 0) continue;
      const copy = this.layout.progress(bytes, pending);
      const reached = rows.map((position) => progress.read(copy, position, pending.updates));
      rows.forEach((position, row) => {
        if (!pending.last && !reached[row]!.stopped) return;
        this.ended[position] = 1;
        this.endings.push({ position, ...reached[row]! });
      });
      await this.sink.record(this.layout.block(bytes, pending, rows, reached));
    }
    const copy = submit.progress(bytes);
    for (const position of submit.trained)
      if (progress.read(copy, position, submit.updates).stopped) this.stopped[position] = 1;
    return this.endings.length - before;
  }
}
