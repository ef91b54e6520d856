/** Whole updates, a workgroup a run, against step by step: measured as trainings, for they share no dispatch. */

import type { Device } from "../gpu/device.ts";
import { rounded } from "../guard/guard.ts";
import { behaviourOf } from "../models/registry.ts";
import { norm } from "../models/roundoff.ts";
import type { Member } from "../plan/cohort.ts";
import { type CohortPlan, UPDATES, planCohort, updatesWork } from "../scheduler/cohort-plan.ts";
import type { SettledOn } from "../plan/planner.ts";
import { GAIN, type Outcome, ROUNDS, median } from "./contest.ts";
import { inTime } from "./deadline.ts";
import { endsOf, paceOf } from "./pace.ts";

/** Epochs after which both ways must have led to the same. */
const CHECKED = 8;
/** Runs that are compared with float64 where not all bits are the same, and what that may cost in operations. */
const SAMPLED = 3;
const MOST_OPERATIONS = 1e8;

/** Measures both ways to train the runs of a plan, in run-steps a second, on plans of their own. */
export async function contestUpdates(
  device: Device,
  plan: CohortPlan,
  settled: SettledOn,
  deadline: number,
): Promise<Outcome> {
  const { members, tables, model } = plan;
  const nameOf = (fused: boolean) => UPDATES[Number(fused)];
  const own = model.isFused!;
  const [standard, other] = [nameOf(own), nameOf(!own)];
  const microseconds = (pace: number) => (1000 * members.length) / pace;
  const outcome: Outcome = {
    work: updatesWork(members[0], tables.channels),
    standard,
    winner: standard,
    microseconds: {},
    refused: {},
  };
  const given = new AbortController();
  const planned = async (members: readonly Member[], fused: boolean): Promise<CohortPlan> => {
    const { run } = members[0];
    return planCohort(device, await behaviourOf(run.model), members, run.record, {
      fused,
      settled,
      signal: given.signal,
    });
  };
  const making = Promise.all([planned(members, own), planned(members, !own)]);
  if (!(await inTime(making, deadline))) {
    given.abort();
    outcome.refused[other] = "not compiled in time";
    return outcome;
  }
  const [first, rival] = await making;
  try {
    const problem = await disagreement(members, planned);
    if (problem !== undefined) {
      outcome.refused[other] = problem;
      return outcome;
    }
    const times: Record<string, number[]> = { [standard]: [], [other]: [] };
    for (let round = 0; round < ROUNDS && performance.now() < deadline; round++) {
      times[standard].push(microseconds(await paceOf(first)));
      times[other].push(microseconds(await paceOf(rival)));
    }
    if (times[other].length === 0) return outcome;
    for (const name of UPDATES) outcome.microseconds[name] = median(times[name]);
    if (outcome.microseconds[other] < (1 - GAIN) * outcome.microseconds[standard]) outcome.winner = other;
    return outcome;
  } finally {
    first.planner.release();
    rival.planner.release();
  }
}

/** Trains the runs a few epochs both ways: to the same bits, or as near as rounding explains. */
async function disagreement(
  all: readonly Member[],
  planned: (members: readonly Member[], fused: boolean) => Promise<CohortPlan>,
): Promise<string | undefined> {
  const { compared, operations, train } = (await behaviourOf(all[0].run.model)).reference;
  const members = all.map((member) => shortened(member, compared));
  const [one, other] = [await ends(false), await ends(true)];
  const differ = members.flatMap((_, k) =>
    one[k].every((value, i) => Object.is(value, other[k][i])) ? [] : [k],
  );
  for (const k of differ.slice(0, SAMPLED)) {
    const member = members[k];
    if (CHECKED * operations(member) > MOST_OPERATIONS) return "its difference cannot be explained in time";
    const { bound } = (await train(rounded(member))).at(-1)!;
    const gap = norm(Float64Array.from(one[k], (value, i) => value - other[k][i]));
    if (!(gap <= 2 * bound)) return `computes wrongly: the ${compared} differ by ${gap.toExponential(1)}`;
  }
  return undefined;

  async function ends(fused: boolean): Promise<Float32Array[]> {
    const plan = await planned(members, fused);
    try {
      const found = await endsOf(plan, compared);
      // In an order of their own, whatever that of the plan's members.
      return members.map((member) => found[plan.members.indexOf(member)]);
    } finally {
      plan.planner.release();
    }
  }
}

/** A run of a few epochs, of which only the end is recorded. */
function shortened({ run, ...member }: Member, compared: "predictor" | "weights"): Member {
  const epochs = CHECKED;
  const record = { ...run.record, every: epochs, arrays: [compared] };
  return { ...member, run: { ...run, train: { ...run.train, epochs } as typeof run.train, record } };
}
