/** The residual along eigenvectors of the tangent kernel, beside the exponentials by which infinitely wide networks decay. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/document/table.ts";
import { hasKnownKernel, residualComponents } from "../../src/results/residual-components.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, LeftOut } from "./extent.ts";
import { defineFigure, type Frame, type Slider } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { numberAt, runLabel } from "./runs.ts";

/** So many components are drawn, of the leading ones those that the residual has most of. */
const [drawn, leading] = [4, 12];

interface Point {
  x: number;
  y: number;
  predicted: number;
  component: number;
}

function pointsOf(results: Results, row: number): { points: Point[]; rest: { x: number; y: number }[] } {
  const { records } = residualComponents(results, row);
  const first = records[0].measured;
  const components = [...first.keys()]
    .slice(0, leading)
    .sort((one, other) => Math.abs(first[other]) - Math.abs(first[one]))
    .slice(0, drawn)
    .sort((one, other) => one - other);
  return {
    points: components.flatMap((component) =>
      records.map(({ steps, measured, predicted }) => ({
        x: steps,
        y: Math.abs(measured[component]),
        predicted: Math.abs(predicted[component]),
        component,
      })),
    ),
    rest: records.map(({ steps, rest }) => ({ x: steps, y: rest })),
  };
}

function draw(results: Results, frame: Frame, row: number): SVGSVGElement {
  const { theme } = frame;
  const { points, rest } = pointsOf(results, row);
  const { eigenvalues } = residualComponents(results, row);
  const components = [...new Set(points.map(({ component }) => component))];
  const colour = ({ component }: { component: number }) => theme.categories[components.indexOf(component)];
  // What has gone below a thousandth of the largest is nothing but the rest.
  const floor = Math.max(...points.map(({ y }) => y)) / 1000;
  const leftOut = new LeftOut();
  const shown = points.filter(({ x, y }) => y > floor && leftOut.admits(x, y, "linear", "log"));
  const restShown = rest.filter(({ y }) => y > floor);
  return drawChart(
    {
      label: `Residual along eigenvectors of the kernel, ${runLabel(results, row)}`,
      x: {
        title: "steps",
        type: "linear",
        domain: domainOf(
          points.map(({ x }) => x),
          "linear",
        ),
      },
      y: {
        title: "|(f − y) · fᵢ|",
        type: "log",
        domain: domainOf(
          [...shown, ...restShown].map(({ y }) => y),
          "log",
        ),
      },
      legend: [
        {
          title: "component, λᵢ of K/N",
          entries: components.map((component) => ({
            label: `${component + 1}: ${formatNumber(eigenvalues[component], 3)}`,
            colour: colour({ component }),
            mark: "line",
          })),
        },
        {
          entries: [
            { label: "infinite width: (1 − 2ηλᵢ)ᵗ", colour: theme.muted, mark: "dashed" },
            { label: "rms of what that leaves out", colour: theme.muted, mark: "line" },
          ],
        },
      ],
      marks: [
        Plot.line(restShown, { x: "x", y: "y", stroke: theme.muted, strokeWidth: 1.25 }),
        Plot.line(
          points.filter(({ predicted }) => predicted > floor),
          {
            x: "x",
            y: "predicted",
            z: "component",
            stroke: colour,
            strokeDasharray: "4,3",
            strokeWidth: 1.25,
          },
        ),
        Plot.line(shown, { x: "x", y: "y", z: "component", stroke: colour, strokeWidth: 1.75 }),
        ...pointed(shown, {
          text: ({ x, y, predicted, component }) =>
            [
              `component ${component + 1} after ${formatNumber(x)} steps`,
              `${formatNumber(y)}, infinite width ${formatNumber(predicted)}`,
            ].join("\n"),
          colour,
          theme,
          line: ({ component }) => String(component),
          runs: () => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: [`Below a thousandth of the largest nothing is drawn.`, ...leftOut.notes()],
    },
    frame,
  );
}

export const kernelComponents = defineFigure<{ run: Slider }>({
  id: "kernel-components",
  title: "The residual along the eigenvectors of the tangent kernel",
  caption:
    "Each component of the residual decays at its own pace, set by an eigenvalue of the tangent kernel: first what is smooth, late what is not. Dashes are what an infinitely wide network does; a narrow one departs from them.",
  needs: [],
  arrays: ["outputs"],
  shows: (results) => specifiedRuns(results).every(hasKnownKernel),
  controls: (results) => ({
    run: {
      kind: "slider",
      label: "Run",
      positions: results.runs.rows,
      initial: results.runs.rows - 1,
      show: (position) => runLabel(results, position),
    },
  }),
  draw: (results, frame, { run }) => draw(results, frame, run),
  data(results, { run }): Table {
    const { points } = pointsOf(results, run);
    const column = (name: keyof Point) => Float64Array.from(points, (point) => point[name]);
    return {
      rows: points.length,
      columns: {
        component: Int32Array.from(points, ({ component }) => component + 1),
        steps: column("x"),
        measured: column("y"),
        predicted: column("predicted"),
      },
    };
  },
});
