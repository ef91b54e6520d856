/** Any quantity over any two swept axes as a heat map, with contours, what theory knows, and the curves of a cell. */

import * as Plot from "@observablehq/plot";
import { catalogue } from "../../src/quantities/catalogue.ts";
import type { Results } from "../../src/results/types.ts";
import { recoveryError } from "../../src/theory/recovery.ts";
import { drawChart, pointed } from "./chart.ts";
import { colourScale } from "./colour-scale.ts";
import { type AxisType, hasPlace } from "./extent.ts";
import {
  type Choice,
  defineFigure,
  type Frame,
  initialSettings,
  type Settings,
  type Slider,
} from "./figure.ts";
import { kernelRuns } from "../../src/results/kernel-frames.ts";
import { formatNumber, plural } from "./format.ts";
import { recoveringScales } from "./largest-recovering-alpha.ts";
import { drawOverTraining, overTrainingControls, quantitySymbol, quantityTitle } from "./over-training.ts";
import {
  type Axis,
  axisPairs,
  type Cell,
  cellsOf,
  contourPieces,
  isGrid,
  mapOf,
  type PhaseMap,
  restsOf,
} from "./phase-map.ts";
import { documentValue, hasDiverged, numberAt } from "./runs.ts";
import { drawStacked } from "./stacked.ts";
import { linearTicks, logTicks } from "./ticks.ts";
import { tangentKernel } from "./tangent-kernel.ts";
import { axisTitle } from "./trial-labels.ts";

interface Controls extends Record<string, Choice | Slider> {
  quantity: Choice;
  x: Choice;
  y: Choice;
  rest: Choice;
  contour: Choice;
  cell: Slider;
}

/** Of a setting where settings are no grid. */
const pointRadius = 7;
/** Of what is swept besides, settings that a list may hold. */
const mostRests = 60;
/** What is looked at first, where it is recorded. */
const preferred = [
  "ntk_drift",
  "population_l2",
  "population_l1",
  "test_accuracy",
  "test_loss",
  "reconstruction_error",
];
/** Levels that mean something: the kernel has changed by as much as it was; the truth is recovered. */
const meaningful: Record<string, number> = { ntk_drift: 1, population_l2: recoveryError };

export const phaseDiagram = defineFigure<Controls>({
  id: "phase-diagram",
  title: "Phase diagram",
  caption:
    "A quantity at the end of training over two swept axes, a cell a setting; where there are trials, their median. Pick a cell, or move the slider, to see its curves and its kernel.",
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
        runs: cells.map((cell) => runsOf(results, cell).join(" ")),
      },
    };
  },
  linked: {
    control: "cell",
    follow(results, settings, picked) {
      const { cells } = mapOf(results, settings);
      const at = cells.findIndex((cell) => {
        const runs = runsOf(results, cell);
        return [...picked].every((run) => runs.includes(run));
      });
      return at < 0 ? undefined : at + 1;
    },
    runs(results, settings) {
      const cell = mapOf(results, settings).cells[settings.cell - 1] as Cell | undefined;
      return cell ? runsOf(results, cell) : [];
    },
  },
});

/** A cell's runs, as the runs table numbers them. */
const runsOf = ({ runs }: Results, { rows }: Cell): number[] =>
  rows.map((row) => numberAt(runs.columns.run, row));

const quantitiesOf = ({ runs }: Results): string[] =>
  Object.keys(catalogue).filter((name) => name in runs.columns);

