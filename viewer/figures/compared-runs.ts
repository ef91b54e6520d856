/** Runs side by side: one for each value of the leading path, which share everything else. */

import type { ArrayName } from "../../src/document/types.ts";
import { arrayFrames } from "../../src/results/array-frames.ts";
import { evenly } from "../../src/results/evenly.ts";
import { otherPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { formatCell, hasDiverged, leadingPath, numberAt, pathSymbol, sweptPaths } from "./runs.ts";

const mostCompared = 10;

/**
 * Runs that differ in the leading path alone, or in what moves in step with it; the others are as the first run's.
 *
 * @param runs rows of the runs table that may be compared
 */
export function runsAlong(results: Results, runs: readonly number[], most = mostCompared): number[] {
  const path = leadingPath(results);
  if (path === undefined || runs.length === 0) return [];
  const { columns } = results.runs;
  const fixed = fixedPaths(results, path);
  const family = runs.filter((row) =>
    fixed.every((other) => columns[other][row] === columns[other][runs[0]]),
  );
  const distinct = new Map(family.map((row) => [columns[path][row], row]).reverse() as [unknown, number][]);
  const ordered = [...distinct.values()].sort(
    (a, b) => numberAt(columns[path], a) - numberAt(columns[path], b) || a - b,
  );
  return [...evenly(ordered, most)];
}

/** The same of all runs that have records of an array and have not diverged. */
export const runsWith = (results: Results, array: ArrayName, most?: number): number[] =>
  runsAlong(
    results,
    Array.from({ length: results.runs.rows }, (_, row) => row).filter(
      (row) => arrayFrames(results, array, row).length > 0 && !hasDiverged(results, row),
    ),
    most,
  );

/** "N = 8" of everything that compared runs share with this one. */
export const sharedSettings = (results: Results, row: number): string[] =>
  fixedPaths(results, leadingPath(results)!).map(
    (other) => `${pathSymbol(other)} = ${formatCell(results.runs.columns[other][row])}`,
  );

/** What compared runs share: every path that does not move in step with the leading one, seeds too. */
function fixedPaths(results: Results, path: string): string[] {
  const others = new Set(otherPaths(results, path));
  return sweptPaths(results).filter(
    (other) => other !== path && (others.has(other) || other.endsWith(".seed")),
  );
}
