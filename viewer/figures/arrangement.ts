/** How lines of runs are told apart: by colours, by panels, by dashes; nothing that a sweep varies is pooled unsaid. */

import type { Column } from "../../src/document/table.ts";
import { evenly } from "../../src/results/evenly.ts";
import { isSeed, otherPaths, settingPaths } from "../../src/results/trials.ts";
import type { Results } from "../../src/results/types.ts";
import { fontSize, type SmallMultiples } from "./chart.ts";
import type { Choice, Control } from "./figure.ts";
import { plural } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { type LineColours, lineColours } from "./line-colours.ts";
import { areAveraged } from "./run-lines.ts";
import { leadingPath, pathSymbol, sweptPaths } from "./runs.ts";
import { textWidth } from "./text.ts";
import type { Theme } from "./theme.ts";
import { valueLabel } from "./trial-labels.ts";

/** More small multiples than this are no longer compared. */
const mostPanels = 12;
/** A panel narrower than this has no room for its labels. */
const narrowestPanel = 150;
/** What titles of neighbours leave between them. */
const titleGap = 12;

export const dashPatterns = [undefined, "6,3", "2,3", "9,3,2,3"] as const;

export interface Arrangement {
  colours: LineColours;
  panels?: SmallMultiples;
  /** Panel of a row of the runs table; undefined where it has none. */
  panelOf: (row: number) => number | undefined;
  /** Which of the dash patterns a row has. */
  dashOf: (row: number) => number;
  dashes: { title: string; entries: LegendEntry[] };
  notes: string[];
}

export interface ArrangementControls extends Record<string, Control> {
  colour: Choice;
  panels: Choice;
  and: Choice;
}

const automatic = "automatic";
const none = "none";

/** Choices of what colours and panels tell apart. */
export function arrangementControls(results: Results): ArrangementControls {
  const leading = leadingPath(results) ?? "";
  // Averages leave no trial apart: a seed that alone is swept colours nothing then.
  const colour = isSeed(leading) && areAveraged(results) ? "" : leading;
  const named = (path: string) => ({ value: path, label: pathSymbol(path) });
  const others = settingPaths(results);
  const choice = (label: string, fewest: number): Choice => ({
    kind: "choice",
    label,
    options:
      colour !== "" && otherPaths(results, colour).length >= fewest
        ? [{ value: automatic, label: "automatic" }, { value: none, label: "none" }, ...others.map(named)]
        : [{ value: automatic, label: "automatic" }],
    initial: automatic,
  });
  return {
    colour: {
      kind: "choice",
      label: "Colour",
      options: [
        ...(colour === leading ? [] : [{ value: "", label: "none" }]),
        ...sweptPaths(results).map(named),
      ],
      initial: colour,
    },
    panels: choice("Panels", 1),
    and: choice("and", 2),
  };
}

/** @param dashesAreFree whether dashes mean nothing else yet */
export function arrange(
  results: Results,
  settings: { colour: string; panels: string; and: string },
  { width, theme, dashesAreFree }: { width: number; theme: Theme; dashesAreFree: boolean },
): Arrangement {
  const colour = settings.colour === "" ? undefined : settings.colour;
  const colours = lineColours(results, colour, theme);
  const others = colour === undefined ? [] : otherPaths(results, colour);
  const paths = panelPaths(results, settings, others, colour);
  const cell = (path: string, row: number) => results.runs.columns[path][row];
  const keyOf = (row: number) => JSON.stringify(paths.map((path) => cell(path, row)));
  const rows = [...Array(results.runs.rows).keys()];
  const first = new Map<string, number>();
  if (paths.length > 0) for (const row of rows) if (!first.has(keyOf(row))) first.set(keyOf(row), row);
  const all = [...first.values()].sort((a, b) =>
    paths.reduce((order, path) => order || compareCells(cell(path, a), cell(path, b)), 0),
  );
  const shown = evenly(all, mostPanels);
  const panelAt = new Map(shown.map((row, panel) => [keyOf(row), panel]));
  const panelOf = (row: number) => (paths.length > 0 ? panelAt.get(keyOf(row)) : 0);

  const left = others.filter((path) => !paths.includes(path));
  const dashPath = dashesAreFree
    ? left.find((path) => distinct(results, path).length <= dashPatterns.length)
    : undefined;
  const dashed = dashPath === undefined ? [] : distinct(results, dashPath);
  const dashOf = (row: number) => (dashPath === undefined ? 0 : dashed.indexOf(cell(dashPath, row)));
  const alike = left.filter((path) => path !== dashPath);
  const wrapped = new Set(all.map((row) => cell(paths.at(-1)!, row))).size;
  const titles = shown.map((row) => paths.map((path) => valueLabel(path, cell(path, row))).join(", "));
  const narrowest = Math.max(narrowestPanel, ...titles.map((title) => textWidth(title, fontSize) + titleGap));
  const along = paths.length > 1 && shown.length === all.length ? wrapped : shown.length;
  return {
    colours,
    ...(shown.length > 1 && { panels: { columns: columnsFor(along, width / narrowest), titles } }),
    panelOf,
    dashOf,
    dashes: {
      title: dashPath === undefined ? "" : pathSymbol(dashPath),
      entries: dashed.map((value, k) => ({
        label: valueLabel(dashPath!, value),
        colour: theme.muted,
        mark: "line",
        ...(dashPatterns[k] && { dash: dashPatterns[k] }),
      })),
    },
    notes: [
      ...(shown.length < all.length
        ? [`${plural(shown.length, "panel")} of ${all.length}, evenly chosen.`]
        : []),
      ...(alike.length > 0 ? [`Lines that look alike differ in ${alike.map(pathSymbol).join(", ")}.`] : []),
    ],
  };
}

/** The paths that make panels: chosen ones, or the first that make few enough; the one with more values along the rows. */
function panelPaths(
  results: Results,
  { panels, and }: { panels: string; and: string },
  others: readonly string[],
  colour: string | undefined,
): string[] {
  const chosen: string[] = [];
  for (const wanted of [panels, and]) {
    if (wanted === none) continue;
    if (wanted !== automatic) {
      if (wanted !== colour && wanted in results.runs.columns && !chosen.includes(wanted))
        chosen.push(wanted);
      continue;
    }
    const fitting = others.find(
      (path) => !chosen.includes(path) && combinations(results, [...chosen, path]) <= mostPanels,
    );
    if (fitting !== undefined) chosen.push(fitting);
  }
  return chosen.sort((a, b) => distinct(results, a).length - distinct(results, b).length);
}

const combinations = ({ runs: { columns, rows } }: Results, paths: readonly string[]): number =>
  new Set(Array.from({ length: rows }, (_, row) => JSON.stringify(paths.map((path) => columns[path][row]))))
    .size;

/** Values of a path: numbers in their order, others in the sweep's. */
const distinct = ({ runs }: Results, path: string): Column[number][] =>
  [...new Set(Array.from(runs.columns[path] as Iterable<Column[number]>))].sort(compareCells);

const compareCells = (a: Column[number], b: Column[number]): number =>
  typeof a === "number" && typeof b === "number" ? a - b : 0;

/**
 * Columns so that rows are equally long, or nearly.
 *
 * @param room how many there is room for
 */
function columnsFor(wanted: number, room: number): number {
  const most = Math.max(1, Math.floor(room));
  return Math.ceil(wanted / Math.ceil(wanted / most));
}
