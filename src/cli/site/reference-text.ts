/** docs/reference.md: every field of the document, from its JSON Schema, with examples from the built-in experiments. */

import type { JsonSchema } from "@valibot/to-json-schema";
import type { Json } from "../../document/types.ts";
import { isObject } from "../../document/path.ts";
import { cell, generated } from "./documentation-page.ts";

const sectionOrder = ["data", "model", "loss", "init", "train", "record", "sweep", "search"] as const;

/** @param documents the built-in experiments, whose values are the examples */
export function referenceText(schema: JsonSchema, documents: readonly Json[]): string {
  const properties = schema.properties as Record<string, JsonSchema>;
  const required = requiredOf(schema);
  const sections = sectionOrder.map((name) => {
    const section = properties[name];
    const head = `## ${name}\n\n${section.description}`;
    const own = section.items ? (section.items as JsonSchema) : section;
    const path = section.items ? `${name}[]` : name;
    const choices = own.anyOf as JsonSchema[] | undefined;
    if (!choices) return `${head}\n\n${table(rowsOf(path, own, { required, documents }))}`;
    if (choices.every((choice) => kindOf(choice) === undefined))
      return `${head}\n\n${table(mergedRows(path, choices, documents))}`;
    const parts = choices.map((choice) => {
      const [key, kind, meaning] = kindOf(choice)!;
      const rows = rowsOf(path, choice, { required, documents, of: { key, kind } });
      return `### ${name}.${key}: "${kind}"\n\n${meaning}\n\n${table(rows)}`;
    });
    return [head, ...parts].join("\n\n");
  });
  const labels = ["$schema", "name", "description"].map((name) => [
    `\`${name}\``,
    "string",
    "",
    cell(properties[name].description!),
    "",
  ]);
  return `# The document, field by field

${generated}

An experiment is a JSON object. \`data\`, \`model\` and \`train\` must be there; what else is left out has its default. Any number, string, flag or list of numbers
can be swept, and a field that an axis sets may be left out. Where a default is "or another", one of several fields is meant. Numbers are in the data's own units; times are sums of step sizes. Editors complete it from
[experiment.schema.json](../experiment.schema.json), which this page is made of; \`alphasweep new\` writes a first one. What a run records is in
[quantities.md](quantities.md).

${table(labels)}

${sections.join("\n\n")}
`;
}

interface Context {
  required: readonly Required[];
  documents: readonly Json[];
  of?: { key: string; kind: string } | undefined;
}

interface Required {
  section: string;
  key: string;
  kind?: string | undefined;
}

/** Rows of a section's fields, and of what is in them. */
function rowsOf(path: string, schema: JsonSchema, context: Context): string[][] {
  const kind = context.of?.key;
  return Object.entries(schema.properties as Record<string, JsonSchema>)
    .filter(([name]) => name !== kind)
    .flatMap(([name, field]) => {
      const place = `${path}.${name}`;
      const isRequired =
        schema.required?.includes(name) ||
        context.required.some(
          (one) =>
            `${one.section}.${one.key}` === place &&
            (one.kind === undefined || one.kind === context.of?.kind),
        );
      const value = field.default === undefined ? (isRequired ? "required" : "") : code(field.default);
      const own = [
        `\`${place}\``,
        typeText(field),
        value,
        cell(field.description ?? ""),
        exampleText(place, context),
      ];
      return [own, ...innerRows(place, field, context)];
    });
}

/** Rows of a section that is written in several ways: what only some have, one of which is meant, is "in place of others". */
function mergedRows(path: string, choices: readonly JsonSchema[], documents: readonly Json[]): string[][] {
  const all = choices.map((choice) => rowsOf(path, choice, { required: [], documents }));
  const isEverywhere = ([name]: string[]) => all.every((rows) => rows.some(([other]) => other === name));
  return distinct(all.flat())
    .map((row) => (isEverywhere(row) || row[2] !== "required" ? row : row.with(2, "or another")))
    .sort((one, other) => Number(isEverywhere(other)) - Number(isEverywhere(one)));
}

/** Without those that say the same of the same. */
const distinct = (rows: readonly string[][]): string[][] =>
  rows.filter(
    ([name, , , meaning], row) =>
      rows.findIndex((other) => other[0] === name && other[3] === meaning) === row,
  );

