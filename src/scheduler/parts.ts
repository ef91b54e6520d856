import { behaviourOf } from "../models/registry.ts";
import { type Member, cohortKey } from "../plan/cohort.ts";
import { splitByMemory } from "./memory.ts";

/**
 * Cuts a sweep into parts, which are trained one after the other: runs of one shape, as many as fit the adapter.
 *
 * @param maxBinding the adapter's largest storage binding, in bytes
 * @throws DocumentError where one run alone does not fit
 */
export async function partsOf(members: readonly Member[], maxBinding: number): Promise<Member[][]> {
  const parts: Member[][] = [];
  for (const cohort of await cohorts(members))
    parts.push(...splitByMemory(cohort, await behaviourOf(cohort[0].run.model), maxBinding));
  return parts;
}

/**
 * The same with parts of these sizes.
 *
 * @throws Error where they are not those of this sweep
 */
export async function partsOfSizes(
  members: readonly Member[],
  maxBinding: number,
  sizes: readonly number[],
): Promise<Member[][]> {
  const all = (await partsOf(members, maxBinding)).flat();
  if (sizes.includes(0) || sizes.reduce((sum, size) => sum + size, 0) !== all.length)
    throw new Error("the checkpoint is of another sweep");
  let first = 0;
  return sizes.map((size) => all.slice(first, (first += size)));
}

/** Runs that can be trained together, as far as their shapes go. */
export async function cohorts(members: readonly Member[]): Promise<Member[][]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = cohortKey(member, (await behaviourOf(member.run.model)).variant(member));
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
}
