/** Functions of one variable, such as one of every depth: what the figures of theory alone share. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/document/table.ts";
import { type Axis, drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import type { Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";

/** Depths of Woodworth et al.'s Figure 3, and one more. */
export const depths = [2, 3, 5, 8] as const;
const pointsPerDecade = 12;

export interface TheoryCurves {
  label: string;
  x: { title: string; name: string; from: number; to: number };
  y: { title: string; name: string; type: Axis["type"] };
  /** What tells the curves apart: a title for the legend, a name for the table. */
  key: { title?: string; name: string };
  curves: readonly Curve[];
  notes: string[];
}

interface Curve {
  /** As the legend says it. */
  label: string;
  /** As the table does. */
  cell: number | string;
  /** Whether it is there to compare with. */
  dashed?: boolean;
  value(x: number): number;
}

/** A curve of every depth. */
export const ofEveryDepth = (
  value: (x: number, depth: number) => number,
): Pick<TheoryCurves, "key" | "curves"> => ({
  key: { title: "D", name: "depth" },
  curves: depths.map((depth) => ({
    label: String(depth),
    cell: depth,
    value: (x: number) => value(x, depth),
  })),
});

interface Point {
  x: number;
  y: number;
  curve: number;
}

function pointsOf({ x: { from, to }, curves }: TheoryCurves): Point[] {
  const steps = Math.round(pointsPerDecade * Math.log10(to / from));
  const xs = Array.from({ length: steps + 1 }, (_, k) => from * (to / from) ** (k / steps));
  return curves.flatMap(({ value }, curve) => xs.map((x) => ({ x, y: value(x), curve })));
}

export function drawTheoryCurves(
  { label, x, y, key, curves, notes }: TheoryCurves,
  frame: Frame,
): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf({ label, x, y, key, curves, notes });
  const colour = ({ curve }: { curve: number }) =>
    curves[curve].dashed ? theme.muted : theme.categories[curve];
  const isDashed = ({ curve }: Point) => curves[curve].dashed === true;
  const line = { x: "x", y: "y", z: "curve", stroke: colour };
  return drawChart(
    {
      label,
      x: { title: x.title, type: "log", domain: [x.from, x.to] },
      y: {
        title: y.title,
        type: y.type,
        domain: domainOf(
          points.map((point) => point.y),
          y.type,
        ),
      },
      legend: [
        {
          ...(key.title !== undefined && { title: key.title }),
          entries: curves.flatMap((curve, k) =>
            curve.label === ""
              ? []
              : [
                  {
                    label: curve.label,
                    colour: colour({ curve: k }),
                    mark: curve.dashed ? "dashed" : "line",
                  },
                ],
          ),
        },
      ],
      marks: [
        Plot.line(points.filter(isDashed), { ...line, strokeWidth: 1.25, strokeDasharray: "4,3" }),
        Plot.line(
          points.filter((point) => !isDashed(point)),
          { ...line, strokeWidth: 1.75 },
        ),
        ...pointed(points, {
          text: (point) =>
            [
              [key.title, curves[point.curve].label].filter(Boolean).join(" = "),
              `${x.title} = ${formatNumber(point.x)}`,
              formatNumber(point.y),
            ].join("\n"),
          colour,
          theme,
        }),
      ],
      notes,
    },
    frame,
  );
}

export function theoryCurvesTable({ x, y, key, curves, ...rest }: TheoryCurves): Table {
  const points = pointsOf({ x, y, key, curves, ...rest });
  return {
    rows: points.length,
    columns: {
      [key.name]: points.map(({ curve }) => curves[curve].cell),
      [x.name]: Float64Array.from(points, (point) => point.x),
      [y.name]: Float64Array.from(points, (point) => point.y),
    },
  };
}
