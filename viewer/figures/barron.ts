/** What m units err by on the ball, beside Barron's bound and what a constant errs by (Barron 1993). */

import * as Plot from "@observablehq/plot";
import { rollup } from "d3";
import { type BarronFacts, barronFacts, rampsOf } from "../../src/results/barron-facts.ts";
import type { BallData } from "../../src/document/types.ts";
import type { Table } from "../../src/document/table.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, hasPlace } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { hasDiverged, numberAt } from "./runs.ts";

interface Point {
  x: number;
  y: number;
  what: "trained" | "drawn";
  row?: number;
}

const known = new WeakMap<Results, BarronFacts>();

function factsOf(results: Results): BarronFacts {
  const facts = known.get(results) ?? barronFacts(specifiedRuns(results)[0].data as BallData);
  known.set(results, facts);
  return facts;
}

const trainedOf = (results: Results): Point[] =>
  specifiedRuns(results).flatMap((run, row): Point[] => {
    const y = numberAt(results.runs.columns.test_loss, row);
    return hasDiverged(results, row) || !hasPlace(y, "log")
      ? []
      : [{ x: rampsOf(run), y, what: "trained", row }];
  });

/** Powers of 4 up to the widest network. */
function drawnOf(results: Results, { drawn }: BarronFacts): Point[] {
  if (!drawn) return [];
  const most = Math.max(...specifiedRuns(results).map(rampsOf));
  const points: Point[] = [];
  for (let x = 4; x <= most; x *= 4) points.push({ x, y: drawn.measured(x).mean, what: "drawn" });
  return points;
}

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const facts = factsOf(results);
  const { constant, errorOfConstant, bound } = facts;
  const trained = trainedOf(results);
  const drawn = drawnOf(results, facts);
  const means = [
    ...rollup(
      trained,
      (all) => Math.exp(all.reduce((sum, { y }) => sum + Math.log(y), 0) / all.length),
      ({ x }) => x,
    ),
  ]
    .map(([x, y]) => ({ x, y }))
    .sort((one, other) => one.x - other.x);
  const from = Math.min(...trained.map(({ x }) => x));
  const crossing = bound(1) / errorOfConstant;
  const to = Math.max(...trained.map(({ x }) => x), 3 * crossing);
  const line = (value: (units: number) => number, first = from, last = to) =>
    [first, last].map((x) => ({ x, y: value(x) }));
  const x = domainOf([from, to], "log", 0.02);
  const y = domainOf(
    [...trained.map((point) => point.y), ...drawn.map((point) => point.y), bound(from), bound(to)],
    "log",
  );
  const [trainedColour, drawnColour] = theme.categories;
  return drawChart(
    {
      label: "Errors of m units beside Barron's bound",
      x: { title: "units m", type: "log", domain: x },
      y: { title: "mean squared error on the ball", type: "log", domain: y },
      legend: [
        {
          entries: [
            { label: "trained units", colour: trainedColour, mark: "dot" },
            ...(facts.drawn
              ? [
                  {
                    label: "units drawn from the Fourier transform",
                    colour: drawnColour,
                    mark: "ring" as const,
                  },
                  { label: "their mean error, exactly", colour: drawnColour, mark: "line" as const },
                ]
              : []),
            {
              label: `Barron's bound, (2C)²/m, C = ${formatNumber(constant)}`,
              colour: theme.text,
              mark: "line",
            },
            { label: "the best constant", colour: theme.muted, mark: "dashed" },
            {
              label: "where the bound says nothing",
              colour: theme.muted,
              mark: "band",
            },
          ],
        },
      ],
      marks: [
        Plot.rect([{}], {
          x1: x[0],
          x2: Math.min(crossing, x[1]),
          y1: y[0],
          y2: y[1],
          fill: theme.muted,
          fillOpacity: 0.12,
        }),
        Plot.line(
          line(() => errorOfConstant),
          { x: "x", y: "y", stroke: theme.muted, strokeDasharray: "5,3" },
        ),
        Plot.line(line(bound), { x: "x", y: "y", stroke: theme.text, strokeWidth: 1.5 }),
        ...(facts.drawn
          ? [
              Plot.line(line(facts.drawn.expected), {
                x: "x",
                y: "y",
                stroke: drawnColour,
                strokeWidth: 1.5,
                clip: true,
              }),
            ]
          : []),
        Plot.line(means, { x: "x", y: "y", stroke: trainedColour, strokeWidth: 1.75 }),
        Plot.dot(drawn, {
          x: "x",
          y: "y",
          r: 4,
          fill: theme.background,
          stroke: drawnColour,
          strokeWidth: 1.5,
        }),
        Plot.dot(trained, { x: "x", y: "y", r: 3, fill: trainedColour }),
        ...pointed([...trained, ...drawn], {
          text: (point) => `${point.what}, m = ${formatNumber(point.x)}: ${formatNumber(point.y)}`,
          colour: ({ what }) => (what === "trained" ? trainedColour : drawnColour),
          theme,
          runs: ({ row }) => (row === undefined ? [] : [numberAt(results.runs.columns.run, row)]),
        }),
      ],
      notes: [
        `A unit is a ramp, the difference of two rectifiers. The bound is below the error of a constant from m = ${formatNumber(Math.ceil(crossing))} on; before that it allows more than knowing nothing does.`,
        "Trained units are those that descent found in the time it had; better ones may exist. Errors are on the test set.",
      ],
    },
    frame,
  );
}

export const barron = defineFigure<Record<string, never>>({
  id: "barron",
  title: "What m units err by, and what Barron's bound allows",
  caption:
    "Barron's theorem promises that m units err by at most (2C)²/m in any dimension. Units drawn at random from the function's Fourier transform, the idea of its proof, err by a constant over m; trained ones by far less. In the shaded range the promise is weaker than what a constant does.",
  needs: ["test_loss"],
  shows: (results) =>
    specifiedRuns(results).every(
      (run) => run.data.kind === "ball" && run.data.constant && rampsOf(run) > 0,
    ) && new Set(specifiedRuns(results).map(rampsOf)).size > 1,
  controls: () => ({}),
  draw: (results, frame) => draw(results, frame),
  data(results): Table {
    const facts = factsOf(results);
    const points = [...trainedOf(results), ...drawnOf(results, facts)];
    return {
      rows: points.length,
      columns: {
        units: Float64Array.from(points, ({ x }) => x),
        error: Float64Array.from(points, ({ y }) => y),
        of: points.map(({ what }) => what),
        bound: Float64Array.from(points, ({ x }) => facts.bound(x)),
        "error of the best constant": points.map(() => facts.errorOfConstant),
      },
    };
  },
});
