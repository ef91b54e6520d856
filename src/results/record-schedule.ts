/** Numbers that are kept of runs that record at epochs of their own: a few thousand runs' worth. */
const mostKept = 200_000;

/** At which epochs the records of arrays were taken: the coordinates of their second axis. */
export class RecordSchedule {
  readonly #shared: number[] = [];
  #isShared = true;
  readonly #ofRuns = new Map<number, number[]>();
  #kept = 0;

  /** Takes records of runs in the order of their runs and records. */
  add(run: number, record: number, epoch: number): void {
    if (this.#shared.length === record) this.#shared.push(epoch);
    else if (this.#shared[record] !== epoch) this.#isShared = false;
    this.#kept += 1;
    if (this.#kept > mostKept) return;
    const own = this.#ofRuns.get(run);
    if (own) own.push(epoch);
    else this.#ofRuns.set(run, [epoch]);
  }

  /**
   * @returns the epochs that all runs have in common, those of each run, or undefined where they are too many: then they are
   *   in the history alone, run by run
   */
  get epochs(): { shared: readonly number[] } | { byRun: (run: number) => readonly number[] } | undefined {
    if (this.#isShared) return { shared: this.#shared };
    return this.#kept > mostKept ? undefined : { byRun: (run) => this.#ofRuns.get(run) ?? [] };
  }
}
