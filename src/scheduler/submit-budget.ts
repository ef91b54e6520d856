import type { Dispatch } from "../plan/planner.ts";

/** Milliseconds of work in a submit. */
const BUDGET = 40;
/** The most milliseconds of a submit where nobody watches the page: the longest that an interrupt should wait. */
export const UNWATCHED = 1000;
/** What a dispatch is guessed to cost before any has been measured, in milliseconds. */
const DISPATCH = 0.015;
const FLOPS_PER_MILLISECOND = 2e6;

/** Guessed cost of dispatches, in milliseconds; only ratios matter once submits have been measured. */
export const guess = (dispatches: readonly Dispatch[], shape: Record<string, number>): number =>
  dispatches.reduce((sum, dispatch) => sum + DISPATCH + dispatch.flops(shape) / FLOPS_PER_MILLISECOND, 0);

/**
 * Keeps submits near a time budget by measuring them: long enough that the cost of a submit does not count, short
 * enough that no page freezes and no driver's watchdog is tripped.
 */
export class SubmitBudget {
  /** Measured over guessed cost. */
  #ratio = 4;
  #last = 0;

  constructor(readonly budget = BUDGET) {}

  /** True when work guessed at this cost fills a submit, of more milliseconds where so many are given. */
  full(guessed: number, longest = this.budget): boolean {
    return guessed * this.#ratio >= Math.max(longest, this.budget);
  }

  /** A submit of this guessed cost, submitted at `begun`, has come back; both times of `performance.now()`. */
  measured(guessed: number, begun: number, now = performance.now()): void {
    const taken = now - Math.max(begun, this.#last);
    this.#last = now;
    if (guessed > 0) this.#ratio = Math.max(0.02, 0.5 * this.#ratio + 0.5 * (taken / guessed));
  }
}
