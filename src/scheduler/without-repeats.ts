import type { Checkpoint } from "./checkpoint.ts";
import type { EndBlock, Progress, RecordBlock, Sink } from "./sink.ts";

/** Hands records on once each: training that starts again from a checkpoint repeats those that came after it. */
export class WithoutRepeats implements Sink {
  /** Records of the part under way that have been handed on; all its runs are recorded together. */
  #records = 0;

  constructor(readonly sink: Sink) {}

  record(block: RecordBlock): void | Promise<void> {
    if (block.record < this.#records) return;
    this.#records = block.record + 1;
    return this.sink.record(block);
  }

  /** The ends of a part come together, when all else is done. */
  end(block: EndBlock): void | Promise<void> {
    return this.sink.end(block);
  }

  progress(progress: Progress): void {
    this.sink.progress?.(progress);
  }

  checkpoint(checkpoint: Checkpoint): void | Promise<void> {
    return this.sink.checkpoint?.(checkpoint);
  }

  /** Whether any of the part under way has been handed on. */
  get hasRecords(): boolean {
    return this.#records > 0;
  }

  nextPart(): void {
    this.#records = 0;
  }
}
