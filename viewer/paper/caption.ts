/** What a paper says below a figure: what it shows, the settings, the seeds, where it ran, and the command that runs it again. */

import packageFile from "../../package.json";
import { reproductions } from "../../experiments/registry.ts";
import { isObject } from "../../src/document/path.ts";
import type { Json } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import type { Manifest, Results } from "../../src/results/types.ts";
import { builtIns } from "../app/experiments.ts";
import { documentDifferences } from "../figures/document-differences.ts";
import type { Figure } from "../figures/figure.ts";
import { formatDuration, formatNumber, plural } from "../figures/format.ts";
import { pathSymbol, sweptPaths } from "../figures/runs.ts";

const parts = ["data", "model", "loss", "init", "train"] as const;
/** More values of a swept path than this are a range. */
const mostValues = 8;
/** A command with more changes than this is less clear than its document. */
const mostChanges = 6;

export const versionOf = ({ versions }: Manifest): string => versions.alphasweep ?? packageFile.version;

export function captionOf(figure: Figure, results: Results): string {
  const { manifest, runs } = results;
  const document = manifest.document as Record<string, Json>;
  const settings = parts.flatMap((part) =>
    isObject(document[part]) ? [settingsOf(part, document[part])] : [],
  );
  const swept = sweptPaths(results).map((path) => sweptText(path, Array.from(runs.columns[path])));
  const seeds = parts.flatMap((part) => {
    const own = document[part];
    return isObject(own) && own.seed !== undefined && !sweptPaths(results).includes(`${part}.seed`)
      ? [`${part} ${shown(own.seed)}`]
      : [];
  });
  const { adapter, browser, seconds } = manifest;
  const name = adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(" ");
  return [
    `${figure.title}. ${figure.caption}`,
    `Settings: ${settings.join("; ")}.`,
    ...(swept.length > 0 ? [`Swept: ${swept.join("; ")}.`] : []),
    ...(seeds.length > 0 ? [`Seeds: ${seeds.join(", ")}.`] : []),
    `${plural(runs.rows, "run")} in ${formatDuration(seconds)} on ${name || "an unnamed adapter"}${adapter.software ? " (software)" : ""}, ${browser}; alphasweep ${versionOf(manifest)}.`,
    `Command: ${commandOf(manifest)}`,
  ].join("\n");
}

/** Texts that name the papers of a figure of these results. */
export function sourcesOf(figure: Figure, results: Results): string[] {
  const { name, document } = results.manifest;
  const model = (document as { model?: { kind?: Json } } | null)?.model?.kind;
  const needs = [...figure.needs, ...(figure.arrays ?? [])].join(" ");
  return [
    ...reproductions
      .filter(({ documents }) => documents.includes(name))
      .flatMap(({ source, claims }) => [source, ...claims.map(({ where }) => where)]),
    ...(model === "diagonal" ? ["Woodworth et al. 2020"] : []),
    ...(model === "matrix" ? ["Gunasekar et al. 2017"] : []),
    ...(/linear_|function_distance/.test(needs) ? ["Chizat et al. 2019"] : []),
    ...(/ntk/.test(needs) ? ["Jacot et al. 2018"] : []),
  ];
}

/** "data: linear-uniform, N = 10, n = 20". */
function settingsOf(part: string, values: { [key: string]: Json }): string {
  const entries = Object.entries(values).flatMap(([key, value]) => {
    if (key === "seed" || value === null) return [];
    if (key === "kind" || key === "method") return [String(value)];
    const path = `${part}.${key}`;
    const symbol = pathSymbol(path);
    return [`${symbol === path ? key : symbol} = ${shown(value)}`];
  });
  return `${part}: ${entries.join(", ")}`;
}

const shown = (value: Json): string =>
  typeof value === "number" ? formatNumber(value) : typeof value === "string" ? value : JSON.stringify(value);

function sweptText(path: string, column: readonly unknown[]): string {
  const values = [...new Set(column)];
  const texts = values.map((value) => (typeof value === "number" ? formatNumber(value) : String(value)));
  return `${pathSymbol(path)} = ${
    texts.length <= mostValues ? texts.join(", ") : `${texts[0]} … ${texts.at(-1)} (${texts.length} values)`
  }`;
}

/** What runs the results' document again: a built-in one by its name, with what differs. */
export function commandOf({ name, document }: Manifest): string {
  const ownDocument = "npx alphasweep run document.json (its document is in manifest.json)";
  const builtIn = builtIns.find((candidate) => candidate.name === name);
  if (!builtIn) return ownDocument;
  const changes = documentDifferences(parseExperiment(builtIn.text, name).document, document).filter(
    ({ path }) => path !== "description",
  );
  // What is gone no assignment takes away.
  if (changes.length > mostChanges || changes.some(({ to }) => to === undefined)) return ownDocument;
  const assignments = changes.map(({ path, to }) => `${path}=${JSON.stringify(to)}`);
  return [
    `npx alphasweep run ${name}`,
    ...assignments.map((change) => `--set '${change.replaceAll("'", "'\\''")}'`),
  ].join(" ");
}
