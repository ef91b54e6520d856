/** Two results side by side: a quantity of both, and below it their ratio or difference. */

import * as Plot from "@observablehq/plot";
import { ascending, median, rollup } from "d3";
import type { Results } from "../../src/results/types.ts";
import { type Axis, drawChart, leftOf, pointed } from "./chart.ts";
import { domainOf, hasPlace, wantedAxis } from "./extent.ts";
import { type Choice, defineFigure, type Figure, type Frame, type Settings } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { quantitySymbol, quantityTitle } from "./over-training.ts";
import { hasDiverged, historyRows, numberAt, pathSymbol, sweptPaths } from "./runs.ts";
import { drawStacked } from "./stacked.ts";

export interface Pair {
  first: Results;
  second: Results;
  /** What the two are called. */
  names: readonly [string, string];
}

interface Controls extends Record<string, Choice> {
  against: Choice;
  below: Choice;
}

const overTraining = "epoch";
const belowHeight = 110;

/** Quantities that both have recorded. */
export const sharedQuantities = ({ first, second }: Pair): string[] =>
  Object.keys(first.runs.columns).filter(
    (name) =>
      name in first.history.columns &&
      name in second.runs.columns &&
      !["run", "epoch", "time"].includes(name),
  );

/** Numbers that both sweep and that take more than one value, alpha first. */
function sharedPaths({ first, second }: Pair): string[] {
  const isRange = ({ runs }: Results, path: string) => {
    const values = new Set(runs.columns[path] as Iterable<unknown>);
    return values.size > 1 && [...values].every((value) => typeof value === "number");
  };
  return sweptPaths(first)
    .filter((path) => path in second.runs.columns && isRange(first, path) && isRange(second, path))
    .sort((a, b) => Number(b === "init.alpha") - Number(a === "init.alpha"));
}

/** The median of the runs at each place of an axis: their last values, or those of a record. */
function mediansOf(results: Results, quantity: string, against: string): Map<number, number> {
  const { runs, history } = results;
  const points: { x: number; y: number }[] = [];
  for (let row = 0; row < runs.rows; row++) {
    if (hasDiverged(results, row)) continue;
    if (against !== overTraining)
      points.push({ x: numberAt(runs.columns[against], row), y: numberAt(runs.columns[quantity], row) });
    else
      for (const record of historyRows(results)[row] ?? [])
        points.push({
          x: numberAt(history.columns.epoch, record),
          y: numberAt(history.columns[quantity], record),
        });
  }
  const known = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const medians = rollup(
    known,
    (group) => median(group, ({ y }) => y)!,
    ({ x }) => x,
  );
  return new Map([...medians].sort(([a], [b]) => ascending(a, b)));
}

/** The figure of a quantity that both have. */
export const comparisonFigure = (quantity: string): Figure<Controls, Pair> =>
  defineFigure<Controls, Pair>({
    id: `comparison-${quantity}`,
    title: quantityTitle(quantity),
    caption: "Above, both; below, the second against the first. Of runs that share a place, the median.",
    needs: [],
    controls: (pair) => ({
      against: {
        kind: "choice",
        label: "Against",
        options: [
          ...sharedPaths(pair).map((path) => ({ value: path, label: pathSymbol(path) })),
          { value: overTraining, label: "epoch" },
        ],
        initial: sharedPaths(pair)[0] ?? overTraining,
      },
      below: {
        kind: "choice",
        label: "Below",
        options: [
          { value: "ratio", label: "ratio" },
          { value: "difference", label: "difference" },
        ],
        initial: "ratio",
      },
    }),
    draw: (pair, frame, settings) => draw(quantity, pair, frame, settings),
    data(pair, { against }) {
      const [first, second] = [pair.first, pair.second].map((one) => mediansOf(one, quantity, against));
      const places = [...new Set([...first.keys(), ...second.keys()])].sort(ascending);
      const column = (of: (place: number) => number | undefined) =>
        Float64Array.from(places, (place) => of(place) ?? NaN);
      return {
        rows: places.length,
        columns: {
          [against]: Float64Array.from(places),
          first: column((place) => first.get(place)),
          second: column((place) => second.get(place)),
          ratio: column((place) => second.get(place)! / first.get(place)!),
          difference: column((place) => second.get(place)! - first.get(place)!),
        },
      };
    },
  }) as Figure<Controls, Pair>;

