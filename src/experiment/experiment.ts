/** From a document to its runs. */

import { DocumentError } from "../document/error.ts";
import { expandRuns, type SectionReaders } from "./expand.ts";
import { parseJson } from "../document/json-text.ts";
import { isObject } from "../document/path.ts";
import { plainJson } from "../document/plain.ts";
import { readPart, unknownKey } from "./read.ts";
import { documentSchema, nameSchema, type Section, sections, sectionSchemas } from "./schema.ts";
import { nodeOf } from "./schema-tree.ts";
import { checkRecorded, readSearch, searchAxis } from "./search.ts";
import { SectionReader } from "./section-reader.ts";
import { shown } from "../document/shown.ts";
import { readSweep } from "./sweep.ts";
import type { Experiment, Json, Run, Search, SweepAxis } from "../document/types.ts";

type Written = { readonly [key: string]: Json };

/**
 * Reads the text of an experiment document.
 *
 * @param name its file, as messages name it
 * @throws DocumentError, one line
 */
export const parseExperiment = (text: string, name: string): Experiment =>
  inFile(name, () => experimentOf(parseJson(text), name));

/**
 * Reads an experiment document that is an object already.
 *
 * @param document JSON values; it is copied
 * @param name its file, or what messages shall call it
 * @throws DocumentError, one line
 */
export const readExperiment = (document: unknown, name: string): Experiment =>
  inFile(name, () => experimentOf(document, name));

function inFile<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof DocumentError ? error.in(name) : error;
  }
}

function experimentOf(value: unknown, file: string): Experiment {
  const written = plainJson(value);
  if (!isObject(written)) {
    throw new DocumentError("the document", `is ${shown(written)}; it must be an object`);
  }

  const sweep = readSweep(written);
  const search = readSearch(written, sweep);
  const axes = search ? [...sweep, searchAxis(search)] : sweep;
  const readers: Partial<Record<Section, unknown>> = {};
  // In the user's order, then what is left out: the first problem is the one that is told.
  for (const key of new Set([...Object.keys(written), ...sections])) {
    if (isSection(key)) readers[key] = new SectionReader(key, sectionOf(written, key, search), axes);
    else if (isLabel(key)) readPart(documentSchema.entries[key], written[key], [key]);
    else if (key !== "sweep" && key !== "search") throw unknownKey(nodeOf(documentSchema), written, [key]);
  }
  const runs = expandRuns(readers as SectionReaders, axes);
  if (search) checkRecorded(search, runs[0].record);
  const name = (written.name as string | undefined) ?? stem(file);
  const document = filled(name, written, axes, runs[0], search);
  return { name, document, axes, runs, ...(search && { search }) };
}

/** What the document holds; a search records no arrays, where the document does not ask for them. */
function sectionOf(written: Written, section: Section, search: Search | undefined): Json | undefined {
  const value = written[section];
  if (!search || section !== "record") return value;
  return value === undefined || isObject(value) ? { arrays: [], ...value } : value;
}

const isSection = (key: string): key is Section => Object.hasOwn(sectionSchemas, key);

const labels = ["$schema", "name", "description"] as const;
const isLabel = (key: string): key is (typeof labels)[number] => labels.some((label) => label === key);

/** The file's name without folders and ending, if it can name a results folder. */
function stem(file: string): string {
  const last = file
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.jsonc?$/i, "");
  try {
    return readPart(nameSchema, last, ["name"]);
  } catch {
    return "experiment";
  }
}

/** The document with every default filled in. Reading it again gives the same experiment. */
function filled(
  name: string,
  written: Written,
  axes: readonly SweepAxis[],
  first: Run,
  search: Search | undefined,
): Json {
  const document: Record<string, Json> = { name };
  if (written.description !== undefined) document.description = written.description;
  for (const section of sections) {
    const own = isObject(written[section]) ? written[section] : {};
    // An axis may choose the kind: keys that the first run's kind does not have stay as they are.
    const whole: Record<string, Json> = { ...own, ...(first[section] as unknown as Record<string, Json>) };
    for (const path of axes.flatMap(({ paths }) => paths)) {
      const [setSection, field] = path.split(/[.[]/);
      if (setSection !== section) continue;
      if (Object.hasOwn(own, field)) whole[field] = own[field];
      else delete whole[field];
    }
    document[section] = whole;
  }
  document.sweep = written.sweep ?? [];
  if (search) document.search = search.specification as unknown as Json;
  return document;
}
