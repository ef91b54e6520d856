/** What searches have found along a sweep, with a line and a power law through it. */

import * as Plot from "@observablehq/plot";
import type { Results } from "../../src/results/types.ts";
import { type Estimate, fewestFound, type FoundPoint, type Law, lawsOf } from "../../src/search/laws.ts";
import { type Outcome, searchesTable } from "../../src/search/outcomes.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, hasPlace, wantedAxis } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { formatCell, numberAt, pathSymbol } from "./runs.ts";
import { outcomes, searchOf, sweptNumber } from "./searches.ts";

interface Point extends FoundPoint {
  y: number;
  low: number;
  high: number;
}

/** Searches that differ in the swept number alone. */
interface Family {
  label: string;
  points: Point[];
  laws: Law[];
}

/** More families than this have no colours of their own. */
const mostFamilies = 6;
const curvePoints = 80;

export const searchFound = defineFigure({
  id: "search-found",
  title: "What the searches found, along the sweep",
  caption:
    "Points: values found, with the intervals that resampled trials give. A straight line and a power law, least squares each, show which describes them.",
  needs: [],
  shows: (results) => sweptNumber(outcomes(results)) !== undefined,
  controls: () => ({}),
  draw: (results, frame) => draw(results, frame),
  data: (results) => searchesTable(searchOf(results)!, outcomes(results)),
});

/** The paths that tell families apart: not those that go in step with the path drawn along. */
function pathsBeside(all: readonly Outcome[], path: string): string[] {
  return Object.keys(all[0].point).filter((other) => {
    const cells = new Map<unknown, unknown>();
    return all.some(({ point }) => {
      if (!cells.has(point[path])) cells.set(point[path], point[other]);
      return cells.get(point[path]) !== point[other];
    });
  });
}

function familiesOf(all: readonly Outcome[], path: string): Family[] {
  const families = new Map<string, Family>();
  const beside = pathsBeside(all, path);
  for (const { point, finding } of all) {
    const label = beside.map((other) => `${pathSymbol(other)} = ${formatCell(point[other])}`).join(", ");
    const family = families.get(label) ?? { label, points: [], laws: [] };
    families.set(label, family);
    const { status, value, interval, replicates } = finding;
    if (status !== "found" || !interval.every(Number.isFinite)) continue;
    const x = numberAt([point[path]], 0);
    family.points.push({ x, y: value, value, low: interval[0], high: interval[1], replicates });
  }
  return Array.from(families.values(), (family) => ({ ...family, laws: lawsOf(family.points) }));
}

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const search = searchOf(results)!;
  const all = outcomes(results);
  const path = sweptNumber(all)!;
  const families = familiesOf(all, path);
  const colour = (place: number) => theme.categories[families.length > mostFamilies ? 0 : place];
  const points = families.flatMap((family, place) => family.points.map((point) => ({ ...point, place })));
  const [x, y] = [pathSymbol(path), pathSymbol(search.path)];
  const yType = wantedSpread(points.flatMap(({ low, high }) => [low, high]));
  // On two log axes a power law is straight.
  const xType = yType === "log" && points.every((point) => point.x > 0) ? "log" : "linear";
  const xDomain = domainOf(
    all.map(({ point }) => numberAt([point[path]], 0)),
    xType,
    0.06,
  );
  const yDomain = domainOf(
    points.flatMap(({ low, high }) => [low, high]),
    yType,
    0.08,
  );
  const missing = all.filter(({ finding }) => finding.status !== "found");
  return drawChart(
    {
      label: `${y} found against ${x}`,
      x: { title: x, type: xType, domain: xDomain },
      y: { title: `${y}, found`, type: yType, domain: yDomain },
      legend: [
        {
          entries:
            families.length > 1 && families.length <= mostFamilies
              ? families.map(({ label }, place) => ({ label, colour: colour(place), mark: "dot" }))
              : [],
        },
        {
          entries: families.some(({ laws }) => laws.length > 0)
            ? [
                { label: "line", colour: theme.muted, mark: "line" },
                { label: "power law", colour: theme.muted, mark: "dashed" },
              ]
            : [],
        },
      ],
      marks: [
        ...families.flatMap(({ laws }, place) =>
          laws.map((law) =>
            Plot.line(curveOf(law, xDomain, xType, yDomain), {
              x: "x",
              y: "y",
              stroke: colour(place),
              strokeWidth: 1.5,
              strokeDasharray: law.kind === "power law" ? "5,3" : "none",
            }),
          ),
        ),
        Plot.ruleX(points, {
          x: "x",
          y1: "low",
          y2: "high",
          stroke: ({ place }: { place: number }) => colour(place),
          strokeWidth: 2,
        }),
        Plot.dot(points, {
          x: "x",
          y: "y",
          r: 4,
          fill: ({ place }: { place: number }) => colour(place),
        }),
        ...pointed(points, {
          text: (point) =>
            [
              families[point.place].label,
              `${x} = ${formatNumber(point.x)}`,
              `${y} = ${formatNumber(point.y)} (95%: ${formatNumber(point.low)} … ${formatNumber(point.high)})`,
            ]
              .filter(Boolean)
              .join("\n"),
          colour: ({ place }) => colour(place),
          theme,
        }),
      ],
      notes: [
        ...(families.length <= mostFamilies ? families : []).flatMap(({ label, laws }) =>
          laws.map((law) => `${label && `${label}: `}${lawText(law, x, y)}`),
        ),
        families.some(({ laws }) => laws.length > 0)
          ? "Intervals are 95%, from resampled trials: they hold if the law does."
          : `A line and a power law need at least ${fewestFound} values found.`,
        ...missing.slice(0, mostFamilies).map(({ point, finding }) => {
          const at = Object.entries(point).map(([name, cell]) => `${pathSymbol(name)} = ${formatCell(cell)}`);
          return `${at.join(", ")}: ${finding.status}.`;
        }),
      ],
    },
    frame,
  );
}

/** A few values that spread evenly in the logarithm want a log axis sooner than a curve does. */
const wantedSpread = (values: readonly number[]): "linear" | "log" =>
  values.every((value) => value > 0) && Math.max(...values) >= 4 * Math.min(...values)
    ? "log"
    : wantedAxis(values);

function curveOf(
  law: Law,
  [from, to]: [number, number],
  xType: "linear" | "log",
  yDomain: [number, number],
): { x: number; y: number }[] {
  return Array.from({ length: curvePoints + 1 }, (_, k) => {
    const share = k / curvePoints;
    const x = xType === "log" ? from * (to / from) ** share : from + share * (to - from);
    return { x, y: law.at(x) };
  }).filter(({ y }) => hasPlace(y, "linear") && y >= yDomain[0] && y <= yDomain[1]);
}

/** "line N = 6.8 n − 60 (slope 6.5 … 7.1, intercept −75 … −45), off by 1.2 at most". */
function lawText({ kind, slope, offset, misses }: Law, x: string, y: string): string {
  const range = ({ interval: [low, high] }: Estimate) => `${formatNumber(low, 3)} … ${formatNumber(high, 3)}`;
  const off = `off by a factor of at most ${formatNumber(misses, 3)}`;
  if (kind === "power law")
    return `power law ${y} = ${formatNumber(offset.value, 3)} ${x}^${formatNumber(slope.value, 3)} (exponent ${range(slope)}), ${off}.`;
  const intercept = `${offset.value < 0 ? "−" : "+"} ${formatNumber(Math.abs(offset.value), 3)}`;
  return `line ${y} = ${formatNumber(slope.value, 3)} ${x} ${intercept} (slope ${range(slope)}, intercept ${range(offset)}), ${off}.`;
}
