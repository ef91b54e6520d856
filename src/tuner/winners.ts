/** What is remembered of an adapter from one sweep to the next. */

import * as v from "valibot";

/** The fastest way that was found to do a work. */
export interface Winner {
  variant: string;
  /** What each way took that was measured, by name. */
  microseconds: Record<string, number>;
}

/** Where winners of one adapter, in one browser, are kept: the engine knows neither pages nor disks. */
export interface Memory {
  get(key: string): Winner | undefined;
  set(key: string, winner: Winner): void;
}

/** Winners of one adapter, by key. */
export type Winners = Record<string, Winner>;

/** Longest names and most winners that are believed: nobody has measured more. */
const LONGEST = 1000;
const MOST = 10_000;

const name = v.pipe(v.string(), v.maxLength(LONGEST));
const schema = v.record(
  name,
  v.pipe(
    v.object({ variant: name, microseconds: v.record(name, v.pipe(v.number(), v.finite(), v.minValue(0))) }),
    v.check(({ variant, microseconds }) => Object.hasOwn(microseconds, variant)),
  ),
);

/** Winners from a file or a page's storage, which anyone may have written; undefined where they are none. */
export function readWinners(value: unknown): Winners | undefined {
  const read = v.safeParse(schema, value);
  return read.success && Object.keys(read.output).length <= MOST ? read.output : undefined;
}

/** Winners in memory, and those that are new. */
export function memoryOf(known: Winners): Memory & { fresh: Winners } {
  const winners = new Map(Object.entries(known));
  const fresh: Winners = {};
  return {
    fresh,
    get: (key) => winners.get(key),
    set(key, winner) {
      winners.set(key, winner);
      fresh[key] = winner;
    },
  };
}
