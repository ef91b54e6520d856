/** What is printed of claims that have been measured. */

import type { Judgement } from "../../../experiments/claim.ts";
import { exactText } from "../../../experiments/number-text.ts";
import type { Reproduction } from "../../../experiments/reproduction.ts";
import { verdictsText } from "../../results/claims.ts";
import { gridText } from "./summary.ts";

/** More than the claims are known to. */
const digits = 7;

/** A row a statement: the claim, what is expected, what was measured, the verdict; under whoever claims it. */
export function judgementsText(
  { id, title, source }: Reproduction,
  judgements: readonly Judgement[],
): string {
  const [header, ...rows] = gridText([
    ["claim", ...judgements.map(claimText)],
    ["expected", ...judgements.map(({ statement }) => statement.expected.text)],
    ["measured", ...judgements.map(({ measured }) => exactText(Number(measured.toPrecision(digits))))],
    ["verdict", ...judgements.map(verdictText)],
  ]).split("\n");
  const lines = [`${id}: ${title} (${source})`, header];
  let said: string | undefined;
  rows.forEach((row, place) => {
    const { statement, isCorrection } = judgements[place];
    if (isCorrection) lines.push(`      in truth (${statement.where}):`);
    else if (statement.where !== said) lines.push(`  ${(said = statement.where)}`);
    lines.push(row);
  });
  return lines.join("\n");
}

const claimText = ({ statement, isCorrection }: Judgement): string =>
  `${isCorrection ? "        " : "    "}${statement.says}`;

const verdictText = ({ verdict, isAsExpected }: Judgement): string =>
  isAsExpected ? verdict : `${verdict}, unexpected`;

/** What came of a reproduction. */
export type Outcome = { reproduction: Reproduction } & ({ judgements: Judgement[] } | { failure: string });

/** A row a reproduction where there are several; then "42 statements: 40 hold, 2 false as written". */
export function outcomesText(outcomes: readonly Outcome[]): string {
  const judgements = outcomes.flatMap((outcome) => ("failure" in outcome ? [] : outcome.judgements));
  const tally = `${judgements.length} statements: ${verdictsOf(judgements)}`;
  if (outcomes.length < 2) return tally;
  const rows = outcomes.map((outcome) => [
    outcome.reproduction.id,
    "failure" in outcome ? "failed" : verdictsOf(outcome.judgements),
  ]);
  const longest = Math.max(...rows.map(([id]) => id.length));
  return [...rows.map(([id, verdicts]) => `${id.padEnd(longest)}  ${verdicts}`), "", tally].join("\n");
}

const verdictsOf = (judgements: readonly Judgement[]): string =>
  verdictsText(judgements.map(({ verdict }) => verdict));
