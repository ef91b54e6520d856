/** Every probe of a search: the mean over its trials against the searched number, and where it crosses the threshold. */

import * as Plot from "@observablehq/plot";
import type { Results } from "../../src/results/types.ts";
import { meanOf, standardErrorOf } from "../../src/search/probe.ts";
import { type Outcome, probesTable } from "../../src/search/outcomes.ts";
import { drawChart, pointed } from "./chart.ts";
import { domainOf, LeftOut, wantedAxis } from "./extent.ts";
import { defineFigure, type Frame } from "./figure.ts";
import { formatNumber, plural } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { quantitySymbol } from "./over-training.ts";
import { pathSymbol } from "./runs.ts";
import { outcomes, pointLabel, searchOf } from "./searches.ts";

interface Point {
  x: number;
  y: number;
  error: number;
  search: number;
  trials: number;
}

/** More searches than this are told apart by their order in lightness alone. */
const mostEntries = 10;

export const searchProbes = defineFigure({
  id: "search-probes",
  title: "A search: the mean over trials at every probed value",
  caption:
    "Points: the mean over a probe's trials, with its standard error. Band: the last bracket. The bar on the threshold is the value found, with the interval that resampled trials give.",
  needs: [],
  shows: (results) => searchOf(results) !== undefined,
  controls: () => ({}),
  draw: (results, frame) => draw(results, frame),
  data: (results) => probesTable(searchOf(results)!, outcomes(results)),
});

function draw(results: Results, frame: Frame): SVGSVGElement {
  const { theme } = frame;
  const search = searchOf(results)!;
  const all = outcomes(results);
  const colour = (place: number) =>
    all.length === 1 ? theme.accent : theme.line(place / Math.max(1, all.length - 1));
  const raw = all.flatMap(({ probes }, place) =>
    probes.map(({ value, trials }): Point => {
      const [y, error] = [meanOf(trials), standardErrorOf(trials)];
      return { x: value, y, error, search: place, trials: trials.length };
    }),
  );
  const xType = raw.every(({ x }) => x > 0) ? wantedAxis(raw.map(({ x }) => x)) : "linear";
  const yType = wantedAxis(raw.map(({ y }) => y));
  const leftOut = new LeftOut();
  const points = raw.filter(({ x, y }) => leftOut.admits(x, y, xType, yType));
  const found = all.map((outcome, place) => ({ ...outcome.finding, place })).filter(isFound);
  const thresholds = [...new Set(all.map(({ finding }) => finding.threshold).filter(Number.isFinite))];
  const yDomain = domainOf([...points.flatMap(ends(yType)), ...thresholds], yType);
  return drawChart(
    {
      label: `${quantitySymbol(search.quantity)} against ${pathSymbol(search.path)}, every probe of the search`,
      x: {
        title: pathSymbol(search.path),
        type: xType,
        domain: domainOf([...points.map(({ x }) => x), ...found.flatMap(({ interval }) => interval)], xType),
      },
      y: { title: `${quantitySymbol(search.quantity)}, mean over trials`, type: yType, domain: yDomain },
      legend: [
        { entries: all.length > 1 ? all.slice(0, mostEntries).map(entry(colour)) : [] },
        {
          entries: [
            { label: "threshold", colour: theme.muted, mark: "dashed" },
            { label: "last bracket", colour: theme.muted, mark: "band" },
            { label: "found, 95% interval", colour: theme.text, mark: "ring" },
          ],
        },
      ],
      marks: [
        ...found.map(({ bracket: [x1, x2], place }) =>
          Plot.rect([{ x1, x2, y1: yDomain[0], y2: yDomain[1] }], {
            x1: "x1",
            x2: "x2",
            y1: "y1",
            y2: "y2",
            fill: colour(place),
            fillOpacity: 0.25,
          }),
        ),
        Plot.ruleY(thresholds, { stroke: theme.muted, strokeDasharray: "5,3" }),
        Plot.line(points, {
          x: "x",
          y: "y",
          z: "search",
          stroke: ({ search: place }: Point) => colour(place),
          strokeWidth: 1.25,
          strokeOpacity: 0.6,
        }),
        Plot.ruleX(points, {
          x: "x",
          y1: (point: Point) => ends(yType)(point)[0],
          y2: (point: Point) => ends(yType)(point)[1],
          stroke: ({ search: place }: Point) => colour(place),
          strokeWidth: 1.5,
        }),
        Plot.dot(points, { x: "x", y: "y", r: 3, fill: ({ search: place }: Point) => colour(place) }),
        ...found.map(({ interval: [low, high], value, threshold }) => [
          Plot.ruleY([threshold], { x1: low, x2: high, stroke: theme.text, strokeWidth: 2.5 }),
          Plot.dot([{ x: value, y: threshold }], {
            x: "x",
            y: "y",
            r: 4.5,
            fill: theme.background,
            stroke: theme.text,
            strokeWidth: 2,
          }),
        ]),
        ...pointed(points, {
          text: ({ x, y, error, search: place, trials }) =>
            [
              pointLabel(all[place].point),
              `${pathSymbol(search.path)} = ${formatNumber(x)}`,
              `${formatNumber(y)} ± ${formatNumber(error, 2)}`,
              plural(trials, "trial"),
            ]
              .filter(Boolean)
              .join("\n"),
          colour: ({ search: place }) => colour(place),
          theme,
        }),
      ],
      notes: [
        ...all
          .filter(({ finding }) => finding.status !== "found")
          .slice(0, mostEntries)
          .map(({ point, finding }) => [pointLabel(point), finding.status].filter(Boolean).join(": ")),
        ...leftOut.notes(),
      ],
    },
    frame,
  );
}

const isFound = ({ status, interval }: Outcome["finding"]): boolean =>
  status === "found" && interval.every(Number.isFinite);

/** A mean's standard error on both sides, as far as the axis has a place for it. */
const ends =
  (type: "linear" | "log") =>
  ({ y, error }: Point): [number, number] => {
    const reach = Number.isFinite(error) ? error : 0;
    return [type === "log" && y <= reach ? y : y - reach, y + reach];
  };

const entry =
  (colour: (place: number) => string) =>
  ({ point }: Outcome, place: number): LegendEntry => ({
    label: pointLabel(point),
    colour: colour(place),
    mark: "dot",
  });
