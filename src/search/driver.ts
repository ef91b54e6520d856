/** Schedules the probes of searches: rounds, each with everything that is wanted next. Knows nothing of what a probe is. */

import type { Search, SearchSpecification } from "../document/types.ts";
import { findFactor } from "./factor.ts";
import type { Finding } from "./finding.ts";
import type { Probe } from "./probe.ts";
import { findThreshold, nextValue } from "./threshold.ts";

/** A value to probe, at a point of the sweep. */
export interface Wanted {
  /** Place in `Search.points`. */
  point: number;
  value: number;
  /** How many probes of the point were before it. */
  probe: number;
}

/** What one search wants to know next; nothing when it is over. */
export function wantedValues({ specification, isWhole, values }: Search, probes: readonly Probe[]): number[] {
  if ("withinFactor" in specification)
    return values.filter((value) => !probes.some((probe) => probe.value === value));
  const next = nextValue(specification, isWhole, probes);
  return next === undefined ? [] : [next];
}

/**
 * What the probes of one search say; of a grid, all of its values.
 *
 * @param seed of the bootstrap: one for every search
 */
export const findingOf = (
  specification: SearchSpecification,
  probes: readonly Probe[],
  seed: number,
): Finding =>
  "withinFactor" in specification
    ? findFactor(specification, probes, seed)
    : findThreshold(specification, probes, seed);

/** What the searches of a sweep want to know next, all of them side by side; nothing when all are over. */
export const wantedNext = (search: Search, probes: readonly (readonly Probe[])[]): Wanted[] =>
  probes.flatMap((own, point) =>
    isSearched(search, point)
      ? wantedValues(search, own).map((value, k): Wanted => ({ point, value, probe: own.length + k }))
      : [],
  );

/** Whether a search is of all points, or of a part of them that this one lies in. */
export const isSearched = ({ part }: Pick<Search, "part">, point: number): boolean =>
  !part || (point >= part.first && point < part.end);

/** Adds what was wanted to the probes of its points; the trials' results come in the same order. */
export const addProbes = (
  probes: readonly Probe[][],
  wanted: readonly Wanted[],
  results: readonly (readonly number[])[],
): void => wanted.forEach(({ point, value }, k) => probes[point].push({ value, trials: results[k] }));

/**
 * Runs a search at every point of a sweep: a round probes what each wants next.
 *
 * @param probe trains what is wanted; the trials' results, in the same order
 * @returns the probes of every point
 */
export async function driveSearches(
  search: Search,
  probe: (wanted: readonly Wanted[]) => Promise<readonly (readonly number[])[]>,
): Promise<Probe[][]> {
  const probes = search.points.map((): Probe[] => []);
  for (;;) {
    const wanted = wantedNext(search, probes);
    if (wanted.length === 0) return probes;
    addProbes(probes, wanted, await probe(wanted));
  }
}
