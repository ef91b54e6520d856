/** How well products of few and of many factors complete a matrix, from few and many entries, beside the least nuclear norm. */

import * as Plot from "@observablehq/plot";
import { group, mean } from "d3";
import type { Table } from "../../src/document/table.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, wantedAxis } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { certainty } from "./nuclear-certainty.ts";
import { quantitySymbol, quantityTitle } from "./over-training.ts";
import { drawPanels } from "./panels.ts";
import { hasDiverged, numberAt, sweptPaths } from "./runs.ts";
import { axisTitle } from "./trial-labels.ts";

const against = "data.observed";
const quantities = ["reconstruction_error", "predictor_nuclear", "effective_rank"] as const;

interface Point {
  observed: number;
  /** Factors; 0 stands for the solution of least nuclear norm. */
  factors: number;
  value: number;
}

const nameOf = (factors: number): string =>
  factors === 0 ? "least nuclear norm" : `${factors} ${factors === 1 ? "factor" : "factors"}`;

/** Means over what is swept besides, by factors and entries. */
function pointsOf(results: Results, quantity: (typeof quantities)[number]): Point[] {
  const { columns, rows } = results.runs;
  const runs = specifiedRuns(results);
  const observed = (row: number) => numberAt(columns[against], row);
  const all: Point[] = [];
  for (let row = 0; row < rows; row++) {
    const { model } = runs[row];
    if (model.kind !== "matrix" || hasDiverged(results, row)) continue;
    all.push({
      observed: observed(row),
      factors: model.factors,
      value: numberAt(columns[quantity], row),
    });
  }
  for (const minimum of results.manifest.minimumNuclear ?? []) {
    const row = Array.from({ length: rows }, (_, k) => k).find(
      (k) => numberAt(columns.run, k) === minimum.run,
    );
    if (row === undefined) continue;
    const value = quantity === "predictor_nuclear" ? minimum.nuclear : minimum[quantity];
    all.push({ observed: observed(row), factors: 0, value: value ?? NaN });
  }
  const known = all.filter(({ value }) => Number.isFinite(value));
  return [...group(known, ({ factors, observed }) => `${factors} ${observed}`).values()]
    .map((own) => ({ ...own[0], value: mean(own, ({ value }) => value)! }))
    .sort((a, b) => a.factors - b.factors || a.observed - b.observed);
}

function drawQuantity(results: Results, quantity: (typeof quantities)[number], frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(results, quantity);
  const factors = [...new Set(points.map((point) => point.factors))].filter(Boolean);
  const colour = ({ factors: own }: { factors: number }) =>
    own === 0 ? theme.muted : theme.categories[factors.indexOf(own) % theme.categories.length];
  const values = points.map(({ value }) => value);
  const places = points.map(({ observed }) => observed);
  const type = wantedAxis(values);
  const least = points.filter((point) => point.factors === 0);
  return drawChart(
    {
      label: `${quantityTitle(quantity)} against ${axisTitle(against)}`,
      x: { title: axisTitle(against), type: "linear", domain: domainOf(places, "linear") },
      y: { title: quantitySymbol(quantity), type, domain: domainOf(values, type) },
      legend: [
        {
          entries: factors.map((own) => ({
            label: nameOf(own),
            colour: colour({ factors: own }),
            mark: "line" as const,
          })),
        },
        {
          entries:
            least.length > 0 ? [{ label: nameOf(0), colour: theme.muted, mark: "dashed" as const }] : [],
        },
      ],
      marks: [
        Plot.line(least, { x: "observed", y: "value", stroke: theme.muted, strokeDasharray: "5,3" }),
        Plot.line(
          points.filter((point) => point.factors > 0),
          { x: "observed", y: "value", z: "factors", stroke: colour, strokeWidth: 1.75 },
        ),
        Plot.dot(points, { x: "observed", y: "value", r: 3, fill: colour }),
        ...pointed(
          points.map((point) => ({ ...point, x: point.observed, y: point.value })),
          {
            text: ({ observed, factors: own, value }) =>
              `${nameOf(own)}, ${axisTitle(against)} = ${observed}\n${quantitySymbol(quantity)} = ${formatNumber(value)}`,
            colour,
            theme,
            line: ({ factors: own }) => String(own),
          },
        ),
      ],
      notes: quantity === "predictor_nuclear" ? certainty(results) : [],
    },
    frame,
  );
}

export const completionAgainstObservations = defineFigure({
  id: "completion-against-observations",
  title: "Completion by products of factors",
  caption:
    "Where training ends, by the number of entries that are seen. From enough of them, three and more factors find the true matrix where the least nuclear norm does not; from too few, more factors are worse.",
  needs: quantities,
  wide: true,
  shows: (results) => sweptPaths(results).includes(against) && pointsOf(results, "effective_rank").length > 3,
  controls: () => ({}),
  draw: (results, frame) =>
    drawPanels(
      "Reconstruction error, nuclear norm and effective rank by the number of entries seen",
      quantities.map((quantity) => ({
        title: quantityTitle(quantity),
        draw: (panel: Frame) => drawQuantity(results, quantity, panel),
      })),
      frame,
    ),
  data(results): Table {
    const [first, ...others] = quantities.map((quantity) => pointsOf(results, quantity));
    const values = [first, ...others].map((points) => Float64Array.from(points, ({ value }) => value));
    return {
      rows: first.length,
      columns: {
        factors: first.map(({ factors }) => (factors === 0 ? nameOf(0) : factors)),
        [against]: Float64Array.from(first, ({ observed }) => observed),
        ...Object.fromEntries(quantities.map((quantity, k) => [quantity, values[k]])),
      },
    };
  },
});
