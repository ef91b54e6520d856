/** Colours of runs by a swept value: a scale in its logarithm, in the value, or one colour a category. */

import { group } from "d3";
import type { Column } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry, Ramp } from "./legend.ts";
import { formatCell, numberAt, pathSymbol } from "./runs.ts";
import type { Theme } from "./theme.ts";

export interface LineColours {
  /** What the colours mean. */
  title: string;
  /** Colour of a row of the runs table. */
  of: (row: number) => string;
  /** The colour's place in the legend's order, for thinning and drawing order. */
  place: (row: number) => number;
  /** A few values, a swatch each ... */
  entries: LegendEntry[];
  /** ... or too many for swatches: a ramp. */
  ramp?: Ramp;
}

const mostSwatches = 10;
/** A positive range wider than this factor is read in its logarithm. */
const logarithmicFrom = 8;

export function lineColours(results: Results, path: string | undefined, theme: Theme): LineColours {
  if (path === undefined) return { title: "", of: () => theme.accent, place: () => 0, entries: [] };
  const column = results.runs.columns[path];
  const title = pathSymbol(path);
  const values = Array.from(column as ArrayLike<Column[number]>);
  const colours = values.every((value) => typeof value === "number" && Number.isFinite(value))
    ? orderedColours(title, values as number[], theme)
    : categoricalColours(title, values.map(formatCell), theme);
  const { run } = results.runs.columns;
  const runs = group([...values.keys()], (row) => colours.of(row));
  return {
    ...colours,
    entries: colours.entries.map((entry) => ({
      ...entry,
      runs: (runs.get(entry.colour) ?? []).map((row) => numberAt(run, row)),
    })),
  };
}

function orderedColours(title: string, values: number[], theme: Theme): LineColours {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const [lowest, highest] = [distinct[0], distinct.at(-1)!];
  const logarithmic = lowest > 0 && highest / lowest >= logarithmicFrom;
  const transform = logarithmic ? Math.log : (value: number) => value;
  const span = transform(highest) - transform(lowest);
  const place = (value: number) => (span > 0 ? (transform(value) - transform(lowest)) / span : 0.5);
  const colour = (value: number) => theme.line(place(value));
  return {
    title,
    of: (row) => colour(values[row]),
    place: (row) => place(values[row]),
    entries:
      distinct.length <= mostSwatches
        ? distinct.map((value) => ({ label: formatNumber(value), colour: colour(value), mark: "line" }))
        : [],
    ...(distinct.length > mostSwatches && {
      ramp: {
        colour: theme.line,
        labels: [0, 0.5, 1].map((at) => {
          const value = transform(lowest) + at * span;
          return { at, label: formatNumber(logarithmic ? Math.exp(value) : value, 3) };
        }),
      },
    }),
  };
}

function categoricalColours(title: string, names: string[], theme: Theme): LineColours {
  const distinct = [...new Set(names)];
  const colour = (index: number) => theme.categories[index] ?? theme.muted;
  const index = new Map(distinct.map((name, k) => [name, k]));
  const swatches: LegendEntry[] = distinct
    .slice(0, theme.categories.length)
    .map((name, k) => ({ label: name, colour: colour(k), mark: "line" }));
  const others = distinct.length - swatches.length;
  return {
    title,
    of: (row) => colour(index.get(names[row])!),
    place: (row) => index.get(names[row])! / Math.max(1, distinct.length - 1),
    entries:
      others > 0 ? [...swatches, { label: `${others} others`, colour: theme.muted, mark: "line" }] : swatches,
  };
}
