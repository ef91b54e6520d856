/** Trials: runs that differ in nothing but their seeds. */

import type { Column } from "../../src/results/table.ts";
import type { Results } from "../../src/results/types.ts";
import { documentValue, formatCell, numberAt, pathSymbol, sweptPaths } from "./runs.ts";
import { sweptValue } from "../../src/results/specified-runs.ts";

/** What runs share that differ in nothing but their seeds. */
export interface Setting {
  /** Swept values by path, seeds aside. */
  values: Record<string, Column[number]>;
  /** Rows of the runs table, in the sweep's order. */
  rows: number[];
}

const isSeed = (path: string): boolean => path.endsWith(".seed");

/** Swept paths that make settings differ. */
export const settingPaths = (results: Results): string[] =>
  sweptPaths(results).filter((path) => !isSeed(path));

/** Settings in the order of their first runs. */
export function settingsOf(results: Results): Setting[] {
  const { columns, rows } = results.runs;
  const settings = new Map<string, Setting>();
  for (let row = 0; row < rows; row++) {
    const values = Object.fromEntries(settingPaths(results).map((path) => [path, columns[path][row]]));
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
    .map((path) => formatCell(results.runs.columns[path][row]))
    .join(" ");

/** Whether every trial is on the same generated data, so that nothing is seen of how datasets differ. */
export const sharesData = (results: Results): boolean =>
  documentValue(results, "data", "kind") !== "file" &&
  documentValue(results, "data", "kind") !== "idx" &&
  !sweptPaths(results).includes("data.seed");

/** A setting's value on an axis of numbers: a list of widths counts its hidden layers. */
export function placeOf(results: Results, path: string, row: number): number {
  const column = results.runs.columns[path];
  const value = path === layersPath ? sweptValue(column[row]) : undefined;
  return Array.isArray(value) ? value.length : numberAt(column, row);
}

export const layersPath = "model.widths";

/** Paths that tell curves against another one apart: not those that move in step with it, as step sizes do. */
export const otherPaths = (results: Results, against: string): string[] =>
  settingPaths(results).filter((path) => {
    if (path === against) return false;
    const inStep = new Map<Column[number], Column[number]>();
    const { columns, rows } = results.runs;
    for (let row = 0; row < rows; row++) {
      const [place, value] = [columns[against][row], columns[path][row]];
      if (inStep.has(place) && inStep.get(place) !== value) return true;
      inStep.set(place, value);
    }
    return inStep.size === 1;
  });

/** What an axis of a swept path is called. */
export const axisTitle = (path: string): string =>
  ({ [layersPath]: "hidden layers k", "model.widths[0]": "width m" })[path] ?? pathSymbol(path);

/** "N = 100", "k = 3". */
export function valueLabel(path: string, cell: Column[number]): string {
  const value = sweptValue(cell);
  if (path === layersPath && Array.isArray(value)) return `k = ${value.length}`;
  if (path === "model.unbiased") return cell === true ? "difference of two copies" : "one copy";
  return `${axisTitle(path)} = ${formatCell(cell)}`;
}