function draw(
  quantity: string,
  pair: Pair,
  frame: Frame,
  { against, below }: Settings<Controls>,
): SVGSVGElement {
  const { theme } = frame;
  const sides = [pair.first, pair.second].map((one) => mediansOf(one, quantity, against));
  const symbol = quantitySymbol(quantity);
  const places = sides.flatMap((side) => [...side.keys()]);
  const values = sides.flatMap((side) => [...side.values()]);
  const xType = against === overTraining && places.includes(0) ? "symlog" : wantedAxis(places);
  const smallest = Math.min(...places.filter((place) => place > 0));
  const x: Axis = {
    title: against === overTraining ? "epoch" : pathSymbol(against),
    type: xType,
    ...(xType === "symlog" && Number.isFinite(smallest) && { constant: smallest }),
    domain: domainOf(places, xType, xType === "symlog" ? 0 : 0.04),
  };
  const yType = wantedAxis(values);
  const y: Axis = { title: symbol, type: yType, domain: domainOf(values, yType) };
  const points = sides.map((side, k) =>
    Array.from(side, ([place, value]) => ({ x: place, y: value, side: k })).filter((point) =>
      hasPlace(point.y, yType),
    ),
  );
  const [first, second] = sides;
  const isRatio = below === "ratio";
  const gaps = Array.from(second, ([place, value]) => ({
    x: place,
    y: isRatio ? value / first.get(place)! : value - first.get(place)!,
  })).filter((gap) => Number.isFinite(gap.y));
  const gapValues = [...gaps.map((gap) => gap.y), isRatio ? 1 : 0];
  const gapType = isRatio ? wantedAxis(gapValues) : "linear";
  const gapAxis: Axis = {
    title: isRatio ? "second / first" : "second − first",
    type: gapType,
    domain: domainOf(gapValues, gapType, 0.12),
  };
  const left = Math.max(leftOf(y), leftOf(gapAxis, 4));
  const colours = [theme.categories[0], theme.categories[1]];
  const colour = ({ side }: { side: number }) => colours[side];
  const crowded = places.length > 60;
  const upper = drawChart(
    {
      label: `${quantityTitle(quantity)} of both against ${x.title}`,
      left,
      x: { ...x, title: "" },
      y,
      legend: [
        {
          entries: pair.names.map((label, k) => ({
            label,
            colour: colours[k],
            mark: k === 0 ? "line" : "dashed",
          })),
        },
      ],
      marks: [
        ...points.map((own, k) =>
          Plot.line(own, {
            x: "x",
            y: "y",
            stroke: colours[k],
            strokeWidth: 1.75,
            ...(k === 1 && { strokeDasharray: "5,3" }),
          }),
        ),
        ...(crowded ? [] : points.map((own) => Plot.dot(own, { x: "x", y: "y", r: 3, fill: colour }))),
        ...pointed(points.flat(), {
          text: (point) =>
            [
              pair.names[point.side],
              `${x.title} = ${formatNumber(point.x)}`,
              `${symbol} = ${formatNumber(point.y)}`,
            ].join("\n"),
          colour,
          theme,
        }),
      ],
      notes: [],
    },
    frame,
  );
  const lower = drawChart(
    {
      label: `${gapAxis.title} against ${x.title}`,
      left,
      height: belowHeight,
      x,
      y: gapAxis,
      legend: [],
      marks: [
        Plot.ruleY([isRatio ? 1 : 0], { stroke: theme.muted, strokeDasharray: "4,3" }),
        Plot.line(gaps, { x: "x", y: "y", stroke: theme.text, strokeWidth: 1.5 }),
        ...(crowded ? [] : [Plot.dot(gaps, { x: "x", y: "y", r: 2.5, fill: theme.text })]),
        ...pointed(gaps, {
          text: (gap) => `${x.title} = ${formatNumber(gap.x)}\n${gapAxis.title} = ${formatNumber(gap.y)}`,
          colour: () => theme.text,
          theme,
        }),
      ],
      notes: [
        ...(gaps.length < Math.max(first.size, second.size)
          ? [
              `Below only where both have a value that is not zero: at ${gaps.length} of ${new Set(places).size} places.`,
            ]
          : []),
      ],
    },
    frame,
  );
  return drawStacked(`${quantityTitle(quantity)}, compared`, [upper, lower], frame);
}
