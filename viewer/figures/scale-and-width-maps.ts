/** What a factorization ends with over alpha and its width, three maps side by side, with the line where both are worth the same. */

import * as Plot from "@observablehq/plot";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { colourScale } from "./colour-scale.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { quantitySymbol, quantityTitle } from "./over-training.ts";
import { drawPanels } from "./panels.ts";
import { type Axis, axisPairs, mapOf } from "./phase-map.ts";
import { certainty } from "./nuclear-certainty.ts";
import { axisTitle } from "./trial-labels.ts";

const [width, alpha] = ["model.width", "init.alpha"];

/** Woodworth et al.'s two, and the same over the least norm there is. */
const quantities = ["truth_excess_nuclear", "unobserved_drift", "excess_nuclear"];

const mapsOf = (results: Results) =>
  quantities.map((quantity) => ({
    quantity,
    ...mapOf(results, { quantity, x: width, y: alpha, rest: "0" }),
  }));

const chartAxis = ({ path, values, edges }: Axis) => ({
  title: axisTitle(path),
  type: "log" as const,
  domain: [edges[0], edges.at(-1)!] as [number, number],
  ticks: values,
});

/** alpha^2 k = 1 across the map. */
function even(x: Axis, y: Axis): { x: number; y: number }[] {
  const [left, right] = [x.edges[0], x.edges.at(-1)!];
  const [low, high] = [y.edges[0], y.edges.at(-1)!];
  return [Math.max(left, high ** -2), Math.min(right, low ** -2)].map((k) => ({ x: k, y: k ** -0.5 }));
}

/** Norms span decades, and where they come to nothing they may end below. */
const least = 0.01;

function drawMap(
  results: Results,
  { quantity, x, y, cells: all, colour: wanted }: ReturnType<typeof mapsOf>[number],
  frame: Frame,
): SVGSVGElement {
  const { theme } = frame;
  const isNorm = quantity !== "unobserved_drift";
  const colour = isNorm ? "log" : wanted;
  const cells = all.map((cell) => ({ ...cell, shown: isNorm ? Math.max(cell.value, least) : cell.value }));
  const colours = colourScale(
    cells.map(({ shown }) => shown),
    colour,
    theme,
  );
  const box = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  return drawChart(
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
        { entries: [{ label: "α²k = 1", colour: theme.text, mark: "line", dash: "5,3" }] },
      ],
      marks: [
        Plot.rect(cells, {
          ...box,
          fill: ({ shown }: { shown: number }) => colours.of(shown),
          stroke: theme.background,
          strokeWidth: 0.5,
        }),
        Plot.line(even(x, y), { x: "x", y: "y", stroke: theme.background, strokeWidth: 4 }),
        Plot.line(even(x, y), {
          x: "x",
          y: "y",
          stroke: theme.text,
          strokeWidth: 1.75,
          strokeDasharray: "5,3",
        }),
        ...pointed(cells, {
          text: (cell) =>
            [
              `${axisTitle(x.path)} = ${formatNumber(cell.x)}, ${axisTitle(y.path)} = ${formatNumber(cell.y)}`,
              `${quantitySymbol(quantity)} = ${formatNumber(cell.value)}`,
            ].join("\n"),
          colour: () => theme.text,
          theme,
          line: ({ row }) => String(row),
          box: (cell) => cell,
        }),
      ],
      notes: [
        ...(cells.some(({ rows }) => rows.length > 1) ? ["Cells hold the median of their trials."] : []),
        ...(isNorm ? [`Below ${least} as ${least}.`] : []),
        ...(quantity === "excess_nuclear" ? certainty(results) : []),
      ],
    },
    frame,
  );
}

export const scaleAndWidthMaps = defineFigure({
  id: "scale-and-width-maps",
  title: "Scale and width of a factorization",
  caption:
    "How far the nuclear norm ends above that of the true matrix and above the least one, and how far entries have moved that nobody observed. Along α²k = const it is the same: width is a scale. Above the line the kernel hardly moves, and neither do they.",
  needs: quantities,
  wide: true,
  shows: (results) => axisPairs(results).some(([x, y]) => x === width && y === alpha),
  controls: () => ({}),
  draw: (results, frame) =>
    drawPanels(
      "Excess nuclear norms and movement over scale and width",
      mapsOf(results).map((map) => ({
        title: quantityTitle(map.quantity),
        draw: (panel: Frame) => drawMap(results, map, panel),
      })),
      frame,
    ),
  data(results) {
    const maps = mapsOf(results);
    const [{ cells }] = maps;
    return {
      rows: cells.length,
      columns: {
        [width]: Float64Array.from(cells, ({ x }) => x),
        [alpha]: Float64Array.from(cells, ({ y }) => y),
        ...Object.fromEntries(
          maps.map((map) => [map.quantity, Float64Array.from(map.cells, ({ value }) => value)]),
        ),
      },
    };
  },
});
