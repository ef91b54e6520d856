/** Parsing one part of a document: its value with the defaults filled in, or one sentence on the first problem. */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { nearest } from "../document/nearest.ts";
import { formatPath, isObject, type Path, valueAt } from "../document/path.ts";
import {
  allowedKeys,
  choices,
  choosableStrings,
  meantObject,
  nodeOf,
  type SchemaNode,
  schemaAt,
  schemaOf,
} from "./schema-tree.ts";
import { alternatives, shown } from "../document/shown.ts";
import type { Json } from "../document/types.ts";

/** The schema's own sentences are used where it has one; where this stands instead, `requirement` makes one. */
const unsaid = "";

/**
 * @param path where the part stands in its document
 * @throws DocumentError with the first problem in the order of the document
 */
export function readPart<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: Json | undefined,
  path: Path,
): v.InferOutput<Schema> {
  // valibot takes a list for an object.
  const takesOnlyObjects = choices(nodeOf(schema)).every(({ entries }) => entries);
  if (takesOnlyObjects && Array.isArray(value)) throw refused(path, value, "it must be an object");
  const result = v.safeParse(schema, value, { message: unsaid });
  if (result.success) return result.output;
  throw firstProblem(nodeOf(schema), value, path, result.issues);
}

type Issue = v.BaseIssue<unknown>;

const pathOf = (issue: Issue): Path => (issue.path ?? []).map(({ key }) => key as string | number);

/** @param choice the union that the schema is one option of, where it is */
function firstProblem(
  schema: SchemaNode,
  value: Json | undefined,
  path: Path,
  issues: readonly Issue[],
  choice = schema,
): DocumentError {
  const issue = issues.reduce((first, other) =>
    comesBefore(pathOf(other), pathOf(first), value) ? other : first,
  );
  const within = pathOf(issue);
  const place = [...path, ...within];
  const found = valueAt(value, within);

  if (issue.type === "strict_object" && within.length > 0 && issue.expected === "never") {
    const owner = within.slice(0, -1);
    const ownerSchema = owner.length > 0 ? schemaAt(schema, owner, value) : choice;
    return unknownKey(ownerSchema, valueAt(value, owner), place);
  }
  const node = schemaAt(schema, within, value);
  if (found === undefined) return missing(node, place);

  const meant = issue.type === "union" && node ? meantObject(node, found) : undefined;
  const inner = meant && v.safeParse(schemaOf(meant), found, { message: unsaid });
  if (inner?.issues) return firstProblem(meant!, found, place, inner.issues, node);

  const guess = typeof found === "string" && node ? nearest(found, choosableStrings(node)) : undefined;
  if (guess !== undefined && guess !== found) return refused(place, found, `did you mean ${shown(guess)}?`);
  return refused(place, found, issue.message || requirement(node));
}

/** A problem with a value is told after those within it, one with a key that is not there last of all. */
function comesBefore(a: Path, b: Path, value: Json | undefined): boolean {
  const [first, second] = [positions(a, value), positions(b, value)];
  for (let depth = 0; depth < Math.max(first.length, second.length); depth++) {
    const difference = (first[depth] ?? Infinity) - (second[depth] ?? Infinity);
    if (difference) return difference < 0; // NaN, where both are missing, is no difference
  }
  return false;
}

function positions(path: Path, value: Json | undefined): number[] {
  return path.map((part, depth) => {
    if (typeof part === "number") return part;
    const owner = valueAt(value, path.slice(0, depth));
    const place = isObject(owner) ? Object.keys(owner).indexOf(part) : -1;
    return place < 0 ? Infinity : place;
  });
}

const refused = (path: Path, value: Json, allowed: string): DocumentError =>
  new DocumentError(formatPath(path), `is ${shown(value)}; ${allowed}`);

/**
 * @param owner the schema of the object that holds the key
 * @param path of the key
 */
export function unknownKey(
  owner: SchemaNode | undefined,
  value: Json | undefined,
  path: Path,
): DocumentError {
  const key = String(path.at(-1));
  const place = formatPath(path);
  const discriminator = owner && nodeOf(owner).key;
  const kind = discriminator && isObject(value) ? value[discriminator] : undefined;
  const ownerPlace = path.length > 1 ? formatPath(path.slice(0, -1)) : "the document";
  const ownerName = kind === undefined ? ownerPlace : `${ownerPlace} of ${discriminator} ${shown(kind)}`;
  return new DocumentError(place, `is not a key of ${ownerName}; ${keyMend(owner, value, key)}`);
}

function keyMend(owner: SchemaNode | undefined, value: Json | undefined, key: string): string {
  if (!owner) return "it must go";
  const meant = meantObject(owner, value);
  const keys = meant ? Object.keys(meant.entries!) : allowedKeys(owner);
  const guess = nearest(key, keys) ?? nearest(key, allowedKeys(owner));
  if (guess !== undefined && guess !== key) return `did you mean ${shown(guess)}?`;

  const others = choices(owner).filter(({ entries }) => entries && Object.hasOwn(entries, key));
  if (others.length > 0) return otherChoice(owner, others, value);
  return `its keys are ${alternatives(keys, "and")}`;
}

/** The key belongs to another choice than the one that the value makes. */
function otherChoice(owner: SchemaNode, others: readonly SchemaNode[], value: Json | undefined): string {
  const { key: discriminator } = nodeOf(owner);
  if (discriminator) {
    const kinds = others.map(({ entries }) => nodeOf(entries![discriminator]).literal);
    return `${discriminator} ${alternatives(kinds)} has it`;
  }
  const rivals = Object.keys(value as object).filter((key) => !Object.hasOwn(others[0].entries!, key));
  return `it cannot stand beside ${alternatives(rivals, "and")}`;
}

function missing(node: SchemaNode | undefined, path: Path): DocumentError {
  // What the field says of nothing, it says of a missing value.
  const result = node && v.safeParse(schemaOf(node), undefined, { message: unsaid });
  return new DocumentError(
    formatPath(path),
    `is missing; ${result?.issues?.[0].message || requirement(node)}`,
  );
}

/** What a schema without a sentence of its own asks for. */
function requirement(schema: SchemaNode | undefined): string {
  if (!schema) return "it must go";
  const strings = choosableStrings(schema);
  if (strings.length > 1) return `it must be one of ${alternatives(strings)}`;
  if (strings.length === 1) return `it must be ${shown(strings[0])}`;
  return `it must be ${[...new Set(choices(schema).map(description))].join(", or ")}`;
}

const nouns: Record<string, string> = {
  string: "a string",
  boolean: "true or false",
  null: "null",
  array: "a list",
  strict_tuple: "a list",
  strict_object: "an object",
};

function description({ type, pipe = [] }: SchemaNode): string {
  if (type !== "number") return nouns[type] ?? `a ${type}`;
  const bound = (action: string) =>
    pipe.find((item) => item.type === action)?.requirement as number | undefined;
  const noun = pipe.some((item) => item.type === "integer") ? "whole number" : "number";
  const least = bound("min_value");
  const most = bound("max_value");
  const above = bound("gt_value");
  if (least !== undefined && most !== undefined) return `a ${noun} from ${least} to ${most}`;
  const limits = [
    least !== undefined && `of at least ${least}`,
    most !== undefined && `of at most ${most}`,
    above !== undefined && above !== 0 && `above ${above}`,
  ].filter(Boolean);
  return [`a ${above === 0 ? "positive " : ""}${noun}`, ...limits].join(" ");
}
