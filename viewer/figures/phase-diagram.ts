/** Any quantity over any two swept axes as a heat map, with contours, what theory knows, and the curves of a cell. */

import * as Plot from "@observablehq/plot";
import { median, pointer, select } from "d3";
import { catalogue } from "../../src/quantities/catalogue.ts";
import { otherPaths, settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { recoveryError } from "../../src/theory/recovery.ts";
import { drawChart, pointed } from "./chart.ts";
import { type AxisType, hasPlace, wantedAxis } from "./extent.ts";
import {
  type Choice,
  defineFigure,
  type Frame,
  initialSettings,
  type Live,
  type Settings,
  type Slider,
} from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import { isolines } from "./isolines.ts";
import { recoveringScales } from "./largest-recovering-alpha.ts";
import { drawOverTraining, overTrainingControls, quantitySymbol, quantityTitle } from "./over-training.ts";
import { documentValue, hasDiverged, numberAt } from "./runs.ts";
import { drawStacked } from "./stacked.ts";
import { linearTicks, logTicks } from "./ticks.ts";
import { axisTitle, valueLabel } from "./trial-labels.ts";

interface Controls extends Record<string, Choice | Slider> {
  quantity: Choice;
  x: Choice;
  y: Choice;
  rest: Choice;
  contour: Choice;
  cell: Slider;
}

/** Fewer values of an axis are no map. */
const fewestValues = 2;
const fewestCells = 6;
/** Of what is swept besides, settings that a list may hold. */
const mostRests = 60;
/** What is looked at first, where it is recorded. */
const preferred = ["ntk_drift", "population_l2", "population_l1", "test_accuracy", "test_loss"];
/** Levels that mean something: the kernel has changed by as much as it was; the truth is recovered. */
const levels: Record<string, number> = { ntk_drift: 1, population_l2: recoveryError };

interface Cell {
  x: number;
  y: number;
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  column: number;
  row: number;
  /** Rows of the runs table. */
  runs: number[];
  /** The median of those that have not diverged. */
  value: number;
}

interface Axis {
  path: string;
  type: AxisType;
  values: number[];
  edges: number[];
}

/** Cells on their axes. */
interface PhaseMap {
  x: Axis;
  y: Axis;
  cells: Cell[];
  colour: AxisType;
}

export const phaseDiagram = defineFigure<Controls>({
  id: "phase-diagram",
  title: "Phase diagram",
  caption:
    "A quantity at the end of training over two swept axes, a cell a setting; where there are trials, their median. Click on a cell, or move the slider, to see its curves.",
  needs: [],
  shows: (results) => axisPairs(results).length > 0 && quantitiesOf(results).length > 0,
  controls,
  draw,
  data(results, settings) {
    const { x, y, cells } = mapOf(results, settings);
    return {
      rows: cells.length,
      columns: {
        [x.path]: Float64Array.from(cells, (cell) => cell.x),
        [y.path]: Float64Array.from(cells, (cell) => cell.y),
        [settings.quantity]: Float64Array.from(cells, ({ value }) => value),
        runs: cells.map(({ runs }) => runs.map((row) => results.runs.columns.run[row]).join(" ")),
      },
    };
  },
  animate,
});

const quantitiesOf = ({ runs }: Results): string[] =>
  Object.keys(catalogue).filter((name) => name in runs.columns);

/** Paths of numbers that are swept on their own: pairs that are no map of each other. */
function axisPairs(results: Results): [string, string][] {
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

/** How many cells two axes have, in all. */
const cellsOf = ({ runs: { columns, rows } }: Results, x: string, y: string): number =>
  new Set(Array.from({ length: rows }, (_, row) => `${columns[x][row]} ${columns[y][row]}`)).size;

function controls(results: Results): Controls {
  const pairs = axisPairs(results);
  const [firstX, firstY] = pairs.find(([, y]) => y === "init.alpha") ?? pairs[0];
  const names = quantitiesOf(results);
  const initial = preferred.find((name) => names.includes(name)) ?? names[0];
  const axis = (label: string, at: 0 | 1, first: string): Choice => ({
    kind: "choice",
    label,
    options: [...new Set(pairs.map((pair) => pair[at]))].map((path) => ({
      value: path,
      label: axisTitle(path),
    })),
    initial: first,
  });
  const rests = restsOf(results, firstX, firstY);
  return {
    quantity: {
      kind: "choice",
      label: "Quantity",
      options: names.map((name) => ({ value: name, label: quantityTitle(name) })),
      initial,
    },
    x: axis("Across", 0, firstX),
    y: axis("Up", 1, firstY),
    rest: {
      kind: "choice",
      label: "At",
      options: rests.slice(0, mostRests).map(({ label }, k) => ({ value: String(k), label: label || "all" })),
      initial: "0",
    },
    contour: {
      kind: "choice",
      label: "Contours",
      options: [
        { value: "level", label: "where it matters" },
        { value: "all", label: "many" },
        { value: "none", label: "none" },
      ],
      initial: "level",
    },
    cell: {
      kind: "slider",
      label: "Cell",
      positions: Math.max(...pairs.map(([x, y]) => cellsOf(results, x, y))) + 1,
      initial: 0,
      show: (position) => (position === 0 ? "none" : formatNumber(position)),
    },
  };
}

/** Settings of everything but the two axes, seeds aside. */
function restsOf(results: Results, x: string, y: string): { label: string; runs: number[] }[] {
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

/** An axis through some values, with the edges halfway between them: in the logarithm where they span decades. */
function axisOf(path: string, all: readonly number[]): Axis {
  const values = [...new Set(all)].sort((a, b) => a - b);
  const type = values[0] > 0 ? wantedAxis(values) : "linear";
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const places = values.map(forward);
  const inner = places.slice(1).map((place, k) => (place + places[k]) / 2);
  const last = places.length - 1;
  const edges = last > 0 ? [2 * places[0] - inner[0], ...inner, 2 * places[last] - inner[last - 1]] : [];
  return { path, type, values, edges: edges.length > 0 ? edges.map(back) : [values[0] / 2, values[0] * 2] };
}

function mapOf(results: Results, { quantity, x, y, rest }: Settings<Controls>): PhaseMap {
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
      runs: own,
      value: median(values) ?? NaN,
    };
  }).sort((a, b) => a.row - b.row || a.column - b.column);
  return { x: axisX, y: axisY, cells, colour: wantedAxis(cells.map(({ value }) => value)) };
}

