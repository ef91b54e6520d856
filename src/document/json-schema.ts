import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { documentSchema, sectionSchemas } from "./schema.ts";
import { sweepableLeaves } from "./sweep.ts";

/**
 * The document's JSON Schema, for editors (draft 7, which they all know): it completes and explains. It is milder than
 * `readExperiment`: a field that an axis sets may be left out, so with a sweep no field is required.
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
  offerPaths(properties.sweep);
  const required: Record<string, JsonSchema> = {};
  for (const section of Object.keys(sectionSchemas)) {
    required[section] = { required: requiredKeys(properties[section]) };
    properties[section] = withoutRequired(properties[section]);
  }
  const { required: requiredSections = [], ...rest } = schema;
  return {
    ...rest,
    title: "alphasweep experiment",
    if: { properties: { sweep: { minItems: 1 } }, required: ["sweep"] },
    else: { properties: required, required: requiredSections },
  };
}

/** Editors complete the paths of axes from examples. */
function offerPaths({ items }: JsonSchema): void {
  const examples = sweepableLeaves({}, new Map());
  for (const axis of (items as JsonSchema).anyOf as JsonSchema[]) {
    const { path, paths } = axis.properties as Record<string, JsonSchema>;
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
