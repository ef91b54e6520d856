/** Colours of runs by a swept value: a scale in its logarithm, in the value, or one colour a category. */

import { group } from "d3";
import type { Column } from "../../src/document/table.ts";
import type { Results } from "../../src/results/types.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry, Ramp } from "./legend.ts";
import { formatCell, numberAt, pathSymbol } from "./runs.ts";
import type { Theme } from "./theme.ts";
import { valueScale } from "./value-scale.ts";

export interface LineColours {
  /** What the colours mean. */
  title: string;
  /** Colour of a row of the runs table. */
  of: (row: number) => string;
  /** Colour of a value that need not be one of theirs. */
  ofValue: (value: unknown) => string;
  /** The colour's place in the legend's order, for thinning and drawing order. */
  place: (row: number) => number;
  /** A few values, a swatch each ... */
  entries: LegendEntry[];
  /** ... or too many for swatches: a ramp. */
  ramp?: Ramp;
}

const mostSwatches = 10;

export function lineColours(results: Results, path: string | undefined, theme: Theme): LineColours {
  if (path === undefined) {
    const accent = () => theme.accent;
    return { title: "", of: accent, ofValue: accent, place: () => 0, entries: [] };
  }
  const column = results.runs.columns[path];
  const title = pathSymbol(path);
  const values = Array.from(column as ArrayLike<Column[number]>);
  const colours = values.every((value) => typeof value === "number" && Number.isFinite(value))
    ? orderedColours(path, values as number[], theme)
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

function orderedColours(path: string, values: number[], theme: Theme): LineColours {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const { place, between } = valueScale(path, distinct);
  const colour = (value: number) => theme.line(place(value));
  const [first, last] = [place(distinct[0]), place(distinct.at(-1)!)];
  return {
    title: pathSymbol(path),
    of: (row) => colour(values[row]),
    ofValue: (value) => (typeof value === "number" ? colour(value) : theme.muted),
    place: (row) => place(values[row]),
    entries:
      distinct.length <= mostSwatches
        ? distinct.map((value) => ({ label: formatNumber(value), colour: colour(value), mark: "line" }))
        : [],
    ...(distinct.length > mostSwatches && {
      ramp: {
        colour: (share: number) => theme.line(first + share * (last - first)),
        labels: [0, 0.5, 1].map((at) => ({ at, label: formatNumber(between(at), 3) })),
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
    ofValue: (value) => colour(index.get(formatCell(value as Column[number])) ?? Infinity),
    place: (row) => index.get(names[row])! / Math.max(1, distinct.length - 1),
    entries:
      others > 0 ? [...swatches, { label: `${others} others`, colour: theme.muted, mark: "line" }] : swatches,
  };
}