function controls(results: Results): Controls {
  const pairs = axisPairs(results);
  const grids = pairs.filter(([x, y]) => isGrid(results, x, y));
  const [firstX, firstY] = [...grids, ...pairs].find(([, y]) => y === "init.alpha") ?? grids[0] ?? pairs[0];
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

function draw(results: Results, frame: Frame, settings: Settings<Controls>): SVGSVGElement {
  const { theme } = frame;
  const { quantity } = settings;
  const map = mapOf(results, settings);
  const { x, y, cells } = map;
  const known = cells.filter(({ value }) => hasPlace(value, map.colour));
  const colours = colourScale(
    cells.map(({ value }) => value),
    map.colour,
    theme,
  );
  // Between points here and there nobody knows where a level runs.
  const levels = map.isGrid ? levelsOf(settings, colours.extent, map.colour) : [];
  const contours = levels.map((level) => ({ level, pieces: contourPieces(map, level) }));
  const lines = contours.filter(({ pieces }) => pieces.length > 0);
  const theory = theoryOf(results, map, settings);
  const picked = cells[settings.cell - 1] as Cell | undefined;
  const box = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  const fill = ({ value }: Cell) => colours.of(value);
  const kind = map.isGrid ? "Cell" : "Point";
  const outlined = cells.filter(
    (cell) => cell === picked || runsOf(results, cell).some((run) => frame.picked?.has(run)),
  );
  const divergedCells = cells.filter(({ rows }) => rows.every((row) => hasDiverged(results, row)));
  const chart = drawChart(
    {
      label: `${quantityTitle(quantity)} over ${axisTitle(x.path)} and ${axisTitle(y.path)}`,
      x: chartAxis(x),
      y: chartAxis(y),
      legend: [
        {
          title: quantitySymbol(quantity),
          entries: [],
          ramp: colours.ramp,
        },
        {
          entries:
            lines.length === 1
              ? [{ label: `= ${formatNumber(lines[0].level)}`, colour: theme.text, mark: "line" }]
              : [],
        },
        {
          entries: theory.map(({ label }, k) => ({
            label,
            colour: theme.text,
            mark: "line" as const,
            dash: dashes[k % dashes.length],
          })),
        },
        {
          entries:
            divergedCells.length > 0 ? [{ label: "diverged", colour: theme.muted, mark: "cross" }] : [],
        },
      ],
      marks: [
        map.isGrid
          ? Plot.rect(cells, { ...box, fill, stroke: theme.background, strokeWidth: 0.5 })
          : Plot.dot(cells, { x: "x", y: "y", r: pointRadius, fill, stroke: theme.muted, strokeWidth: 0.75 }),
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
        ...theory.flatMap(({ points }, k) => [
          Plot.line(points, { x: "x", y: "y", stroke: theme.background, strokeWidth: 4 }),
          Plot.line(points, {
            x: "x",
            y: "y",
            stroke: theme.text,
            strokeWidth: 1.75,
            strokeDasharray: dashes[k % dashes.length],
          }),
        ]),
        map.isGrid
          ? Plot.rect(outlined, { ...box, stroke: theme.accent, strokeWidth: 3 })
          : Plot.dot(outlined, { x: "x", y: "y", r: pointRadius + 2, stroke: theme.accent, strokeWidth: 3 }),
        ...pointed(cells, {
          text: (cell) =>
            [
              `${axisTitle(x.path)} = ${formatNumber(cell.x)}, ${axisTitle(y.path)} = ${formatNumber(cell.y)}`,
              `${quantitySymbol(quantity)} = ${formatNumber(cell.value)}`,
              plural(cell.rows.length, "run"),
            ].join("\n"),
          colour: () => theme.text,
          theme,
          line: ({ row }) => String(row),
          runs: (cell) => runsOf(results, cell),
          ...(map.isGrid && { box: (cell: Cell) => cell }),
        }),
      ],
      notes: [
        ...(picked ? [`Outlined, and below: ${nameOf(picked, map)}.`] : []),
        ...(map.isGrid
          ? []
          : [
              `${axisTitle(x.path)} and ${axisTitle(y.path)} are swept together: a point a setting, no grid.`,
            ]),
        ...(cells.some(({ rows }) => rows.length > 1) ? [`${kind}s hold the median of their trials.`] : []),
        ...(known.length < cells.length
          ? [
              `${plural(cells.length - known.length, kind.toLowerCase())} without a value on this scale ${cells.length - known.length === 1 ? "is" : "are"} grey.`,
            ]
          : []),
      ],
    },
    frame,
  );
  return picked
    ? drawStacked(
        "Phase diagram, and the curves of a cell",
        [
          chart,
          curvesOf(results, picked, quantity, map, { document: frame.document, width: frame.width, theme }),
          ...kernelsOf(results, picked, frame),
        ],
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
  if (contour === "level") return quantity in meaningful ? [meaningful[quantity]] : [];
  return (type === "log" ? logTicks(domain, 8) : linearTicks(domain, 8)).values;
}

/** What tells the lines of theory apart. */
const dashes = ["5,3", "2,3", "8,3,2,3", "1,2"];

interface Line {
  label: string;
  points: { x: number; y: number }[];
}

/** What theory knows of a map: the lines that came with the results, and up to which alpha gradient flow recovers the truth. */
function theoryOf(results: Results, map: PhaseMap, settings: Settings<Controls>): Line[] {
  const { x, y } = map;
  const isInside = (point: { x: number; y: number }) =>
    [x, y].every(({ edges }, k) => {
      const value = k === 0 ? point.x : point.y;
      return edges[0] <= value && value <= edges.at(-1)!;
    });
  const kept = (results.manifest.lines ?? []).flatMap((line): Line[] => {
    const straight = line.x === x.path && line.y === y.path;
    if (!straight && !(line.x === y.path && line.y === x.path)) return [];
    const points = line.points.map(([one, other]) =>
      straight ? { x: one, y: other } : { x: other, y: one },
    );
    return [{ label: line.label, points: points.filter(isInside) }];
  });
  return [...kept, ...recoveryOf(results, map, settings)].filter(({ points }) => points.length > 1);
}

/** Up to which alpha gradient flow recovers the truth. */
function recoveryOf(results: Results, { x, y, cells }: PhaseMap, { quantity }: Settings<Controls>): Line[] {
  if (quantity !== "population_l2" || x.path !== "data.samples" || y.path !== "init.alpha") return [];
  const { columns } = results.runs;
  const depth =
    "model.depth" in columns
      ? numberAt(columns["model.depth"], cells[0].rows[0])
      : Number(documentValue(results, "model", "depth"));
  const points = recoveringScales(results, depth)
    .map(({ samples, alpha }) => ({ x: samples, y: alpha }))
    .filter((point) => point.y >= y.edges[0] && point.y <= y.edges.at(-1)!);
  return [{ label: "exact: the largest α that recovers β*", points }];
}

/** "N = 25, α = 0.005, 3 runs". */
const nameOf = (cell: Cell, { x, y }: PhaseMap): string =>
  `${axisTitle(x.path)} = ${formatNumber(cell.x)}, ${axisTitle(y.path)} = ${formatNumber(cell.y)}, ` +
  plural(cell.rows.length, "run");

/** The quantity over training of the runs of one cell. */
function curvesOf(
  results: Results,
  cell: Cell,
  quantity: string,
  map: PhaseMap,
  frame: Frame,
): SVGSVGElement {
  const pick = <Value>(column: ArrayLike<Value>) => cell.rows.map((row) => column[row]);
  const runs = {
    rows: cell.rows.length,
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

/** The tangent kernel of a cell's first run that has one, at the end of its training. */
function kernelsOf(results: Results, { rows }: Cell, frame: Frame): SVGSVGElement[] {
  if (!results.arrays.ntk) return [];
  const run = kernelRuns(results).findIndex((row) => rows.includes(row));
  if (run < 0) return [];
  const settings = initialSettings(tangentKernel.controls(results));
  return [tangentKernel.draw(results, frame, { ...settings, run })];
}
