/** What a training has changed of the document that it is known by, as cards and headers say it. */

import type { Experiment, Json } from "../../src/document/types.ts";
import { documentDifferences } from "./document-differences.ts";
import { formatCell, pathSymbol } from "./runs.ts";
import { formatCount, plural } from "./format.ts";

/** Sections that say how a training is looked at, and which words go with it: no part of its size. */
const beside = /^(name|description|figures|record|sweep|search\.points)\b/;

/**
 * @param runs of the training
 * @param whole the document as it is known
 * @returns "4 runs instead of 21, N = 20 instead of 100"; empty where it is the whole document
 */
export function changedTraining(document: Json, runs: number, whole: Experiment): string {
  const changes = documentDifferences(whole.document, document).filter(({ path }) => !beside.test(path));
  const all = whole.runs.length;
  const sweepOf = (of: Json) => JSON.stringify((of as { sweep?: Json }).sweep);
  const isOtherSweep = sweepOf(document) !== sweepOf(whole.document);
  // How many runs a search needs is known when it ends.
  const isFewer = !whole.search && runs !== all;
  return [
    ...(isFewer ? [`${plural(runs, "run")} instead of ${formatCount(all)}`] : []),
    ...(isOtherSweep && !isFewer ? ["other values of the sweep"] : []),
    ...changes.map(({ path, from, to }) => `${pathSymbol(path)} = ${cell(to)} instead of ${cell(from)}`),
  ].join(", ");
}

const cell = (value: Json | undefined): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : formatCell(value ?? null);
