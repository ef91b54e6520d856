/** Runs as cells on two swept axes: which pairs of axes are a map, where cells are, and where a level runs through them. */

import { median } from "d3";
import { otherPaths, settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { type AxisType, hasPlace, wantedAxis } from "./extent.ts";
import { isolines } from "./isolines.ts";
import { hasDiverged, numberAt } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

/** Fewer values of an axis are no map. */
const fewestValues = 2;
const fewestCells = 6;
export interface Cell {
  x: number;
  y: number;
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  column: number;
  row: number;
  /** Rows of the runs table. */
  rows: number[];
  /** The median of those that have not diverged. */
  value: number;
}

export interface Axis {
  path: string;
  type: AxisType;
  values: number[];
  edges: number[];
}

/** Cells on their axes. */
export interface PhaseMap {
  x: Axis;
  y: Axis;
  cells: Cell[];
  colour: AxisType;
  /** Whether the settings are a grid; those of axes that are swept in pairs are points here and there. */
  isGrid: boolean;
}

/** Paths of numbers that are swept on their own: pairs that are no map of each other. */
export function axisPairs(results: Results): [string, string][] {
  const { columns, rows } = results.runs;
  const numeric = settingPaths(results).filter((path) => {
    const values = new Set(Array.from({ length: rows }, (_, row) => columns[path][row]));
    return values.size >= fewestValues && [...values].every((value) => typeof value === "number");
  });
  return numeric.flatMap((x) =>
    numeric
      .filter((y) => x !== y && otherPaths(results, x).includes(y) && otherPaths(results, y).includes(x))
      .filter((y) => cellsOf(results, x, y) >= fewestCells)
      .map((y): [string, string] => [x, y]),
  );
}

/** Of a grid's cells, how many may be missing: filters and ends hide some. */
const leastFilled = 0.6;

/** Whether settings fill a grid, about: an axis that is swept in pairs with another has points here and there. */
export function isGrid(results: Results, x: string, y: string): boolean {
  const { columns, rows } = results.runs;
  const values = (path: string) => new Set(Array.from({ length: rows }, (_, row) => columns[path][row])).size;
  return cellsOf(results, x, y) >= leastFilled * values(x) * values(y);
}

/** How many cells two axes have, in all. */
export const cellsOf = ({ runs: { columns, rows } }: Results, x: string, y: string): number =>
  new Set(Array.from({ length: rows }, (_, row) => `${columns[x][row]} ${columns[y][row]}`)).size;

/** Settings of everything but the two axes, seeds aside. */
export function restsOf(results: Results, x: string, y: string): { label: string; runs: number[] }[] {
  const { columns, rows } = results.runs;
  const others = otherPaths(results, x).filter((path) => path !== y && otherPaths(results, y).includes(path));
  const rests = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = JSON.stringify(others.map((path) => columns[path][row]));
    append(rests, key, row);
  }
  return Array.from(rests.values(), (runs) => ({
    label: others.map((path) => valueLabel(path, columns[path][runs[0]])).join(", "),
    runs,
  }));
}

function append(groups: Map<string, number[]>, key: string, row: number): void {
  const group = groups.get(key);
  if (group) group.push(row);
  else groups.set(key, [row]);
}

/** Evenly spaced, as `linspace` and `range` make them, to what rounding leaves. */
function areEven(values: readonly number[]): boolean {
  const gap = (values[values.length - 1] - values[0]) / (values.length - 1);
  return values.length > 2 && values.every((value, k) => Math.abs(value - values[0] - k * gap) < 1e-6 * gap);
}

/** Each the same share of the next, as `logspace` makes them and as widths double. */
const areGeometric = (values: readonly number[]): boolean => areEven(values.map(Math.log));

/**
 * An axis through some values, with the edges halfway between them: in the logarithm where they are even there, or span
 * decades and are not even themselves.
 */
function axisOf(path: string, all: readonly number[]): Axis {
  const values = [...new Set(all)].sort((a, b) => a - b);
  const type =
    values[0] > 0 && !areEven(values) ? (areGeometric(values) ? "log" : wantedAxis(values)) : "linear";
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const places = values.map(forward);
  const inner = places.slice(1).map((place, k) => (place + places[k]) / 2);
  const last = places.length - 1;
  const edges = last > 0 ? [2 * places[0] - inner[0], ...inner, 2 * places[last] - inner[last - 1]] : [];
  return { path, type, values, edges: edges.length > 0 ? edges.map(back) : [values[0] / 2, values[0] * 2] };
}

export function mapOf(
  results: Results,
  { quantity, x, y, rest }: { quantity: string; x: string; y: string; rest: string },
): PhaseMap {
  const { columns } = results.runs;
  // Axes that a user made the same, or that move in step, are no map: the other one gives way.
  const pairs = axisPairs(results);
  const [pathX, pathY] =
    pairs.find((pair) => pair[0] === x && pair[1] === y) ?? pairs.find((pair) => pair[0] === x) ?? pairs[0];
  const rests = restsOf(results, pathX, pathY);
  const { runs } = rests[Number(rest)] ?? rests[0];
  const axisX = axisOf(
    pathX,
    runs.map((row) => numberAt(columns[pathX], row)),
  );
  const axisY = axisOf(
    pathY,
    runs.map((row) => numberAt(columns[pathY], row)),
  );
  const groups = new Map<string, number[]>();
  for (const row of runs) {
    const key = `${columns[pathX][row]} ${columns[pathY][row]}`;
    append(groups, key, row);
  }
  const cells = Array.from(groups.values(), (own): Cell => {
    const [atX, atY] = [numberAt(columns[pathX], own[0]), numberAt(columns[pathY], own[0])];
    const [column, row] = [axisX.values.indexOf(atX), axisY.values.indexOf(atY)];
    const values = own
      .filter((run) => !hasDiverged(results, run))
      .map((run) => numberAt(columns[quantity], run))
      .filter(Number.isFinite);
    return {
      x: atX,
      y: atY,
      x1: axisX.edges[column],
      x2: axisX.edges[column + 1],
      y1: axisY.edges[row],
      y2: axisY.edges[row + 1],
      column,
      row,
      rows: own,
      value: median(values) ?? NaN,
    };
  }).sort((a, b) => a.row - b.row || a.column - b.column);
  return {
    x: axisX,
    y: axisY,
    cells,
    colour: wantedAxis(cells.map(({ value }) => value)),
    isGrid: cells.length >= leastFilled * axisX.values.length * axisY.values.length,
  };
}

/** A contour as pieces on the axes: straight between the cells' middles, on the scales of axes and colours. */
export function contourPieces({ x, y, cells, colour }: PhaseMap, level: number) {
  const at = new Map(cells.map(({ column, row, value }) => [`${column} ${row}`, value]));
  const forward = colour === "log" ? Math.log : Number;
  const value = (column: number, row: number) => {
    const own = at.get(`${column} ${row}`) ?? NaN;
    return hasPlace(own, colour) ? forward(own) : NaN;
  };
  const on =
    ({ type, values }: Axis) =>
    (place: number) => {
      const k = Math.min(Math.floor(place), values.length - 2);
      const share = place - k;
      return type === "log"
        ? values[k] * (values[k + 1] / values[k]) ** share
        : values[k] + share * (values[k + 1] - values[k]);
    };
  const [onX, onY] = [on(x), on(y)];
  return isolines(x.values.length, y.values.length, value, forward(level)).map(({ x1, y1, x2, y2 }) => ({
    x1: onX(x1),
    y1: onY(y1),
    x2: onX(x2),
    y2: onY(y2),
  }));
}
