/** Trials: runs that differ in nothing but their seeds. */

import { numberAt, sweptPaths } from "./run-rows.ts";
import { sweptValue } from "./specified-runs.ts";
import type { Column, Table } from "../document/table.ts";
import type { Results } from "./types.ts";

/** What runs share that differ in nothing but their seeds. */
export interface Setting {
  /** Swept values by path, seeds aside. */
  values: Record<string, Column[number]>;
  /** Rows of the runs table, in the sweep's order. */
  rows: number[];
}

/** Whether a swept path only numbers trials. */
export const isSeed = (path: string): boolean => path.endsWith(".seed");

/** Swept paths that make settings differ. */
export const settingPaths = (results: Results): string[] =>
  sweptPaths(results).filter((path) => !isSeed(path));

/** Settings in the order of their first runs. */
export function settingsOf(results: Results): readonly Setting[] {
  const settings = known.get(results.runs) ?? settle(results);
  known.set(results.runs, settings);
  return settings;
}

/** Every figure asks for the same settings; a table never changes once it is there. */
const known = new WeakMap<Table, readonly Setting[]>();

function settle(results: Results): Setting[] {
  const { columns, rows } = results.runs;
  const paths = settingPaths(results);
  const settings = new Map<string, Setting>();
  for (let row = 0; row < rows; row++) {
    const values = Object.fromEntries(paths.map((path) => [path, columns[path][row]]));
    const key = JSON.stringify(values);
    const known = settings.get(key);
    if (known) known.rows.push(row);
    else settings.set(key, { values, rows: [row] });
  }
  return [...settings.values()];
}

/** Whether some setting was tried more than once. */
export const hasTrials = (results: Results): boolean =>
  sweptPaths(results).some(isSeed) && settingsOf(results).some(({ rows }) => rows.length > 1);

/** What tells a run's trial from the others of its setting: its seeds. */
export const trialOf = (results: Results, row: number): string =>
  sweptPaths(results)
    .filter(isSeed)
    .map((path) => String(results.runs.columns[path][row]))
    .join(" ");

/** A setting's value on an axis of numbers: a list of widths counts its hidden layers. */
export function placeOf(results: Results, path: string, row: number): number {
  const column = results.runs.columns[path];
  const value = path === layersPath ? sweptValue(column[row]) : undefined;
  return Array.isArray(value) ? value.length : numberAt(column, row);
}

export const layersPath = "model.widths";

/** Paths that tell curves against another one apart: not those that move in step with it and the others, as step sizes do. */
export function otherPaths(results: Results, against: string): readonly string[] {
  const of = toldApart.get(results.runs) ?? new Map<string, readonly string[]>();
  toldApart.set(results.runs, of);
  const others = of.get(against) ?? tellApart(results, against);
  of.set(against, others);
  return others;
}

/** Every figure asks, some for each pair of paths. */
const toldApart = new WeakMap<Table, Map<string, readonly string[]>>();

function tellApart(results: Results, against: string): string[] {
  const others: string[] = [];
  for (const path of settingPaths(results))
    if (path !== against && !movesInStep(results, path, [against, ...others])) others.push(path);
  return others;
}

/** Whether some paths tell a path's value; where none of them varies, none tells anything. */
function movesInStep({ runs: { columns, rows } }: Results, path: string, by: readonly string[]): boolean {
  const told = new Map<string, Column[number]>();
  for (let row = 0; row < rows; row++) {
    const key = JSON.stringify(by.map((other) => columns[other][row]));
    const value = columns[path][row];
    if (told.has(key) && told.get(key) !== value) return false;
    told.set(key, value);
  }
  return told.size > 1;
}
