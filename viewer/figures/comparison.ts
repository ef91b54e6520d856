/** Two results side by side: a quantity of both, and below it their ratio or difference. */

import * as Plot from "@observablehq/plot";
import { ascending, median, rollup } from "d3";
import { otherPaths, settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { type Axis, drawChart, leftOf, pointed } from "./chart.ts";
import { domainOf, hasPlace, wantedAxis } from "./extent.ts";
import { type Choice, defineFigure, type Figure, type Frame, type Settings } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { quantitySymbol, quantityTitle } from "./over-training.ts";
import { formatCell, hasDiverged, historyRows, numberAt, pathSymbol, sweptPaths } from "./runs.ts";
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

/** A point of one setting of what is swept beside the axis. */
interface Place {
  setting: string;
  x: number;
  y: number;
}

/** A run at some places of the axis: its last value, or those of its records; past its end it keeps its last. */
function courseOf(
  results: Results,
  quantity: string,
  against: string,
  row: number,
  places: number[],
): Place[] {
  const { runs, history } = results;
  const setting = (against === overTraining ? settingPaths(results) : otherPaths(results, against))
    .map((path) => `${pathSymbol(path)} = ${formatCell(runs.columns[path][row])}`)
    .join(", ");
  if (against !== overTraining)
    return [{ setting, x: numberAt(runs.columns[against], row), y: numberAt(runs.columns[quantity], row) }];
  const records = Array.from(historyRows(results)[row] ?? []);
  let last = 0;
  return places.map((x) => {
    while (last + 1 < records.length && numberAt(history.columns.epoch, records[last + 1]) <= x) last += 1;
    return { setting, x, y: numberAt(history.columns[quantity], records[last]) };
  });
}

/** By setting, the median of its runs at each place of an axis: only seeds are pooled. */
function mediansOf(results: Results, quantity: string, against: string): Map<string, Map<number, number>> {
  const places =
    against === overTraining
      ? [...new Set(results.history.columns.epoch as Iterable<number>)].sort(ascending)
      : [];
  const points: Place[] = [];
  for (let row = 0; row < results.runs.rows; row++)
    if (!hasDiverged(results, row)) points.push(...courseOf(results, quantity, against, row, places));
  const known = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const medians = rollup(
    known,
    (group) => median(group, ({ y }) => y)!,
    ({ setting }) => setting,
    ({ x }) => x,
  );
  for (const [setting, own] of medians)
    medians.set(setting, new Map([...own].sort(([a], [b]) => ascending(a, b))));
  return medians;
}

const flat = (medians: Map<string, Map<number, number>>): Place[] =>
  Array.from(medians, ([setting, own]) => Array.from(own, ([x, y]) => ({ setting, x, y }))).flat();

/** The figure of a quantity that both have. */
export const comparisonFigure = (quantity: string): Figure<Controls, Pair> =>
  defineFigure<Controls, Pair>({
    id: `comparison-${quantity}`,
    title: quantityTitle(quantity),
    caption:
      "Above, both; below, the second against the first. A line is a setting; of runs that differ by seeds alone, the median.",
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
      const rows = [...new Set([...first.keys(), ...second.keys()])].flatMap((setting) =>
        [...new Set([first, second].flatMap((medians) => [...(medians.get(setting)?.keys() ?? [])]))]
          .sort(ascending)
          .map((x) => ({ setting, x })),
      );
      const at =
        (medians: typeof first) =>
        ({ setting, x }: (typeof rows)[0]) =>
          medians.get(setting)?.get(x) ?? NaN;
      const [one, other] = [rows.map(at(first)), rows.map(at(second))];
      return {
        rows: rows.length,
        columns: {
          setting: rows.map(({ setting }) => setting),
          [against]: Float64Array.from(rows, ({ x }) => x),
          first: Float64Array.from(one),
          second: Float64Array.from(other),
          ratio: Float64Array.from(rows, (_, k) => other[k] / one[k]),
          difference: Float64Array.from(rows, (_, k) => other[k] - one[k]),
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
  const places = sides.flatMap(flat).map((place) => place.x);
  const values = sides.flatMap(flat).map((place) => place.y);
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
    flat(side)
      .map((place) => ({ ...place, side: k }))
      .filter((point) => hasPlace(point.y, yType)),
  );
  const [first, second] = sides;
  const isRatio = below === "ratio";
  const gaps = flat(second)
    .map(({ setting, x: place, y: value }) => {
      const own = first.get(setting)?.get(place) ?? NaN;
      return { setting, x: place, y: isRatio ? value / own : value - own };
    })
    .filter((gap) => Number.isFinite(gap.y));
  const gapValues = [...gaps.map((gap) => gap.y), isRatio ? 1 : 0];
  const gapType = isRatio ? wantedAxis(gapValues) : "linear";
  const gapAxis: Axis = {
    title: isRatio ? "second / first" : "second − first",
    type: gapType,
    domain: domainOf(gapValues, gapType, 0.12),
  };
  const isCompared = gaps.length > 0;
  const left = Math.max(leftOf(y), isCompared ? leftOf(gapAxis, 4) : 0);
  const colours = [theme.categories[0], theme.categories[1]];
  const colour = ({ side }: { side: number }) => colours[side];
  const crowded = places.length > 60;
  const upper = drawChart(
    {
      label: `${quantityTitle(quantity)} of both against ${x.title}`,
      left,
      x: { ...x, title: isCompared ? "" : x.title },
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
            z: "setting",
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
              ...(point.setting ? [point.setting] : []),
              `${x.title} = ${formatNumber(point.x)}`,
              `${symbol} = ${formatNumber(point.y)}`,
            ].join("\n"),
          colour,
          theme,
        }),
      ],
      notes: isCompared
        ? []
        : [
            [...second.keys()].some((setting) => first.has(setting))
              ? "Nowhere do both have a value that is not zero: there is nothing to compare."
              : "No setting of the one is a setting of the other: there is no ratio or difference to draw.",
          ],
    },
    frame,
  );
  if (!isCompared) return upper;
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
        Plot.line(gaps, { x: "x", y: "y", z: "setting", stroke: theme.text, strokeWidth: 1.5 }),
        ...(crowded ? [] : [Plot.dot(gaps, { x: "x", y: "y", r: 2.5, fill: theme.text })]),
        ...pointed(gaps, {
          text: (gap) =>
            [
              ...(gap.setting ? [gap.setting] : []),
              `${x.title} = ${formatNumber(gap.x)}`,
              `${gapAxis.title} = ${formatNumber(gap.y)}`,
            ].join("\n"),
          colour: () => theme.text,
          theme,
        }),
      ],
      notes: [
        ...(gaps.length < Math.max(flat(first).length, flat(second).length)
          ? [`Below only where both have a value that is not zero: at ${gaps.length} places.`]
          : []),
      ],
    },
    frame,
  );
  return drawStacked(`${quantityTitle(quantity)}, compared`, [upper, lower], frame);
}
