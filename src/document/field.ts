import * as v from "valibot";

/**
 * A field of the document.
 *
 * @param description what editors show beside it
 * @param allowed the sentence that an error message about it ends with
 */
export const field = <const Schema extends v.GenericSchema>(
  description: string,
  allowed: string,
  schema: Schema,
) => v.message(v.pipe(schema, v.description(description)), allowed);

/** What tells a kind of a section from the others. */
export const kindField = <const Kind extends string>(kind: Kind, description: string) =>
  v.pipe(v.literal(kind), v.description(description));
