/** What the kernel of infinite width does not predict of networks, against their width. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/document/table.ts";
import { hasKnownKernel, residualComponents } from "../../src/results/residual-components.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { ReluModel } from "../../src/document/types.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { numberAt } from "./runs.ts";

interface Point {
  x: number;
  y: number;
  row: number;
}

const pointsOf = (results: Results): Point[] =>
  specifiedRuns(results).map(({ model }, row) => ({
    x: (model as ReluModel).widths![0],
    y: Math.max(...residualComponents(results, row).records.map(({ rest }) => rest)),
    row,
  }));

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(results).filter(({ y }) => y > 0 && Number.isFinite(y));
  const widths = points.map(({ x }) => x);
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  const level = Math.exp(
    points.reduce((sum, { x, y }) => sum + Math.log(y * Math.sqrt(x)), 0) / points.length,
  );
  const law = [least, most].map((x) => ({ x, y: level / Math.sqrt(x) }));
  return drawChart(
    {
      label: "What the kernel does not predict, against width",
      x: { title: "hidden units m", type: "log", domain: domainOf(widths, "log") },
      y: {
        title: "largest rms of what the kernel does not predict",
        type: "log",
        domain: domainOf(
          [...points, ...law].map(({ y }) => y),
          "log",
        ),
      },
      legend: [{ entries: [{ label: "m to the power −1/2", colour: theme.muted, mark: "dashed" }] }],
      marks: [
        Plot.line(law, { x: "x", y: "y", stroke: theme.muted, strokeDasharray: "4,3" }),
        Plot.dot(points, { x: "x", y: "y", r: 3.5, fill: theme.accent }),
        ...pointed(points, {
          text: ({ x, y }) => `m = ${formatNumber(x)}: ${formatNumber(y)}`,
          colour: () => theme.accent,
          theme,
          runs: ({ row }) => [numberAt(results.runs.columns.run, row)],
        }),
      ],
      notes: ["A dot a run. The dashed line has the slope of theory and the height of the dots."],
    },
    frame,
  );
}

export const restAgainstWidth = defineFigure<Record<string, never>>({
  id: "rest-against-width",
  title: "What the kernel does not predict, against width",
  caption:
    "The largest distance in training between a network's outputs and those of the infinitely wide one. It falls like one over the root of the width: wide networks are kernel methods.",
  needs: [],
  arrays: ["outputs"],
  shows: (results) =>
    specifiedRuns(results).every(hasKnownKernel) && new Set(pointsOfWidths(results)).size > 1,
  controls: () => ({}),
  draw: (results, frame) => draw(results, frame),
  data(results): Table {
    const points = pointsOf(results);
    return {
      rows: points.length,
      columns: {
        run: results.runs.columns.run,
        width: Float64Array.from(points, ({ x }) => x),
        rest: Float64Array.from(points, ({ y }) => y),
      },
    };
  },
});

const pointsOfWidths = (results: Results): number[] =>
  specifiedRuns(results).map(({ model }) => (model as ReluModel).widths![0]);
