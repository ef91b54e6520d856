/** Functions that networks draw through points, beside straight lines and the exact limits of the kernel regime. */

import * as Plot from "@observablehq/plot";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Table } from "../../src/document/table.ts";
import type { PointsData, RunSpecification } from "../../src/document/types.ts";
import { arrayFrames } from "../../src/results/array-frames.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import {
  type Interpolant,
  kernelSpline,
  type LayerShares,
  linearSpline,
} from "../../src/theory/univariate-splines.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { numberAt, runLabel } from "./runs.ts";

/** A run's function at its end. */
interface Curve {
  row: number;
  alpha: number;
  points: { x: number; y: number }[];
}

/** Curves by the scale, then in the sweep's order. */
function curvesOf(results: Results): Curve[] {
  const specifications = specifiedRuns(results);
  return Array.from({ length: results.runs.rows }, (_, row) => {
    const last = arrayFrames(results, "function", row).at(-1);
    const { grid } = specifications[row].data as PointsData;
    const [from, to, count] = grid!;
    const points = Array.from(last?.values ?? [], (y, k) => ({
      x: from + ((to - from) * k) / (count - 1),
      y,
    }));
    return { row, alpha: specifications[row].init.alpha, points };
  })
    .filter(({ points }) => points.length > 0)
    .sort((one, other) => one.alpha - other.alpha || one.row - other.row);
}

/**
 * How much of the tangent kernel comes from each layer, from the initialization alone: only the ratio tells.
 *
 * @returns undefined where the weights are not Gaussian
 */
export function layerShares({ model, init }: RunSpecification): LayerShares | undefined {
  if (model.kind !== "relu" || model.widths?.length !== 1) return undefined;
  if (typeof init.shape !== "object" || !("std" in init.shape)) return undefined;
  const { std } = init.shape;
  const [first, second] = [0, 1].map(
    (layer) => (typeof std === "number" ? std : std[layer]) * (init.layerScales?.[layer] ?? 1),
  );
  return { output: first ** 2, input: second ** 2 };
}

/** Points of a run, without the constant beside them. */
function pointsOf({ data }: RunSpecification): { x: number[]; y: number[] } {
  const dataset = loadDataset({ ...(data as PointsData), constant: false }, new Map());
  return { x: [...dataset.X], y: [...dataset.y] };
}

const kernels = new WeakMap<RunSpecification, Interpolant | undefined>();

function kernelLimit(specification: RunSpecification): Interpolant | undefined {
  if (!kernels.has(specification)) {
    const shares = layerShares(specification);
    kernels.set(specification, shares && kernelSpline(pointsOf(specification), shares));
  }
  return kernels.get(specification);
}

function draw(results: Results, frame: Frame, position: number): SVGSVGElement {
  const { theme } = frame;
  const curves = curvesOf(results);
  const chosen = curves[position];
  const specification = specifiedRuns(results)[chosen.row];
  const points = pointsOf(specification);
  const knots = points.x.map((x, i) => ({ x, y: points.y[i] }));
  const spline = linearSpline(points);
  const limit = kernelLimit(specification);
  const along = (f: Interpolant) => chosen.points.map(({ x }) => ({ x, y: f.at(x) }));
  const lines = [...along(spline), ...knots].sort((one, other) => one.x - other.x);
  const limitLine = limit ? along(limit) : [];
  const distance = (f: Interpolant) =>
    Math.sqrt(chosen.points.reduce((sum, { x, y }) => sum + (y - f.at(x)) ** 2, 0) / chosen.points.length);
  return drawChart(
    {
      label: `Functions through points, ${runLabel(results, chosen.row)}`,
      x: {
        title: "x",
        type: "linear",
        domain: domainOf(
          chosen.points.map(({ x }) => x),
          "linear",
        ),
      },
      y: {
        title: "f(x)",
        type: "linear",
        domain: domainOf(
          [...curves.flatMap((curve) => curve.points), ...lines, ...limitLine].map(({ y }) => y),
          "linear",
        ),
      },
      legend: [
        {
          entries: [
            { label: runLabel(results, chosen.row), colour: theme.accent, mark: "line" },
            { label: "other runs", colour: theme.grid, mark: "line" },
          ],
        },
        {
          entries: [
            { label: "α → 0: straight lines", colour: theme.categories[1], mark: "dashed" },
            ...(limit
              ? [
                  {
                    label: "α → ∞: the kernel of infinite width",
                    colour: theme.categories[2],
                    mark: "dashed" as const,
                  },
                ]
              : []),
          ],
        },
      ],
      marks: [
        ...curves.map((curve) =>
          Plot.line(curve.points, { x: "x", y: "y", stroke: theme.grid, strokeWidth: 1.25 }),
        ),
        Plot.line(lines, { x: "x", y: "y", stroke: theme.categories[1], strokeDasharray: "5,3" }),
        Plot.line(limitLine, { x: "x", y: "y", stroke: theme.categories[2], strokeDasharray: "2,3" }),
        Plot.line(chosen.points, { x: "x", y: "y", stroke: theme.accent, strokeWidth: 2.25 }),
        Plot.dot(knots, { x: "x", y: "y", r: 4, fill: theme.text }),
        ...pointed(chosen.points, {
          text: ({ x, y }) =>
            [
              `x = ${formatNumber(x)}: f = ${formatNumber(y)}`,
              `straight lines ${formatNumber(spline.at(x))}`,
              ...(limit ? [`kernel limit ${formatNumber(limit.at(x))}`] : []),
            ].join("\n"),
          colour: () => theme.accent,
          theme,
          runs: () => [numberAt(results.runs.columns.run, chosen.row)],
        }),
      ],
      notes: [
        `Root mean square distance of the marked curve to the straight lines: ${formatNumber(distance(spline), 3)}` +
          (limit ? `, to the kernel limit: ${formatNumber(distance(limit), 3)}.` : "."),
      ],
    },
    frame,
  );
}

export const curvesThroughPoints = defineFigure<{ run: Slider }>({
  id: "curves-through-points",
  title: "Curves through points, from small α to large",
  caption:
    "What networks of one hidden layer make of the gaps between points. From a small start kinks gather at the points and the curve is straight between them; from a large one it is the smooth curve of the tangent kernel.",
  needs: [],
  arrays: ["function"],
  shows: (results) =>
    specifiedRuns(results).every(({ data }) => data.kind === "points" && data.points && data.grid) &&
    curvesOf(results).length > 0,
  controls: (results) => {
    const curves = curvesOf(results);
    return {
      run: {
        kind: "slider",
        label: "α",
        positions: curves.length,
        initial: 0,
        show: (position) => runLabel(results, curves[position].row),
        plays: true,
      },
    };
  },
  draw: (results, frame, { run }) => draw(results, frame, run),
  data(results): Table {
    const rows = curvesOf(results).flatMap(({ row, points }) =>
      points.map((point) => ({ run: numberAt(results.runs.columns.run, row), ...point })),
    );
    return {
      rows: rows.length,
      columns: {
        run: Int32Array.from(rows, ({ run }) => run),
        x: Float64Array.from(rows, ({ x }) => x),
        "f(x)": Float64Array.from(rows, ({ y }) => y),
      },
    };
  },
  linked: {
    control: "run",
    follow(results, _settings, picked) {
      const at = curvesOf(results).findIndex(({ row }) =>
        picked.has(numberAt(results.runs.columns.run, row)),
      );
      return at < 0 ? undefined : at;
    },
    runs: (results, { run }) => [numberAt(results.runs.columns.run, curvesOf(results)[run].row)],
  },
});
