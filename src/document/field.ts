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
