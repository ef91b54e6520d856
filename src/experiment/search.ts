/** The search of a document: what it asks for, and the rounds of runs that it is made of. */

import { expandValues } from "./axes.ts";
import { DocumentError } from "../document/error.ts";
import { mostRuns } from "../document/limits.ts";
import { isObject, parsePath, valueAt } from "../document/path.ts";
import { advance } from "./product.ts";
import { readPart } from "./read.ts";
import { type Section, sectionSchemas } from "./schema.ts";
import { choices, nodeOf, type SchemaNode, schemaAt } from "./schema-tree.ts";
import { searchSchema } from "./search-schema.ts";
import { shown } from "../document/shown.ts";
import { checkPaths, leavesOf, sweptIn } from "./sweep.ts";
import type { Json, RecordSpecification, Search, SweepAxis } from "../document/types.ts";

type Written = { readonly [key: string]: Json };

/** The seeds that a document may have. */
const seedPaths = ["data.seed", "init.seed", "train.seed"];

/**
 * @param axes of the document's sweep
 * @returns undefined where the document has no search
 * @throws DocumentError
 */
export function readSearch(document: Written, axes: readonly SweepAxis[]): Search | undefined {
  if (document.search === undefined) return undefined;
  const written = readPart(searchSchema, document.search, ["search"]);
  const leaves = leavesOf(document);
  const others = [...sweptIn(document), { path: written.path, place: "search.path" }];
  checkPaths(others.slice(-1), leaves, others.slice(0, -1));
  if (!takesNumbers(document, written.path))
    throw refused("search.path", written.path, "a search needs a path that takes numbers");

  const free = seedPaths.filter((path) => leaves.has(path) && !others.some((other) => other.path === path));
  const seeds = written.seeds ?? free;
  seeds.forEach((path, index) => {
    const place = `search.seeds[${index}]`;
    if (seedPaths.includes(path) && leaves.has(path)) checkPaths([{ path, place }], leaves, others);
    else
      throw refused(
        place,
        path,
        `the seeds of this document are ${seedPaths.filter((seed) => leaves.has(seed)).join(", ")}`,
      );
    others.push({ path, place });
  });
  if (seeds.length === 0)
    throw refused("search.seeds", seeds, "the sweep sets every seed, and trials need one of their own");

  const specification = { ...written, seeds };
  const values = "between" in written ? rangeOf(written.between) : gridOf(expandValues(written, ["search"]));
  const points = pointsOf(axes);
  const runs = points.length * written.trials * ("between" in written ? 1 : values.length);
  if (runs > mostRuns)
    throw new DocumentError("search", `makes ${runs} runs at once; at most ${mostRuns} are allowed`);
  return { specification, isWhole: takesWholeNumbers(document, written.path), values, points };
}

function rangeOf([lowest, highest]: [number, number]): number[] {
  if (lowest < highest) return [lowest, highest];
  throw refused("search.between", [lowest, highest], "it runs from a lower to a higher number");
}

function gridOf(values: readonly Json[]): number[] {
  const place = (index: number) => `search.values[${index}]`;
  values.forEach((value, index) => {
    if (typeof value !== "number") throw refused(place(index), value, "a search is over numbers");
    if (values.indexOf(value) < index) throw refused(place(index), value, "each value is named once");
  });
  if (values.length < 2) throw refused("search", values, "a search needs at least two values");
  return values as number[];
}

/** What a search asks of the record: its quantity, and no arrays, because nobody knows how many runs there will be. */
export function checkRecorded({ specification: { quantity } }: Search, record: RecordSpecification): void {
  if (!record.quantities.includes(quantity))
    throw refused("search.quantity", quantity, "record.quantities does not hold it");
  if (record.arrays.length > 0)
    throw refused("record.arrays", record.arrays, "a search writes no arrays: leave them out");
}

/** The axis that the runs of the search's grid, or of its ends, lie on. */
export const searchAxis = ({ specification: { path }, values }: Search): SweepAxis => ({
  paths: [path],
  values: values.map((value) => [value]),
});

function pointsOf(axes: readonly SweepAxis[]): Record<string, Json>[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const steps = axes.map(() => 0);
  const all = axes.map((_, axis) => axis);
  return Array.from({ length: count }, () => {
    const point = axes.flatMap(({ paths, values }, axis) =>
      paths.map((path, place): [string, Json] => [path, values[steps[axis]][place]]),
    );
    advance(steps, axes, all);
    return Object.fromEntries(point);
  });
}

export const takesNumbers = (document: Written, path: string): boolean =>
  leafChoices(document, path).some(({ type }) => type === "number");

const takesWholeNumbers = (document: Written, path: string): boolean =>
  leafChoices(document, path).some(isWhole);

/** What a leaf may be, in the document's own choices, else in any. */
function leafChoices(document: Written, path: string): SchemaNode[] {
  const [section, ...within] = parsePath(path)!;
  const schema = nodeOf(sectionSchemas[section as Section]);
  const value = valueAt(document, [section]);
  const own = schemaAt(schema, within, isObject(value) ? value : {});
  const leaf = own ?? choices(schema).flatMap((choice) => schemaAt(choice, within, {}) ?? [])[0];
  return leaf ? choices(leaf) : [];
}

/** A pipe may begin with another. */
const isWhole = ({ pipe = [] }: SchemaNode): boolean =>
  pipe.some((item) => item.type === "integer" || ("pipe" in item && isWhole(item as SchemaNode)));

const refused = (path: string, value: unknown, allowed: string) =>
  new DocumentError(path, `is ${shown(value)}; ${allowed}`);
