import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { documentSchema, type Section, sections, sectionSchemas } from "./schema.ts";
import { listPaths } from "./schema-tree.ts";
import { takesNumbers } from "./search.ts";
import { sweepableLeaves } from "./sweep.ts";

/** Where the schema is once the package is published. */
const address = "https://cdn.jsdelivr.net/npm/alphasweep/experiment.schema.json";

/**
 * The document's JSON Schema (draft 2020-12), for editors and for whoever writes documents by program: it completes, explains, and
 * refuses. It is milder than `readExperiment` where only code can tell: how fields go together, what files hold.
 */
export function experimentJsonSchema(): JsonSchema {
  const schema = toJsonSchema(documentSchema, {
    target: "draft-2020-12",
    typeMode: "input",
    // What only code can check, editors do without.
    errorMode: "ignore",
    ignoreActions: ["raw_check"],
  });
  const properties = schema.properties as Record<string, JsonSchema>;
  const paths = sweepableLeaves({}, new Map());
  const lists = sections.flatMap((section) => listPaths(sectionSchemas[section], [section]));
  limitPaths(properties.sweep.items as JsonSchema, paths, lists);
  limitPaths(
    properties.search,
    paths.filter((path) => takesNumbers({}, path)),
    lists,
  );
  const needs = sections.flatMap((section) => needsOf(section, properties[section]));
  for (const section of sections) properties[section] = withoutRequired(properties[section]);
  const { required: _, $schema, ...rest } = schema;
  const set = [...new Set(needs.flatMap(({ unlessSet }) => unlessSet))];
  return {
    $schema: $schema,
    $id: address,
    title: "alphasweep experiment",
    ...rest,
    allOf: needs.map(needed),
    $defs: Object.fromEntries(set.map((path) => [definitionOf(path), setsPath(path)])),
  };
}

/** Axes and searches set what there is to set; a list's entries are as many as a document has. */
function limitPaths({ anyOf }: JsonSchema, paths: string[], lists: string[]): void {
  const entry = `^(?:${lists.map((path) => path.replaceAll(".", "\\.")).join("|")})\\[\\d+\\]`;
  for (const choice of anyOf as JsonSchema[]) {
    const { path, paths: several } = choice.properties as Record<string, JsonSchema>;
    const place = path ?? several.items;
    Object.assign(place, { anyOf: [{ enum: paths }, { pattern: entry }] });
  }
}

/** A field that a document must have, unless an axis or a search sets one of some paths. */
interface Need {
  section: Section;
  key: string;
  unlessSet: string[];
  /** Where only one kind of the section needs it. */
  kind?: { key: string; value: string; isDefault: boolean };
}

function needsOf(section: Section, { required = [], oneOf }: JsonSchema): Need[] {
  if (!oneOf) return required.map((key) => ({ section, key, unlessSet: [`${section}.${key}`] }));
  const kinds = oneOf as JsonSchema[];
  const needs = kinds.flatMap((choice): Need[] => {
    const [key, kind] = Object.entries(choice.properties as Record<string, JsonSchema>).find(
      ([, { const: value }]) => value !== undefined,
    )!;
    const value = kind.const as string;
    return (choice.required ?? [])
      .filter((needed) => needed !== key)
      .map((needed) => ({
        section,
        key: needed,
        unlessSet: [`${section}.${needed}`, `${section}.${key}`],
        kind: { key, value, isDefault: kind.default === value },
      }));
  });
  // A kind's name is needed where none is meant without it.
  const named = kinds.map(({ required: own = [] }) => own);
  const [key] = named[0].filter((each) => named.every((own) => own.includes(each)));
  return key === undefined ? needs : [{ section, key, unlessSet: [`${section}.${key}`] }, ...needs];
}

function needed({ section, key, unlessSet, kind }: Need): JsonSchema {
  const isKind: JsonSchema[] = kind
    ? [
        {
          type: "object",
          properties: {
            [section]: {
              type: "object",
              properties: { [kind.key]: { const: kind.value } },
              ...(!kind.isDefault && { required: [kind.key] }),
            },
          },
          ...(!kind.isDefault && { required: [section] }),
        },
      ]
    : [];
  return {
    if: {
      allOf: [...isKind, ...unlessSet.map((path) => ({ not: { $ref: `#/$defs/${definitionOf(path)}` } }))],
    },
    then: {
      type: "object",
      properties: { [section]: { type: "object", required: [key] } },
      required: [section],
    },
  };
}

const definitionOf = (path: string): string => `sets-${path}`;

/** Documents whose sweep or search sets a path. */
function setsPath(path: string): JsonSchema {
  const holding = (properties: Record<string, JsonSchema>): JsonSchema => ({
    type: "object",
    properties,
    required: Object.keys(properties),
  });
  const axis = {
    anyOf: [
      holding({ path: { const: path } }),
      holding({ paths: { type: "array", contains: { const: path } } }),
    ],
  };
  return {
    anyOf: [
      holding({ sweep: { type: "array", contains: axis } }),
      holding({ search: holding({ path: { const: path } }) }),
    ],
  };
}

function withoutRequired({ required: _, oneOf, ...rest }: JsonSchema): JsonSchema {
  // Any of, because without its kind a section may be several.
  return oneOf ? { ...rest, anyOf: (oneOf as JsonSchema[]).map(withoutRequired) } : rest;
}
