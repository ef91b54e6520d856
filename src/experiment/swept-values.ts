/** Which runs of a sweep an error is about. */

import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { Json } from "../document/types.ts";

const mostNamed = 4;

/**
 * What the work returns; where the document is wrong for these values of a sweep, the error names them.
 *
 * @param swept called only for an error
 */
export function sayingSwept<Result>(swept: () => Record<string, Json>, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const values = error instanceof DocumentError ? Object.entries(swept()) : [];
    if (!(error instanceof DocumentError) || values.length === 0) throw error;
    const texts = values.slice(0, mostNamed).map(([path, value]) => `${path} = ${shown(value)}`);
    if (values.length > mostNamed) texts.push("…");
    throw new DocumentError(error.path, `${error.problem} (where ${texts.join(", ")})`);
  }
}
