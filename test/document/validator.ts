import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Json } from "../../src/document/types.ts";

/** experiment.schema.json. */
export const published = JSON.parse(
  readFileSync(new URL("../../experiment.schema.json", import.meta.url), "utf8"),
) as object;

/** What a strict validator says while it compiles ends the test. */
const silent = (message: unknown): never => {
  throw new Error(`the schema is not strict: ${String(message)}`);
};

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: false,
  logger: { log: silent, warn: silent, error: silent },
});
const validate = ajv.compile(published);

/** Why the published schema refuses a document; undefined where it takes it. */
export const problemOf = (document: Json): string | undefined =>
  validate(document) ? undefined : ajv.errorsText(validate.errors);
