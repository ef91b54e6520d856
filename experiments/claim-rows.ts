/** Claims that have been measured, as claims.json has them. */

import type { ClaimRow } from "../src/results/claims.ts";
import type { Judgement } from "./claim.ts";
import type { Reproduction } from "./reproduction.ts";

/** A row a statement; a correction follows what is false as written, and repeats what was claimed. */
export function claimRows(
  { id, documents, figures }: Reproduction,
  judgements: readonly Judgement[],
): ClaimRow[] {
  let claimed = "";
  return judgements.map(({ statement, measured, verdict, isCorrection }) => {
    const expected = statement.expected.text;
    if (!isCorrection) claimed = expected;
    return {
      experiment: id,
      documents: [...documents],
      figures: [...figures],
      claim: statement.says,
      source: statement.where,
      claimed,
      expected,
      measured: Number.isFinite(measured) ? measured : null,
      verdict,
    };
  });
}
