/** The loss of one dataset from a small start, on the clock that all depths share, beside the saddles that theory knows. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/document/table.ts";
import type { DiagonalModel } from "../../src/document/types.ts";
import type { Results } from "../../src/results/types.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import { type Saddle, saddleClock, saddleJumps } from "../../src/theory/saddle-jumps.ts";
import { drawChart } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { generatedData } from "./generated-data.ts";
import { lineColours } from "./line-colours.ts";
import { areDiagonal, documentValue, numberAt, sampleNotes, sweptPaths } from "./runs.ts";

/** Starts from which the loss falls in steps that can be told apart. */
const smallest = 0.02;

/** A loss below this share of the first saddle's is none. */
const solved = 1e-12;

/** A loss of fewer records shows no steps. */
const fewestRecords = 12;

/** Entries of X beyond which saddles take too long for a drawing. */
const mostEntries = 5000;

interface Course {
  alpha: number;
  depth: number;
  points: { tau: number; loss: number }[];
}

/** Runs by their data; each from its own start. */
function datasetsOf(results: Results): number[][] {
  const groups = new Map<string, number[]>();
  const records = historyRows(results);
  specifiedRuns(results).forEach(({ data, init, model, loss, train }, row) => {
    const { depth } = model as DiagonalModel;
    if (depth < 2 || init.alpha > smallest || init.scaling !== "weights" || loss.l2 > 0) return;
    if (train.method === "gradient-descent" && (train.labelNoise ?? 0) > 0) return;
    if (records[row].length < fewestRecords) return;
    const key = JSON.stringify(data);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  });
  return [...groups.values()];
}

function courseOf(results: Results, row: number): Course {
  const { model, init } = specifiedRuns(results)[row];
  const { depth } = model as DiagonalModel;
  const clock = saddleClock(depth, init.alpha);
  const { time, loss } = results.history.columns;
  const points = Array.from(historyRows(results)[row], (at) => ({
    tau: clock * numberAt(time, at),
    loss: numberAt(loss, at),
  })).filter(({ tau, loss }) => tau > 0 && loss > 0 && Number.isFinite(loss));
  return { alpha: init.alpha, depth, points };
}

function coursesOf(results: Results, dataset: number): { courses: Course[]; saddles: Saddle[] } {
  const rows = datasetsOf(results)[dataset];
  return { courses: rows.map((row) => courseOf(results, row)), saddles: saddlesOf(results, rows[0]) };
}

const known = new WeakMap<object, Saddle[]>();

/** None where a run's data are not generated, or too large for a drawing. */
function saddlesOf(results: Results, row: number): Saddle[] {
  const data = generatedData(specifiedRuns(results)[row]);
  if (!data || data.samples * data.inputs > mostEntries) return [];
  if (!known.has(data)) known.set(data, saddleJumps(data));
  return known.get(data)!;
}

function draw(results: Results, frame: Frame, dataset: number): SVGSVGElement {
  const { theme } = frame;
  const datasets = datasetsOf(results).length;
  const { courses, saddles } = coursesOf(results, dataset);
  const colours = lineColours(
    results,
    sweptPaths(results).find((path) => path === "init.alpha"),
    theme,
  );
  const recorded = Math.max(...courses.flatMap(({ points }) => points.map(({ tau }) => tau)));
  const first = Math.min(...saddles.slice(1).map(({ tau }) => tau)) / 2;
  const passed = saddles.filter(({ tau }) => tau < recorded);
  const jumps = passed.slice(1);
  // What fits the data has no level: the loss falls to rounding there.
  const plateaus = passed.filter(({ loss }) => loss > solved * passed[0].loss);
  const solution = passed.at(plateaus.length);
  // Below the last level the run converges.
  const least = plateaus.at(-1)!.loss / 10;
  const drawn = courses.map(({ points }) => points.filter(({ tau, loss }) => tau >= first && loss >= least));
  const points = drawn.flat();
  const last = solution ? Math.max(1.1 * solution.tau, ...points.map(({ tau }) => tau)) : recorded;
  const levels = plateaus.flatMap(({ tau, loss }, k) => [
    { tau: Math.max(tau, first), loss },
    { tau: passed[k + 1]?.tau ?? last, loss },
  ]);
  if (solution) levels.push({ tau: solution.tau, loss: least });
  return drawChart(
    {
      label: "Training loss on the saddles' clock, and the saddles",
      x: { title: "clock τ of the saddles", type: "log", domain: [first, last] },
      y: {
        title: "L(w)",
        type: "log",
        domain: domainOf(
          [...points, ...levels].map(({ loss }) => loss),
          "log",
        ),
      },
      legend: [
        {
          title: "α",
          entries: courses.map(({ alpha }) => ({
            label: formatNumber(alpha),
            colour: colours.ofValue(alpha),
            mark: "line" as const,
          })),
        },
        {
          entries: [{ label: "α → 0: saddles, and when they are left", colour: theme.muted, mark: "dashed" }],
        },
      ],
      marks: [
        Plot.ruleX(jumps, { x: "tau", stroke: theme.muted, strokeOpacity: 0.5, strokeDasharray: "2 3" }),
        Plot.line(levels, { x: "tau", y: "loss", stroke: theme.muted, strokeDasharray: "4 3" }),
        ...drawn.map((own, k) =>
          Plot.line(own, {
            x: "tau",
            y: "loss",
            stroke: colours.ofValue(courses[k].alpha),
            strokeWidth: 1.75,
          }),
        ),
      ],
      notes: [
        `${datasets > 1 ? `One dataset of ${datasets}. ` : ""}τ is the time by 4/ln α⁻² at depth 2, by D(D − 2) α^(D − 2) beyond.`,
        ...sampleNotes(results),
      ],
    },
    frame,
  );
}

export const saddles = defineFigure<{ dataset: Slider }>({
  id: "saddles",
  title: "From saddle to saddle",
  caption:
    "From a small start the loss falls in steps: each time one input has grown, the others have hardly moved. Where the plateaus lie and when each is left follow from the data alone, at every depth; the smaller α, the closer.",
  needs: ["loss"],
  shows: (results) =>
    areDiagonal(results) &&
    (documentValue(results, "loss", "kind") ?? "squared") === "squared" &&
    datasetsOf(results)
      .slice(0, 1)
      .some(([row]) => saddlesOf(results, row).filter(({ tau }) => tau < lastClock(results, row)).length > 2),
  controls: (results) => ({
    dataset: {
      kind: "slider",
      label: "dataset",
      positions: datasetsOf(results).length,
      initial: 0,
      show: (position) => `${position + 1}`,
    },
  }),
  draw: (results, frame, { dataset }) => draw(results, frame, dataset),
  data(results, { dataset }): Table {
    const { courses } = coursesOf(results, dataset);
    const rows = courses.flatMap(({ alpha, depth, points }) =>
      points.map(({ tau, loss }) => ({ alpha, depth, tau, loss })),
    );
    const column = (name: keyof (typeof rows)[0]) => Float64Array.from(rows, (row) => row[name]);
    return {
      rows: rows.length,
      columns: { alpha: column("alpha"), depth: column("depth"), tau: column("tau"), loss: column("loss") },
    };
  },
});

const lastClock = (results: Results, row: number): number => courseOf(results, row).points.at(-1)?.tau ?? 0;
