/** Singular values of factorized matrices over training, a panel a run. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/document/table.ts";
import { historyRows } from "../../src/results/run-rows.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart } from "./chart.ts";
import { domainOf } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { numberAt, sweptPaths } from "./runs.ts";
import { valueLabel } from "./trial-labels.ts";

/** Panels that can be told apart, and singular values of each that matter. */
const [mostRuns, mostValues] = [6, 8];
/** Below this share of the largest they are rounding. */
const rounding = 1e-6;

interface Point {
  run: number;
  rank: number;
  epoch: number;
  value: number;
}

function pointsOf(results: Results): Point[] {
  const { shape, data } = results.arrays.singular_values!;
  const [runs, records, size] = shape;
  const { epoch } = results.history.columns;
  const points: Point[] = [];
  for (let run = 0; run < Math.min(runs, mostRuns); run++)
    Array.from(historyRows(results)[run] ?? []).forEach((row, k) => {
      const record = results.thinned ? results.thinned.records[row] : k;
      for (let rank = 0; rank < Math.min(size, mostValues); rank++)
        points.push({
          run,
          rank,
          epoch: numberAt(epoch, row),
          value: data[(run * records + record) * size + rank],
        });
    });
  return points.filter(({ value }) => Number.isFinite(value));
}

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(results);
  const largest = Math.max(...points.map(({ value }) => value));
  const [first, last] = frame.epochs ?? [0, Infinity];
  const drawn = points.filter(
    ({ epoch, value }) => epoch > 0 && epoch >= first && epoch <= last && value > rounding * largest,
  );
  const runs = [...new Set(points.map(({ run }) => run))];
  const columns = frame.width < 620 ? 1 : Math.min(2, runs.length);
  const paths = sweptPaths(results).slice(0, 1);
  const at = ({ run }: Point) => runs.indexOf(run);
  return drawChart(
    {
      label: "Singular values over training, a panel a run",
      x: {
        title: "epoch",
        type: "log",
        domain: domainOf(
          drawn.map(({ epoch }) => epoch),
          "log",
        ),
      },
      y: {
        title: "σ",
        type: "log",
        domain: domainOf(
          drawn.map(({ value }) => value),
          "log",
        ),
      },
      panels: {
        columns,
        titles: runs.map((run) =>
          paths.map((path) => valueLabel(path, results.runs.columns[path][run])).join(", "),
        ),
      },
      legend: [],
      marks: [
        Plot.line(drawn, {
          x: "epoch",
          y: "value",
          z: ({ run, rank }: Point) => `${run} ${rank}`,
          fx: (point: Point) => at(point) % columns,
          fy: (point: Point) => Math.floor(at(point) / columns),
          stroke: ({ rank }: Point) => theme.line(rank / (mostValues - 1)),
          strokeWidth: 1.5,
        }),
      ],
      notes: [
        `The ${mostValues} largest of each run, in order; epoch 0 has no place on this axis.`,
        ...(results.arrays.singular_values!.shape[0] > mostRuns ? [`The first ${mostRuns} runs.`] : []),
      ],
    },
    frame,
  );
}

export const singularValues = defineFigure({
  id: "singular-values",
  title: "Singular values over training",
  caption:
    "From small factors singular values grow one after the other; the more factors, the later and the faster each, and the less is left of those that the data do not need.",
  needs: [],
  arrays: ["singular_values"],
  wide: true,
  shows: (results) => pointsOf(results).length > 0,
  controls: () => ({}),
  draw,
  brushes: () => "epoch",
  data(results): Table {
    const points = pointsOf(results);
    const column = (name: keyof Point) => Float64Array.from(points, (point) => point[name]);
    return {
      rows: points.length,
      columns: {
        run: column("run"),
        rank: column("rank"),
        epoch: column("epoch"),
        singular_value: column("value"),
      },
    };
  },
});
