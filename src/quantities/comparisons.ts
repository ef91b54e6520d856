/** What runs are compared with: code that a page fetches for records that compare. */

import type { Member } from "../plan/cohort.ts";
import { type Need, type QuantityName, quantityNeeds } from "./catalogue.ts";
import type { NuclearMinimum } from "./nuclear-minima.ts";

const needing = (members: readonly Member[], need: Need): Member[] =>
  members.filter(({ run }) => run.record.quantities.some((name) => quantityNeeds(name).includes(need)));

const taking = (members: readonly Member[], quantity: QuantityName): boolean =>
  members.some(({ run }) => run.record.quantities.includes(quantity));

/** @throws DocumentError where there is nothing to compare with: no solution of X beta = y, or no margin */
export async function checkComparable(members: readonly Member[]): Promise<void> {
  const [solved, separated] = [needing(members, "solution"), needing(members, "separable")];
  if (solved.length > 0) {
    const { checkSolvable } = await import("./solutions.ts");
    for (const { dataset } of solved) checkSolvable(dataset);
  }
  if (separated.length > 0) {
    const { checkSeparable } = await import("./margin-gaps.ts");
    for (const { dataset } of separated) checkSeparable(dataset);
  }
}

/** Lines for the user, of solutions that are compared with and are not the only ones. */
export async function comparisonWarnings(members: readonly Member[]): Promise<string[]> {
  if (!taking(members, "min_l1_distance")) return [];
  return (await import("./unique-solutions.ts")).uniquenessWarnings(members);
}

/** The matrices of least nuclear norm that runs are compared with, an entry a dataset. */
export async function comparedMinima(members: readonly Member[]): Promise<NuclearMinimum[]> {
  if (!taking(members, "excess_nuclear")) return [];
  return (await import("./nuclear-minima.ts")).nuclearMinima(members);
}
