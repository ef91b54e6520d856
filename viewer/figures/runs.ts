/** The runs of results, as figures name, order and mark them. */

import type { Json } from "../../src/document/types.ts";
import type { Column } from "../../src/document/table.ts";
import { historyRows, recordedRuns, sweptPaths } from "../../src/results/run-rows.ts";
import type { Results } from "../../src/results/types.ts";
import { formatCount, formatNumber, formatOrdinal, plural } from "./format.ts";
import { shorten } from "./text.ts";

export {
  historyRows,
  numberAt,
  recordAt,
  recordedRuns,
  rowOfRecord,
  sweptPaths,
} from "../../src/results/run-rows.ts";

/** Swept paths that have a symbol in the field. */
const symbols: Record<string, string> = {
  "init.alpha": "α",
  "train.stepSize": "η",
  "train.batchSize": "batch size",
  "train.epochs": "epochs",
  "train.labelNoise": "noise on labels δ",
  "train.noiseEpochs": "epochs with noise",
  "train.time": "time",
  "train.stopLoss": "L at the end",
  "train.stopRule": "stop rule",
  "train.seed": "training seed",
  "data.samples": "N",
  "data.dimension": "n",
  "data.noise": "noise σ",
  "data.sparsity": "sparsity",
  "data.observed": "observed entries",
  "data.seed": "data seed",
  "model.depth": "D",
  "model.factors": "factors",
  "model.width": "width",
  "model.widths[0]": "width m",
  "loss.l2": "l2 penalty",
  "init.seed": "initial seed",
  "init.scaling": "scaling",
  "init.layerScales": "layer scales",
  "init.shape.std": "initial deviation",
};

const longestName = 24;
const longestLabel = 64;

/** What axes and legends call a swept path. */
export const pathSymbol = (path: string): string => symbols[path] ?? shorten(path, longestName);

/** The path that tells runs apart best: alpha where it is swept, else the sweep's first. */
export const leadingPath = (results: Results): string | undefined => {
  const paths = sweptPaths(results);
  return paths.includes("init.alpha") ? "init.alpha" : paths[0];
};

/** A cell of a table, as a reader sees it. */
export const formatCell = (cell: Column[number]): string =>
  typeof cell === "number" ? formatNumber(cell) : cell === null ? "none" : String(cell);

/** "α = 0.05", "α = 0.05, η = 0.01", or "run 3" where nothing is swept. */
export function runLabel(results: Results, row: number): string {
  const named = sweptPaths(results).map(
    (path) => `${pathSymbol(path)} = ${shorten(formatCell(results.runs.columns[path][row]), longestName)}`,
  );
  return named.length > 0
    ? shorten(named.join(", "), longestLabel)
    : `run ${formatCell(results.runs.columns.run[row])}`;
}

/** "every 4th record and the last of 100 runs": what there is of the history, where that is not all. */
export function sampleText(results: Results): string | undefined {
  if (!results.thinned) return undefined;
  const { step } = results.thinned;
  const kept = historyRows(results).reduce((count, rows) => count + Number(rows.length > 0), 0);
  const all = recordedRuns(results);
  const ofRuns = kept < all ? `${formatCount(kept)} of ${plural(all, "run")}` : "each run";
  return `${step > 1 ? `every ${formatOrdinal(step)} record and the last` : "every record"} of ${ofRuns}`;
}

/** What a figure over training says of it. */
export function sampleNotes(results: Results): string[] {
  const text = sampleText(results);
  return text === undefined ? [] : [`Drawn from ${text}.`];
}

export const hasDiverged = ({ runs }: Results, row: number): boolean =>
  runs.columns.status[row] === "diverged";

/** A value of the document that the results belong to; undefined where it has none. */
export function documentValue(results: Results, ...path: string[]): Json | undefined {
  let value: Json | undefined = results.manifest.document;
  for (const key of path) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Whether the results are those of diagonal networks, of which Woodworth et al.'s functional Q speaks. */
export const areDiagonal = (results: Results): boolean =>
  documentValue(results, "model", "kind") === "diagonal";

/** Whether runs could stop before their last epoch, so that reaching it means something. */
export function stopsEarly(results: Results): boolean {
  let known = stopping.get(results);
  if (known === undefined) {
    known =
      Array.from(results.runs.columns.status as string[]).includes("converged") ||
      typeof documentValue(results, "train", "stopLoss") === "number";
    stopping.set(results, known);
  }
  return known;
}

/** Every point of a figure asks; results never change once they are there. */
const stopping = new WeakMap<Results, boolean>();