function draw(results: Results, frame: Frame, settings: Settings<Controls>): SVGSVGElement {
  const { theme } = frame;
  const { quantity } = settings;
  const map = mapOf(results, settings);
  const { x, y, cells } = map;
  const known = cells.filter(({ value }) => hasPlace(value, map.colour));
  const values = known.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [forward, back] = map.colour === "log" ? [Math.log, Math.exp] : [Number, Number];
  const place = (value: number) =>
    high > low ? (forward(value) - forward(low)) / (forward(high) - forward(low)) : 0.5;
  const contours = levelsOf(settings, [low, high], map.colour).map((level) => ({
    level,
    pieces: contourPieces(map, level),
  }));
  const lines = contours.filter(({ pieces }) => pieces.length > 0);
  const theory = theoryOf(results, map, settings);
  const picked = cells[settings.cell - 1] as Cell | undefined;
  const box = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  const divergedCells = cells.filter(({ runs }) => runs.every((row) => hasDiverged(results, row)));
  const chart = drawChart(
    {
      label: `${quantityTitle(quantity)} over ${axisTitle(x.path)} and ${axisTitle(y.path)}`,
      x: chartAxis(x),
      y: chartAxis(y),
      legend: [
        {
          title: quantitySymbol(quantity),
          entries: [],
          ramp: {
            colour: theme.sequential,
            labels: [0, 0.5, 1].map((at) => ({
              at,
              label:
                values.length > 0
                  ? formatNumber(back(forward(low) + at * (forward(high) - forward(low))), 2)
                  : "",
            })),
          },
        },
        {
          entries:
            lines.length === 1
              ? [{ label: `= ${formatNumber(lines[0].level)}`, colour: theme.text, mark: "line" }]
              : [],
        },
        { entries: theory ? [{ label: theory.label, colour: theme.text, mark: "line", dash: "5,3" }] : [] },
        {
          entries:
            divergedCells.length > 0 ? [{ label: "diverged", colour: theme.muted, mark: "cross" }] : [],
        },
      ],
      marks: [
        Plot.rect(cells, {
          ...box,
          fill: ({ value }: Cell) =>
            hasPlace(value, map.colour) ? theme.sequential(place(value)) : theme.missing,
          stroke: theme.background,
          strokeWidth: 0.5,
        }),
        Plot.dot(divergedCells, { x: "x", y: "y", r: 4, symbol: "times", stroke: theme.text }),
        // A halo keeps lines visible on dark and on pale cells.
        ...lines.flatMap(({ pieces }) =>
          [
            { stroke: theme.background, strokeWidth: 4 },
            { stroke: theme.text, strokeWidth: 1.75 },
          ].map((look) => Plot.link(pieces, { ...box, ...look, strokeLinecap: "round" })),
        ),
        ...(lines.length > 1
          ? [
              Plot.text(
                lines.map(({ level, pieces }) => ({ ...pieces[pieces.length >> 1], level })),
                {
                  x: "x1",
                  y: "y1",
                  text: ({ level }) => formatNumber(level),
                  fill: theme.text,
                  stroke: theme.background,
                  strokeWidth: 4,
                },
              ),
            ]
          : []),
        ...(theory
          ? [
              Plot.line(theory.points, { x: "x", y: "y", stroke: theme.background, strokeWidth: 4 }),
              Plot.line(theory.points, {
                x: "x",
                y: "y",
                stroke: theme.text,
                strokeWidth: 1.75,
                strokeDasharray: "5,3",
              }),
            ]
          : []),
        ...(picked ? [Plot.rect([picked], { ...box, stroke: theme.accent, strokeWidth: 3 })] : []),
        ...pointed(cells, {
          text: (cell) =>
            [
              `${axisTitle(x.path)} = ${formatNumber(cell.x)}, ${axisTitle(y.path)} = ${formatNumber(cell.y)}`,
              `${quantitySymbol(quantity)} = ${formatNumber(cell.value)}`,
              plural(cell.runs.length, "run"),
            ].join("\n"),
          colour: () => theme.text,
          theme,
        }),
      ],
      notes: [
        ...(picked ? [`Outlined, and below: ${nameOf(picked, map)}.`] : []),
        ...(cells.some(({ runs }) => runs.length > 1) ? ["Cells hold the median of their trials."] : []),
        ...(known.length < cells.length
          ? [
              `${plural(cells.length - known.length, "cell")} without a value on this scale ${cells.length - known.length === 1 ? "is" : "are"} grey.`,
            ]
          : []),
      ],
    },
    frame,
  );
  return picked
    ? drawStacked(
        "Phase diagram, and the curves of a cell",
        [chart, curvesOf(results, picked, quantity, map, frame)],
        frame,
      )
    : chart;
}

