import { modelOf } from "../models/registry.ts";
import { type Member, cohortKey } from "../plan/cohort.ts";
import { splitByMemory } from "./memory.ts";

/**
 * Cuts a sweep into parts, which are trained one after the other: runs of one shape, as many as fit the adapter.
 *
 * @param maxBinding the adapter's largest storage binding, in bytes
 * @throws DocumentError where one run alone does not fit
 */
export const partsOf = (members: readonly Member[], maxBinding: number): Member[][] =>
  cohorts(members).flatMap((cohort) => splitByMemory(cohort, modelOf(cohort[0].run.model), maxBinding));

/**
 * The same with parts of these sizes.
 *
 * @throws Error where they are not those of this sweep
 */
export function partsOfSizes(
  members: readonly Member[],
  maxBinding: number,
  sizes: readonly number[],
): Member[][] {
  const all = partsOf(members, maxBinding).flat();
  if (sizes.includes(0) || sizes.reduce((sum, size) => sum + size, 0) !== all.length)
    throw new Error("the checkpoint is of another sweep");
  let first = 0;
  return sizes.map((size) => all.slice(first, (first += size)));
}

/** Runs that can be trained together, as far as their shapes go. */
export function cohorts(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = cohortKey(member, modelOf(member.run.model).variant(member));
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
}
