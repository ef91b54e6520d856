/** `--set PATH=JSON`: changes to a document before it is checked. */

import { DocumentError } from "../../document/error.ts";
import { parseJson } from "../../document/json-text.ts";
import { formatPath, parsePath, type Path, withValue } from "../../document/path.ts";
import type { Experiment, Json } from "../../document/types.ts";
import { UsageError } from "../process/failure.ts";

export interface Assignment {
  path: Path;
  value: Json;
}

/**
 * Reads one `PATH=JSON`.
 *
 * @throws UsageError that shows how it is written
 */
export function parseAssignment(text: string): Assignment {
  const equals = text.indexOf("=");
  if (equals < 0) throw new UsageError(`--set ${text} has no "="; write --set train.stepSize=1e-3`);
  const path = parsePath(text.slice(0, equals).trim());
  if (!path)
    throw new UsageError(
      `--set ${text}: ${JSON.stringify(text.slice(0, equals))} is not a path; write --set train.stepSize=1e-3 or --set 'sweep[0].values=[1, 2]'`,
    );
  try {
    return { path, value: parseJson(text.slice(equals + 1)) as Json };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const word = text.slice(equals + 1).trim();
    const mend = /^[\w -]+$/.test(word)
      ? `; a string needs double quotes: --set '${formatPath(path)}="${word}"'`
      : `: ${error.message}`;
    throw new UsageError(`--set ${text}: the value is not JSON${mend}`);
  }
}

/** The document with its changes, in order. The document itself stays as it is. */
export const assign = (document: Json, assignments: readonly Assignment[]): Json =>
  assignments.reduce((changed, { path, value }) => withValue(changed, path, value), document);

/** A set path that an axis sets too has no effect: one line for each. */
export const sweptAssignments = (experiment: Experiment, assignments: readonly Assignment[]): string[] => {
  const swept = new Set(experiment.axes.flatMap(({ paths }) => paths));
  return assignments
    .map(({ path }) => formatPath(path))
    .filter((path) => swept.has(path))
    .map((path) => `--set ${path} has no effect: the document sweeps ${path}; set sweep instead`);
};