/** Objects that a field may hold, or a list of them. */
function innerRows(place: string, field: JsonSchema, { documents }: Context): string[][] {
  const [at, holder] = field.items ? [`${place}[]`, field.items as JsonSchema] : [place, field];
  const objects = [holder, ...((holder.anyOf as JsonSchema[] | undefined) ?? [])].filter(
    ({ properties }) => properties,
  );
  const rows = objects.flatMap((object) => rowsOf(at, object, { required: [], documents }));
  // Several layers have a size.
  return distinct(rows);
}

const longestList = 6;

function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) {
    if (schema.enum.length > longestList) return "one of a list";
    return schema.enum.map(code).join(", ");
  }
  if (schema.anyOf && !schema.type)
    return [...new Set((schema.anyOf as JsonSchema[]).map(typeText))].join(", or ");
  if (schema.prefixItems) return `list of ${schema.prefixItems.length} numbers`;
  if (schema.type === "array") {
    const item = schema.items as JsonSchema;
    return item.anyOf?.some((one) => (one as JsonSchema).properties)
      ? "list of objects"
      : `list: ${typeText(item)}`;
  }
  if (schema.type === "object")
    return `{${Object.keys(schema.properties!)
      .map((key) => `"${key}"`)
      .join(", ")}}`;
  if (schema.type === "number" || schema.type === "integer") return numberText(schema);
  return schema.type === "boolean" ? "`true`, `false`" : String(schema.type);
}

/** Limits that are there to keep sizes sane are no news. */
const sane = 1e4;

function numberText({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const noun = type === "integer" ? "whole number" : "number";
  const limits = [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined || maximum > sane ? [] : [`≤ ${maximum}`]),
  ];
  return [noun, limits.join(", ")].filter(Boolean).join(" ");
}

/** How a built-in experiment has the field. */
function exampleText(place: string, { documents, of }: Context): string {
  const [section, ...keys] = place.split(".");
  const found = documents.flatMap((document) => {
    const whole = (document as Record<string, Json>)[section.replace("[]", "")];
    const parts = section.endsWith("[]") ? ((whole ?? []) as Json[]) : [whole];
    return parts.flatMap((part) => {
      if (!isObject(part)) return [];
      if (of && part[of.key] !== of.kind) return [];
      return valuesAt(part, keys);
    });
  });
  const short = found.find((value) => JSON.stringify(value).length <= longestExample);
  return short === undefined ? "" : code(short);
}

const longestExample = 48;

function valuesAt(value: Json | undefined, [key, ...keys]: readonly string[]): Json[] {
  if (value === undefined) return [];
  if (key === undefined) return [value];
  if (!isObject(value)) return [];
  const inner = value[key.replace("[]", "")];
  if (key.endsWith("[]")) return Array.isArray(inner) ? inner.flatMap((entry) => valuesAt(entry, keys)) : [];
  return Object.hasOwn(value, key) ? valuesAt(inner, keys) : [];
}

const code = (value: unknown): string => `\`${cell(JSON.stringify(value))}\``;

function table(rows: readonly string[][]): string {
  if (rows.length === 0) return "It has no fields.";
  return [
    "| field | is | default | meaning | example |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

function kindOf({ properties }: JsonSchema): [key: string, kind: string, meaning: string] | undefined {
  for (const [key, field] of Object.entries(properties as Record<string, JsonSchema>))
    if (key === "kind" || key === "method") return [key, field.const as string, field.description!];
  return undefined;
}

/** What a document must have, which the schema says by conditions: an axis may set it instead. */
function requiredOf({ allOf }: JsonSchema): Required[] {
  return (allOf as JsonSchema[]).map((condition) => {
    const [[section, part]] = Object.entries(
      (condition.then as JsonSchema).properties as Record<string, JsonSchema>,
    );
    const [first] = (condition.if as JsonSchema).allOf as JsonSchema[];
    const own = (first.properties as Record<string, JsonSchema> | undefined)?.[section];
    const kind = own && (Object.values(own.properties as Record<string, JsonSchema>)[0].const as string);
    return { section, key: part.required![0], kind };
  });
}
