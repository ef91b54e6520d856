/** A claim: a sentence with a number that decides it, and whether it is known to be true. */

import type { Evidence } from "./evidence.ts";
import type { Expectation } from "./expectation.ts";

export interface Statement {
  /** What is said, in one sentence. */
  says: string;
  /** Who says it, and where. */
  where: string;
  expected: Expectation;
  /** The number that decides it, from nothing but the reproduction's documents: their results, and theory on their data. */
  measure(evidence: Evidence): number | Promise<number>;
}

/** What is known of a statement before it is measured. A false one brings the true one that belongs in its place. */
export type Claim = Statement & ({ verdict: "holds" } | { verdict: "false as written"; truth: Statement });

/** `does not hold`: nobody knew before. */
export type Verdict = Claim["verdict"] | "does not hold" | "not measurable";

/** A claim, measured. */
export interface Judgement {
  statement: Statement;
  measured: number;
  verdict: Verdict;
  isAsExpected: boolean;
  /** Whether the statement is the true one that belongs in the place of the one before. */
  isCorrection: boolean;
}

/** Measures a claim and, where it is false as written, the true statement after it. */
export async function judge(claim: Claim, evidence: Evidence): Promise<Judgement[]> {
  const judgement = { ...(await judgeStatement(claim, claim.verdict, evidence)), isCorrection: false };
  if (claim.verdict === "holds") return [judgement];
  return [judgement, { ...(await judgeStatement(claim.truth, "holds", evidence)), isCorrection: true }];
}

async function judgeStatement(
  statement: Statement,
  known: Claim["verdict"],
  evidence: Evidence,
): Promise<Omit<Judgement, "isCorrection">> {
  const measured = await statement.measure(evidence);
  const verdict = verdictOn(statement, measured, known);
  return { statement, measured, verdict, isAsExpected: verdict === known };
}

function verdictOn({ expected }: Statement, measured: number, known: Claim["verdict"]): Verdict {
  // A statement is not refuted by a number that is missing.
  if (Number.isNaN(measured)) return "not measurable";
  if (expected.admits(measured)) return "holds";
  return known === "false as written" ? known : "does not hold";
}

/** Claims that are known to be true and share their source. */
export const holding = (where: string, statements: readonly Omit<Statement, "where">[]): Claim[] =>
  statements.map((statement) => ({ ...statement, where, verdict: "holds" }));
