/** A function of one variable for several depths: what the figures of theory alone share. */

import * as Plot from "@observablehq/plot";
import type { Table } from "../../src/results/table.ts";
import { type Axis, drawChart, pointed } from "./chart.ts";
import { domainOf } from "./extent.ts";
import type { Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";

/** Depths of Woodworth et al.'s Figure 3, and one more. */
const depths = [2, 3, 5, 8] as const;
const pointsPerDecade = 12;

export interface DepthCurves {
  label: string;
  x: { title: string; name: string; from: number; to: number };
  y: { title: string; name: string; type: Axis["type"] };
  value(x: number, depth: number): number;
  notes: string[];
}

interface Point {
  x: number;
  y: number;
  depth: number;
}

function pointsOf({ x: { from, to }, value }: DepthCurves): Point[] {
  const steps = Math.round(pointsPerDecade * Math.log10(to / from));
  const xs = Array.from({ length: steps + 1 }, (_, k) => from * (to / from) ** (k / steps));
  return depths.flatMap((depth) => xs.map((x) => ({ x, y: value(x, depth), depth })));
}

export function drawDepthCurves(curves: DepthCurves, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const points = pointsOf(curves);
  const colour = ({ depth }: { depth: number }) => theme.categories[depths.findIndex((d) => d === depth)];
  return drawChart(
    {
      label: curves.label,
      x: { title: curves.x.title, type: "log", domain: [curves.x.from, curves.x.to] },
      y: {
        title: curves.y.title,
        type: curves.y.type,
        domain: domainOf(
          points.map(({ y }) => y),
          curves.y.type,
        ),
      },
      legend: [
        {
          title: "D",
          entries: depths.map((depth) => ({ label: String(depth), colour: colour({ depth }), mark: "line" })),
        },
      ],
      marks: [
        Plot.line(points, { x: "x", y: "y", z: "depth", stroke: colour, strokeWidth: 1.75 }),
        ...pointed(points, {
          text: ({ x, y, depth }) =>
            [`D = ${depth}`, `${curves.x.title} = ${formatNumber(x)}`, formatNumber(y)].join("\n"),
          colour,
          theme,
        }),
      ],
      notes: curves.notes,
    },
    frame,
  );
}

export function depthCurvesTable(curves: DepthCurves): Table {
  const points = pointsOf(curves);
  return {
    rows: points.length,
    columns: {
      depth: Int32Array.from(points, ({ depth }) => depth),
      [curves.x.name]: Float64Array.from(points, ({ x }) => x),
      [curves.y.name]: Float64Array.from(points, ({ y }) => y),
    },
  };
}
