/** Walking a valibot schema beside a value: what an error message and a sweep need to know, and a parser does not tell. */

import * as v from "valibot";
import { formatPath, isObject, type Path } from "../document/path.ts";
import type { Json } from "../document/types.ts";

/** The parts of valibot's schemas that this document uses. */
export interface SchemaNode {
  readonly type: string;
  readonly entries?: Record<string, SchemaNode>;
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly items?: readonly SchemaNode[];
  readonly options?: readonly (SchemaNode | string)[];
  readonly literal?: Json;
  /** What an optional field is where it is left out. */
  readonly default?: Json;
  /** The discriminator of a variant. */
  readonly key?: string;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

export function nodeOf(schema: v.GenericSchema | SchemaNode): SchemaNode {
  let node = schema as unknown as SchemaNode;
  while (node.wrapped && node.type !== "nullable") node = node.wrapped;
  return node;
}

/** The node as the schema that it is, to parse with. */
export const schemaOf = (node: SchemaNode): v.GenericSchema => node as unknown as v.GenericSchema;

/** The schemas that a union, a variant or a nullable chooses from; other schemas are their own only choice. */
export function choices(schema: SchemaNode): SchemaNode[] {
  const node = nodeOf(schema);
  if (node.type === "nullable") return [{ type: "null" }, ...choices(node.wrapped!)];
  if (node.type !== "union" && node.type !== "variant") return [node];
  return node.options!.flatMap((option) => choices(option as SchemaNode));
}

/** The strings that a value may be, where only some are allowed. */
export function choosableStrings(schema: SchemaNode): string[] {
  return choices(schema).flatMap(({ type, literal, options }) => {
    if (type === "picklist") return options as string[];
    return typeof literal === "string" ? [literal] : [];
  });
}

/** The object schema that a value is meant for: by the discriminator, else by the keys that both have. */
export function meantObject(schema: SchemaNode, value: Json | undefined): SchemaNode | undefined {
  const objects = choices(schema).filter(({ entries }) => entries);
  const { key } = nodeOf(schema);
  if (!isObject(value)) return undefined;
  if (key)
    return objects.find(
      ({ entries }) => nodeOf(entries![key]).literal === (value[key] ?? entries![key].default),
    );
  if (objects.length === 1) return objects[0];
  const shared = objects.map(
    ({ entries }) => Object.keys(value).filter((name) => Object.hasOwn(entries!, name)).length,
  );
  const most = Math.max(...shared);
  return most > 0 ? objects[shared.indexOf(most)] : undefined;
}

/** Every key that some reading of the value allows. */
export const allowedKeys = (schema: SchemaNode): string[] => [
  ...new Set(choices(schema).flatMap(({ entries }) => Object.keys(entries ?? {}))),
];

/** The schema of the value at a path, undefined where the document's choices leave no such place. */
export function schemaAt(schema: SchemaNode, path: Path, value: Json | undefined): SchemaNode | undefined {
  let node: SchemaNode | undefined = nodeOf(schema);
  let inner: unknown = value;
  for (const part of path) {
    if (!node) return undefined;
    if (typeof part === "number") {
      const list: SchemaNode | undefined = choices(node).find(({ item, items }) => item || items);
      node = list?.item ?? list?.items?.[part];
      inner = Array.isArray(inner) ? inner[part] : undefined;
    } else {
      const object: SchemaNode | undefined = meantObject(node, inner as Json | undefined);
      // The discriminator itself has a place in every variant: there it is the choice between them.
      const isDiscriminator: boolean = !object && nodeOf(node).key === part;
      node = isDiscriminator ? discriminator(node) : object?.entries?.[part];
      inner = isObject(inner) && Object.hasOwn(inner, part) ? inner[part] : undefined;
    }
    node = node && nodeOf(node);
  }
  return node;
}

const discriminator = (node: SchemaNode): SchemaNode =>
  nodeOf(v.union(choices(node).map(({ entries }) => schemaOf(entries![node.key!]))));

/** No list of the document is longer, and a million paths would only slow the message down. */
const longestList = 1000;

/**
 * Paths of the scalars and lists of numbers that a document may hold, given the choices that it makes; where it makes none, those of every
 * choice.
 *
 * @param given values that take part in the choice beside the document's own: those that an axis sets, by path
 */
export function leafPaths(
  schema: SchemaNode,
  value: Json | undefined,
  given: ReadonlyMap<string, readonly Json[]>,
  path: Path = [],
): string[] {
  const node = nodeOf(schema);
  if (node.key) {
    const at = formatPath([...path, node.key]);
    const named = given.get(at) ?? (isObject(value) ? [value[node.key]] : []);
    const objects = choices(node);
    const meant = objects.filter(({ entries }) => named.includes(nodeOf(entries![node.key!]).literal!));
    const leaves = (meant.length > 0 ? meant : objects).flatMap((object) =>
      leafPaths(object, value, given, path),
    );
    return [...new Set(leaves)];
  }
  const meant = meantObject(node, value);
  const leaves: string[] = [];
  for (const choice of choices(node)) {
    if (choice.entries) {
      if (meant && meant !== choice) continue;
      for (const [key, entry] of Object.entries(choice.entries)) {
        const inner = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
        leaves.push(...leafPaths(entry, inner, given, [...path, key]));
      }
    } else if (choice.item) {
      // A list of numbers can be set as a whole, and its entries one by one where the document has them.
      if (choices(choice.item).every(({ type }) => type === "number")) leaves.push(formatPath(path));
      if (!Array.isArray(value)) continue;
      value
        .slice(0, longestList)
        .forEach((inner, index) => leaves.push(...leafPaths(choice.item!, inner, given, [...path, index])));
    } else leaves.push(formatPath(path));
  }
  return [...new Set(leaves)];
}

/** Paths of the lists that a document may hold, of every choice; their entries can be set one by one. */
export function listPaths(schema: v.GenericSchema | SchemaNode, path: Path): string[] {
  const paths = choices(nodeOf(schema)).flatMap(({ entries, item }) =>
    item
      ? [formatPath(path)]
      : Object.entries(entries ?? {}).flatMap(([key, entry]) => listPaths(entry, [...path, key])),
  );
  return [...new Set(paths)];
}
