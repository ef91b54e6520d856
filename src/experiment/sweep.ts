/** The sweep of a document: read before all else, because its axes may set what the document leaves out. */

import * as v from "valibot";
import { axisSchema, expandAxes, pathsOf, type WrittenAxis } from "./axes.ts";
import { DocumentError } from "../document/error.ts";
import { nearest } from "../document/nearest.ts";
import { isObject, parsePath } from "../document/path.ts";
import { readPart } from "./read.ts";
import { sections, sectionSchemas } from "./schema.ts";
import { leafPaths, nodeOf } from "./schema-tree.ts";
import { alternatives, shown } from "../document/shown.ts";
import type { Json, SweepAxis } from "../document/types.ts";

type Written = { readonly [key: string]: Json };

/** @throws DocumentError */
export function readSweep(document: Written): SweepAxis[] {
  const axes = writtenAxes(document);
  if (axes.length > 0) checkPaths(axes.flatMap(pathsOf), leavesOf(document));
  return expandAxes(axes);
}

const writtenAxes = (document: Written): WrittenAxis[] =>
  readPart(v.optional(v.array(axisSchema), []), document.sweep, ["sweep"]);

/** Paths of what can be set in this document, given what its sweep chooses. */
export const leavesOf = (document: Written): Set<string> =>
  new Set(sweepableLeaves(document, new Map(writtenAxes(document).flatMap(listedValues))));

/** The paths that the document's sweep sets. */
export const sweptIn = (document: Written): Placed[] => writtenAxes(document).flatMap(pathsOf);

/** A path of the document, and where it is written. */
export interface Placed {
  path: string;
  place: string;
}

/**
 * @param others paths that are set already
 * @throws DocumentError where there is no such leaf, or one is set twice
 */
export function checkPaths(
  paths: readonly Placed[],
  leaves: ReadonlySet<string>,
  others: readonly Placed[] = [],
): void {
  const taken: Placed[] = [...others];
  for (const placed of paths) {
    if (!leaves.has(placed.path)) throw refused(placed, mend(placed.path, leaves));
    const rival = taken.find(({ path }) => overlap(path, placed.path));
    if (rival) {
      const what = rival.path === placed.path ? "it" : "a part of it";
      throw refused(placed, `${rival.place} sets ${what} already`);
    }
    taken.push(placed);
  }
}

/** Runs share one table of records, so what is recorded is the same for all of them. */
const sweepable = sections.filter((section) => section !== "record");

/**
 * Paths of what an axis may set in a document that makes these choices.
 *
 * @param given the values that axes list, by path: they may choose kinds too
 */
export function sweepableLeaves(document: Written, given: ReadonlyMap<string, readonly Json[]>): string[] {
  return sweepable.flatMap((section) => {
    const value = isObject(document[section]) ? document[section] : undefined;
    return leafPaths(nodeOf(sectionSchemas[section]), value, given, [section]);
  });
}

function listedValues(axis: WrittenAxis): [path: string, values: Json[]][] {
  if ("paths" in axis) return axis.paths.map((path, place) => [path, axis.values.map((row) => row[place])]);
  return "values" in axis ? [[axis.path, axis.values]] : [];
}

/** Also where one holds the other: `init.shape` and `init.shape.std` would undo each other. */
const overlap = (a: string, b: string): boolean => a === b || holds(a, b) || holds(b, a);

const holds = (outer: string, inner: string): boolean =>
  /^[.[]/.test(inner.slice(outer.length)) && inner.startsWith(outer);

const refused = ({ path, place }: Placed, allowed: string) =>
  new DocumentError(place, `is ${shown(path)}; ${allowed}`);

function mend(path: string, leaves: ReadonlySet<string>): string {
  const [section] = parsePath(path) ?? [];
  if (section === "record") return "runs share one table of records, so nothing in record can be swept";

  const within = [...leaves].filter((leaf) => holds(path, leaf));
  if (within.length > 0) return `an axis sets single values, here ${alternatives(within)}`;

  if (sweepableLeaves({}, new Map()).includes(path)) return "what this document chooses does not have it";

  const guess = nearest(path, leaves);
  if (guess !== undefined) return `did you mean ${shown(guess)}?`;
  // The right leaf in no section, or in the wrong one.
  const last = path.split(".").at(-1)!.toLowerCase();
  const elsewhere = [...leaves].filter((leaf) => leaf.split(".").at(-1)!.toLowerCase() === last);
  if (elsewhere.length > 0) return `did you mean ${alternatives(elsewhere)}?`;

  const offered = [...leaves].filter((leaf) => holds(String(section), leaf));
  return offered.length > 0
    ? `what can be swept in ${section} is ${alternatives(offered, "and")}`
    : `a path names a value in ${alternatives(sweepable)}, such as "init.alpha"`;
}