/** Few values have a tick each, in the middle of their cells. */
const mostTicks = 10;

const chartAxis = ({ path, type, values, edges }: Axis) => ({
  title: axisTitle(path),
  type,
  domain: [edges[0], edges.at(-1)!] as [number, number],
  ...(values.length <= mostTicks && { ticks: values }),
});

function levelsOf(
  { quantity, contour }: Settings<Controls>,
  domain: [number, number],
  type: AxisType,
): number[] {
  if (contour === "none" || !(domain[1] > domain[0])) return [];
  if (contour === "level") return quantity in levels ? [levels[quantity]] : [];
  return (type === "log" ? logTicks(domain, 8) : linearTicks(domain, 8)).values;
}

/** A contour as pieces on the axes: straight between the cells' middles, on the scales of axes and colours. */
function contourPieces({ x, y, cells, colour }: PhaseMap, level: number) {
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

/** What theory knows of a map: up to which alpha gradient flow recovers the truth. */
function theoryOf(
  results: Results,
  { x, y, cells }: PhaseMap,
  { quantity }: Settings<Controls>,
): { label: string; points: { x: number; y: number }[] } | undefined {
  if (quantity !== "population_l2" || x.path !== "data.samples" || y.path !== "init.alpha") return undefined;
  const { columns } = results.runs;
  const depth =
    "model.depth" in columns
      ? numberAt(columns["model.depth"], cells[0].runs[0])
      : Number(documentValue(results, "model", "depth"));
  const points = recoveringScales(results, depth)
    .map(({ samples, alpha }) => ({ x: samples, y: alpha }))
    .filter((point) => point.y >= y.edges[0] && point.y <= y.edges.at(-1)!);
  return points.length > 1 ? { label: "exact: the largest α that recovers β*", points } : undefined;
}

/** "N = 25, α = 0.005, 3 runs". */
const nameOf = (cell: Cell, { x, y }: PhaseMap): string =>
  `${axisTitle(x.path)} = ${formatNumber(cell.x)}, ${axisTitle(y.path)} = ${formatNumber(cell.y)}, ` +
  plural(cell.runs.length, "run");

/** The quantity over training of the runs of one cell. */
function curvesOf(
  results: Results,
  cell: Cell,
  quantity: string,
  map: PhaseMap,
  frame: Frame,
): SVGSVGElement {
  const pick = <Value>(column: ArrayLike<Value>) => cell.runs.map((row) => column[row]);
  const runs = {
    rows: cell.runs.length,
    columns: Object.fromEntries(
      Object.entries(results.runs.columns).map(([name, column]) => [
        name,
        pick<(typeof column)[number]>(column),
      ]),
    ),
  };
  const own = { ...results, runs, history: { ...results.history } };
  const traced = [{ quantity }];
  const title = `${quantityTitle(quantity)} at ${nameOf(cell, map)}`;
  return drawOverTraining(title, traced, own, frame, initialSettings(overTrainingControls(own, traced)));
}

/** A click on a cell shows its curves; another one puts them away. */
function animate(drawing: SVGSVGElement, results: Results, { settings, change }: Live<Controls>): void {
  const map = mapOf(results, settings);
  const boxes = drawing.querySelectorAll<SVGRectElement>('[aria-label="rect"] rect');
  select(drawing)
    .style("cursor", "pointer")
    .on("click", (event: MouseEvent) => {
      const [left, top] = pointer(event, drawing);
      const at = map.cells.findIndex((_, k) => {
        const box = boxes[k];
        const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
          Number(box.getAttribute(name)),
        );
        return left >= x && left < x + width && top >= y && top < y + height;
      });
      if (at >= 0) change({ cell: settings.cell === at + 1 ? 0 : at + 1 });
    });
}
