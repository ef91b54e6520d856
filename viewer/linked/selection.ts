/** What a reader looks at, in all figures of a page at once: picked runs, and filters that hide others. */

import type { Column } from "../../src/document/table.ts";

/** Values of a swept path, or epochs, that are looked at: a range of numbers, or one value of anything else. */
export type Filter = readonly [low: number, high: number] | { readonly is: Column[number] };

/** The filter of time is called so; all others are swept paths. */
export const epochFilter = "epoch";

/** What is picked and which filters are set, as a link says it. */
export interface Looked {
  picked?: readonly number[];
  filters?: Readonly<Record<string, Filter>>;
}

/** Tells its listeners of every change by the event "change", and of what a reader has done by "chosen". */
export class Selection extends EventTarget {
  #picked: ReadonlySet<number> = new Set();
  #filters: ReadonlyMap<string, Filter> = new Map();

  /** Runs, as the runs table numbers them. */
  get picked(): ReadonlySet<number> {
    return this.#picked;
  }

  get filters(): ReadonlyMap<string, Filter> {
    return this.#filters;
  }

  get isEmpty(): boolean {
    return this.#picked.size === 0 && this.#filters.size === 0;
  }

  /** What a link says of it: nothing where nothing is looked at. */
  get looked(): Looked {
    return {
      ...(this.#picked.size > 0 && { picked: [...this.#picked].sort((a, b) => a - b) }),
      ...(this.#filters.size > 0 && { filters: Object.fromEntries(this.#filters) }),
    };
  }

  /** Looks at what a link says. */
  restore({ picked = [], filters = {} }: Looked): void {
    const before = JSON.stringify(this.looked);
    this.#picked = new Set(picked);
    this.#filters = new Map(Object.entries(filters));
    if (JSON.stringify(this.looked) !== before) this.dispatchEvent(new Event("change"));
  }

  /** Picks these runs and no others; the very runs that are picked already are put away. */
  pick(runs: Iterable<number>): void {
    const picked = new Set(runs);
    const isSame = picked.size === this.#picked.size && [...picked].every((run) => this.#picked.has(run));
    this.#picked = isSame ? new Set() : picked;
    this.#tell();
  }

  /** @param filter undefined shows everything again */
  filter(path: string, filter: Filter | undefined): void {
    const filters = new Map(this.#filters);
    if (filter === undefined) filters.delete(path);
    else filters.set(path, filter);
    this.#filters = filters;
    this.#tell();
  }

  clear(): void {
    if (this.isEmpty) return;
    this.#picked = new Set();
    this.#filters = new Map();
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("chosen"));
  }
}

/** Escape takes everything back, unless it means something else where it is pressed. */
export function clearByEscape(event: KeyboardEvent, selection: Selection, node: HTMLElement): void {
  if (event.key === "Escape" && !event.defaultPrevented && node.isConnected) selection.clear();
}

/** Whether a filter lets a value pass. */
export const admits = (filter: Filter, value: Column[number]): boolean =>
  "is" in filter
    ? value === filter.is
    : typeof value === "number" && value >= filter[0] && value <= filter[1];
