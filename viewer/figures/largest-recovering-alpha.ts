/** The largest alpha that still recovers beta*, against the number of samples: what depth buys. */

import * as Plot from "@observablehq/plot";
import type { Dataset } from "../../src/data/dataset.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import {
  type ErrorAt,
  firstCrossing,
  largestRecoveringScale,
  recoveryError,
} from "../../src/theory/recovery.ts";
import { drawChart, pointed } from "./chart.ts";
import { settingFor } from "./exact-limits.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { numberAt, sweptPaths } from "./runs.ts";
import { depths } from "./theory-curves.ts";

const alphaPath = "init.alpha";
const samplesPath = "data.samples";
const quantity = "population_l2";
/** Fewer sample counts are no curve. */
const fewestCounts = 3;
/** N^2 n, summed over the counts, that a page computes curves for while it is looked at. */
const mostWork = 5e6;

interface Point {
  x: number;
  y: number;
  depth: number;
  measured: boolean;
}

/** The runs' data by their number of samples; empty where runs differ in their data by anything else. */
function datasetsOf(results: Results): Map<number, Dataset> {
  const paths = sweptPaths(results);
  const datasets = new Map<number, Dataset>();
  if (!paths.includes(samplesPath) || paths.some((path) => path.startsWith("data.") && path !== samplesPath))
    return datasets;
  for (const run of specifiedRuns(results)) {
    const setting = settingFor(run);
    if (setting?.dataset.betaStar && run.init.scaling === "weights")
      datasets.set(setting.dataset.samples, setting.dataset);
  }
  return datasets;
}

/** So many curves' points are kept: a page draws them again with every record. */
const mostKept = 256;
const known = new Map<string, number>();

function exactScale(results: Results, dataset: Dataset, depth: number): number {
  const { data } = results.manifest.document as { data?: object };
  const key = JSON.stringify([data, dataset.samples, depth]);
  if (!known.has(key)) {
    if (known.size >= mostKept) known.clear();
    known.set(key, scaleOrNone(dataset, depth));
  }
  return known.get(key)!;
}

function scaleOrNone(dataset: Dataset, depth: number): number {
  try {
    return largestRecoveringScale(dataset, depth);
  } catch {
    // More samples than inputs: no predictor interpolates them.
    return NaN;
  }
}

/** Where the converged runs of a depth and a number of samples cross the error, between two of their alphas. */
function measuredPoints(results: Results): Point[] {
  const { columns } = results.runs;
  const groups = new Map<string, { samples: number; depth: number; errors: ErrorAt[] }>();
  specifiedRuns(results).forEach(({ data, model }, row) => {
    if (columns.status[row] !== "converged" || !("samples" in data) || model.kind !== "diagonal") return;
    const { samples } = data;
    const { depth } = model;
    const key = `${samples} ${depth}`;
    const group = groups.get(key) ?? { samples, depth, errors: [] };
    group.errors.push({
      alpha: numberAt(columns[alphaPath], row),
      error: numberAt(columns[quantity], row),
    });
    groups.set(key, group);
  });
  return [...groups.values()].flatMap(({ samples, depth, errors }) => {
    const crossing = firstCrossing(errors.sort((left, right) => right.alpha - left.alpha));
    return crossing?.above ? [{ x: samples, y: crossing.alpha, depth, measured: true }] : [];
  });
}

/** The largest alpha that recovers at a depth, exactly, by the number of samples; empty where it is not known here. */
export const recoveringScales = (results: Results, depth: number): { samples: number; alpha: number }[] =>
  shows(results)
    ? [...datasetsOf(results)]
        .sort(([left], [right]) => left - right)
        .map(([samples, dataset]) => ({ samples, alpha: exactScale(results, dataset, depth) }))
    : [];

function pointsOf(results: Results): Point[] {
  const exact = depths.flatMap((depth) =>
    recoveringScales(results, depth).map(({ samples, alpha }) => ({
      x: samples,
      y: alpha,
      depth,
      measured: false,
    })),
  );
  return [...exact, ...measuredPoints(results)].filter(({ y }) => Number.isFinite(y));
}

function shows(results: Results): boolean {
  if (!sweptPaths(results).includes(alphaPath)) return false;
  const datasets = [...datasetsOf(results).values()];
  const work = datasets.reduce((sum, { samples, inputs }) => sum + samples ** 2 * inputs, 0);
  return datasets.length >= fewestCounts && work <= mostWork;
}

export const largestRecoveringAlpha = defineFigure({
  id: "largest-recovering-alpha",
  title: "The largest α that recovers β*",
  caption:
    "Against the number of samples, by depth (Woodworth et al. 2020, Figure 3c): with few samples depth 2 needs an α that is exponentially small, larger depths a moderate one.",
  needs: [quantity],
  shows,
  controls: () => ({}),
  draw,
  data(results) {
    const points = pointsOf(results);
    return {
      rows: points.length,
      columns: {
        depth: Int32Array.from(points, ({ depth }) => depth),
        samples: Int32Array.from(points, ({ x }) => x),
        alpha: Float64Array.from(points, ({ y }) => y),
        from: points.map(({ measured }) => (measured ? "runs" : "exact limit")),
      },
    };
  },
});

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(results);
  const exact = points.filter(({ measured }) => !measured);
  const runs = points.filter(({ measured }) => measured);
  const colour = ({ depth }: { depth: number }) => {
    const index = depths.findIndex((known) => known === depth);
    return index < 0 ? theme.muted : theme.categories[index];
  };
  const axes = (type: "linear" | "log", values: number[]) => ({ type, domain: domainOf(values, type) });
  return drawChart(
    {
      label: "The largest alpha that recovers the true predictor, against the number of samples, by depth",
      x: {
        title: "samples N",
        ...axes(
          "linear",
          points.map(({ x }) => x),
        ),
      },
      y: {
        title: "largest α",
        ...axes(
          "log",
          points.map(({ y }) => y),
        ),
      },
      legend: [
        {
          title: "D",
          entries: depths.map((depth) => ({ label: String(depth), colour: colour({ depth }), mark: "line" })),
        },
        {
          entries: [
            { label: "limit of gradient flow, exact", colour: theme.muted, mark: "line" },
            ...(runs.length > 0
              ? [{ label: "between two trained runs", colour: theme.muted, mark: "dot" } as const]
              : []),
          ],
        },
      ],
      marks: [
        Plot.line(exact, { x: "x", y: "y", z: "depth", stroke: colour, strokeWidth: 1.75 }),
        Plot.dot(runs, { x: "x", y: "y", r: 3.5, fill: colour }),
        ...pointed(points, {
          text: ({ x, y, depth, measured }) =>
            [
              `D = ${depth}, N = ${x}`,
              `α = ${formatNumber(y, 3)}`,
              measured ? "between two trained runs" : "exact limit",
            ].join("\n"),
          colour,
          theme,
        }),
      ],
      notes: [
        `Recovered: ‖β − β*‖₂² ≤ ${recoveryError}, coming from large α. Where a curve does not reach, no α down to 3×10⁻⁷ recovers.`,
      ],
    },
    frame,
  );
}
