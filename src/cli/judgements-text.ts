/** What is printed of claims that have been measured. */

import type { Judgement } from "../../experiments/claim.ts";
import { exactText } from "../../experiments/number-text.ts";
import type { Reproduction } from "../../experiments/reproduction.ts";
import { verdictsText } from "../results/claims.ts";
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

/** 42 statements: 40 hold, 2 false as written. */
export const tallyText = (judgements: readonly Judgement[]): string =>
  `${judgements.length} statements: ${verdictsText(judgements.map(({ verdict }) => verdict))}`;
