import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { documentSchema, sectionSchemas } from "./schema.ts";
import { takesNumbers } from "./search.ts";
import { sweepableLeaves } from "./sweep.ts";

/**
 * The document's JSON Schema, for editors (draft 7, which they all know): it completes and explains. It is milder than
 * `readExperiment`: a field that an axis sets may be left out, so with a sweep or a search no field is required.
 */
export function experimentJsonSchema(): JsonSchema {
  const schema = toJsonSchema(documentSchema, {
    target: "draft-07",
    typeMode: "input",
    // What only code can check, editors do without.
    errorMode: "ignore",
    ignoreActions: ["raw_check"],
  });
  const properties = schema.properties as Record<string, JsonSchema>;
  const paths = sweepableLeaves({}, new Map());
  offerPaths(properties.sweep.items as JsonSchema, paths);
  offerPaths(
    properties.search,
    paths.filter((path) => takesNumbers({}, path)),
  );
  const required: Record<string, JsonSchema> = {};
  for (const section of Object.keys(sectionSchemas)) {
    required[section] = { required: requiredKeys(properties[section]) };
    properties[section] = withoutRequired(properties[section]);
  }
  const { required: requiredSections = [], ...rest } = schema;
  return {
    ...rest,
    title: "alphasweep experiment",
    if: {
      anyOf: [{ properties: { sweep: { minItems: 1 } }, required: ["sweep"] }, { required: ["search"] }],
    },
    else: { properties: required, required: requiredSections },
  };
}

/** Editors complete the paths of axes and searches from examples. */
function offerPaths({ anyOf }: JsonSchema, examples: string[]): void {
  for (const choice of anyOf as JsonSchema[]) {
    const { path, paths } = choice.properties as Record<string, JsonSchema>;
    Object.assign(path ?? paths.items, { examples });
  }
}

/** Keys that every choice requires. */
function requiredKeys({ required = [], oneOf = [] }: JsonSchema): string[] {
  const [first, ...others] = (oneOf as JsonSchema[]).map(requiredKeys);
  return first ? first.filter((key) => others.every((keys) => keys.includes(key))) : required;
}

function withoutRequired({ required: _, oneOf, ...rest }: JsonSchema): JsonSchema {
  // Any of, because without its kind a section may be several.
  return oneOf ? { ...rest, anyOf: (oneOf as JsonSchema[]).map(withoutRequired) } : rest;
}
