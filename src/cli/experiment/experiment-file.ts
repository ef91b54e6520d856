/** From what the user names to an experiment that is checked, with the files it needs. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Files } from "../../data/kind.ts";
import { referencedFiles } from "../../data/registry.ts";
import { DocumentError } from "../../document/error.ts";
import { readExperiment } from "../../experiment/experiment.ts";
import { parseJson } from "../../document/json-text.ts";
import { nearest } from "../../document/nearest.ts";
import type { Experiment, Json, Part } from "../../document/types.ts";
import { lineNotUtf8, utf8Text } from "../../document/utf8-text.ts";
import type { Assignment } from "./assignment.ts";
import { folderFiles } from "../../results/folder-files.ts";
import { assign, sweptAssignments } from "./assignment.ts";
import { builtInNames, builtInPath } from "./built-in.ts";
import { UsageError } from "../process/failure.ts";

export interface OpenedExperiment {
  experiment: Experiment;
  /** Where it is not all of the document, but this part. */
  part?: Part;
  /** The document, changed by --set, as the page is given it. */
  text: string;
  /** How messages call it. */
  name: string;
  files: Files;
  /** One line each. */
  warnings: string[];
}

const mostDocumentBytes = 64 * 2 ** 20;
/** Node reads no larger file at once. */
const mostFileBytes = 2 ** 31 - 1;

/**
 * Reads and checks an experiment with all its files. Needs no browser.
 *
 * @param argument a path, or the name of a built-in experiment
 * @throws UsageError or DocumentError, one line
 */
export async function openExperiment(
  argument: string,
  assignments: readonly Assignment[],
): Promise<OpenedExperiment> {
  const path = findExperiment(argument);
  const name = path === argument ? argument : shortest(path);
  const text = readDocument(path, name);
  try {
    const document = assign(parseJson(text) as Json, assignments);
    const { experiment, files, warnings } = await checkDocument(document, name, dirname(path));
    return {
      experiment,
      text: JSON.stringify(document),
      name,
      files,
      warnings: [...sweptAssignments(experiment, assignments), ...warnings],
    };
  } catch (error) {
    throw inPlace(error, name);
  }
}

/**
 * Reads and checks a document with all its files.
 *
 * @param name how messages call it
 * @param folder that paths in it are relative to
 * @throws DocumentError
 */
export async function checkDocument(
  document: Json,
  name: string,
  folder: string,
): Promise<Pick<OpenedExperiment, "experiment" | "files" | "warnings">> {
  try {
    const experiment = readExperiment(document, name);
    const files = readFiles(experiment, folder);
    // Late: it brings the engine, and a mistake in the document should be told at once.
    const { checkExperiment } = await import("../../engine.ts");
    return { experiment, files, warnings: await checkExperiment(experiment, files) };
  } catch (error) {
    throw inPlace(error, name);
  }
}

const inPlace = (error: unknown, name: string): unknown =>
  error instanceof DocumentError && error.file === undefined ? error.in(name) : error;

/** The path of a document: the user's own file comes before a built-in experiment. */
function findExperiment(argument: string): string {
  const found = statSync(argument, { throwIfNoEntry: false });
  if (found?.isFile() && /\.(csv|npy)(\.gz)?$/i.test(argument))
    throw new UsageError(
      `${argument} is data, not a document; ` +
        (/csv/i.test(argument)
          ? `"alphasweep new --data ${argument}" writes one that trains on it`
          : 'one names it in "data": { "kind": "file", "inputs": ..., "targets": ... }'),
    );
  if (found?.isFile()) return argument;
  const builtIn = builtInPath(argument);
  if (builtIn) return builtIn;
  if (found?.isDirectory())
    throw new UsageError(
      `${argument} is a folder; ` +
        (existsSync(join(argument, folderFiles.manifest))
          ? `"alphasweep view ${argument}" shows the results in it`
          : 'an experiment is a JSON file, or one of those that "alphasweep list" lists'),
    );
  if (found) return argument;
  const guess = nearest(argument, builtInNames());
  const mend = guess ? `did you mean "${guess}"?` : `"alphasweep list" lists the built-in ones`;
  throw new UsageError(`there is no experiment "${argument}"; ${mend}`);
}

function readDocument(path: string, name: string): string {
  const bytes = readDocumentBytes(path, name);
  const text = utf8Text(bytes);
  if (text === undefined)
    throw new DocumentError(name, `is not UTF-8 text (line ${lineNotUtf8(bytes)}); save it as UTF-8`);
  return text;
}

function readDocumentBytes(path: string, name: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) throw new UsageError(`${name} is not a file`);
    if (statSync(path).size > mostDocumentBytes) throw new UsageError(`${name} is too large for a document`);
    return readFileSync(path);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

/** Every file that a run names, by the path that it names it with; paths are relative to the document. */
function readFiles({ runs }: Experiment, folder: string): Files {
  const paths = new Set(
    runs.flatMap(({ data, init: { shape } }) => [
      ...referencedFiles(data),
      ...(typeof shape === "object" && "file" in shape ? [shape.file] : []),
    ]),
  );
  return new Map(Array.from(paths, (path) => [path, readData(resolve(folder, path), path)]));
}

function readData(path: string, name: string): Uint8Array {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new DocumentError(name, "is not a file");
    if (found.size > mostFileBytes)
      throw new DocumentError(name, `has ${found.size} bytes; at most ${mostFileBytes} are read`);
    return readFileSync(path);
  } catch (error) {
    throw error instanceof DocumentError
      ? error
      : new DocumentError(name, `cannot be read: ${reasonOf(error)}`);
  }
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
};

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message;
};

function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length && !fromHere.startsWith("..") ? fromHere : path;
}
