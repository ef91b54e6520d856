/** Chooses, by measuring on the user's adapter, how the works of long trainings are done. */

import { hash } from "../document/hash.ts";
import type { Device } from "../gpu/device.ts";
import { type Settled, type Variant, variantName } from "../wgsl/choice.ts";
import { behaviourOf } from "../models/registry.ts";
import type { Member } from "../plan/cohort.ts";
import { type CohortPlan, planCohort, updatesWork } from "../scheduler/cohort-plan.ts";
import type { DescentPlan } from "../scheduler/descent-plan.ts";
import { guess } from "../scheduler/submit-budget.ts";
import type { Dispatch, SettledOn } from "../plan/planner.ts";
import { batchesOf } from "../scheduler/timeline.ts";
import { type Outcome, contest } from "./contest.ts";
import { paceOf } from "./pace.ts";
import { Stopwatch } from "./stopwatch.ts";
import { contestUpdates } from "./updates.ts";
import type { Memory } from "./winners.ts";

export interface TuningOptions {
  /** What is known of this adapter; it learns what is found. */
  memory: Memory;
  /**
   * Milliseconds that a cohort's measurements may take, compiling included. Where left out, as many as its training is
   * worth, two thousand at most.
   */
  budget?: number | undefined;
  /** Multiplications and additions of a cohort's training from which on tuning is thought of. */
  least?: number | undefined;
}

/** A work and how it is done: as was measured now, or as is remembered. */
export interface Tuned extends Outcome {
  remembered: boolean;
}

const BUDGET = 2000;
const LEAST = 2e11;
/** Tuning takes at most this share of the training that it is to speed up. */
const SHARE = 0.1;
/** A work that takes a smaller share of the training than this is not measured. */
const SMALL = 0.02;

/** The variants that were found, as plans take them. */
export const settledBy = (tuned: readonly Tuned[]): Settled =>
  Object.fromEntries(tuned.map(({ work, winner }) => [work, winner]));

/**
 * Tunes one cohort: runs of the same shapes, of which `part` trains at a time. A plan of its own is built, measured and
 * thrown away, so that no buffer of a training is touched.
 *
 * @param members all of the cohort
 */
export async function tuneCohort(
  device: Device,
  members: readonly Member[],
  part: readonly Member[],
  { memory, budget }: TuningOptions,
): Promise<Tuned[]> {
  const { run } = part[0];
  const tuned = new Map<string, Tuned>();
  const keyOf = (work: string, variants: readonly Variant[]) =>
    `${work} runs=${2 ** Math.round(Math.log2(part.length))} ${codeOf(variants)}`;
  const settled: SettledOn = (work, variants) =>
    tuned.get(work)?.winner ?? memory.get(keyOf(work, variants))?.variant;
  const recall = (work: string, variants: readonly Variant[], taken: string): boolean => {
    const winner = memory.get(keyOf(work, variants));
    if (winner?.variant !== taken) return false;
    const { microseconds } = winner;
    tuned.set(work, { work, standard: taken, winner: taken, microseconds, refused: {}, remembered: true });
    return true;
  };
  const learn = (outcome: Outcome, variants: readonly Variant[]): void => {
    tuned.set(outcome.work, { ...outcome, remembered: false });
    const { winner, microseconds } = outcome;
    // Where nothing could be compared there is nothing to remember.
    if (Object.keys(microseconds).length > 1)
      memory.set(keyOf(outcome.work, variants), { variant: winner, microseconds });
  };

  const plan = (await planCohort(device, await behaviourOf(run.model), part, run.record, {
    settled,
  })) as CohortPlan<DescentPlan>;
  const watch = new Stopwatch(device);
  try {
    const { isFused } = plan.model;
    const updates = updatesWork(part[0], plan.tables.channels);
    const open = worksOf(plan).filter(
      ({ work, variants, variant }) => !recall(work, variants, variantName(variant)),
    );
    const decided = isFused === undefined || recall(updates, [], isFused ? "fused" : "stepwise");
    if (open.length === 0 && decided) return [...tuned.values()];

    const begun = performance.now();
    const deadline = begun + (budget ?? Math.min(BUDGET, SHARE * (await durationOf(plan, members.length))));
    for (const dispatch of open) {
      if (performance.now() >= deadline) break;
      const outcome = await contest(plan.planner, dispatch, watch, deadline);
      learn(outcome, dispatch.variants);
      const winner = dispatch.variants.find((variant) => variantName(variant) === outcome.winner)!;
      for (const other of plan.planner.dispatches) if (other.work === dispatch.work) await other.take(winner);
    }
    if (!decided && performance.now() < deadline)
      learn(await contestUpdates(device, plan, settled, deadline), []);
    return [...tuned.values()];
  } finally {
    watch.release();
    plan.planner.release();
  }
}

/** Short trainings are over before tuning would pay; of a flow nobody knows how many steps it takes. */
export async function isWorthTuning(
  members: readonly Member[],
  { least = LEAST }: TuningOptions,
): Promise<boolean> {
  const { reference } = await behaviourOf(members[0].run.model);
  const operations = members.reduce((sum, member) => {
    const { train } = member.run;
    const epochs = train.method === "gradient-descent" ? train.epochs : 0;
    return sum + epochs * reference.operations(member);
  }, 0);
  return members[0].run.train.method === "gradient-descent" && operations >= least;
}

/** Milliseconds that a training of so many runs is predicted to take, by beginning it. */
async function durationOf(plan: CohortPlan<DescentPlan>, runs: number): Promise<number> {
  const pace = await paceOf(plan);
  const { rhythm } = plan.method;
  // Runs that have ended by now leave nothing to measure.
  return plan.tables.trained.length > 0 ? (runs * rhythm.epochs * batchesOf(rhythm)) / pace : 0;
}

/** Tells one version of the kernels from the next. */
const codeOf = (variants: readonly Variant[]): string =>
  hash([...new Set(variants.map(({ kernel }) => kernel.code))].join("")).toString(16);

/**
 * The dispatches of a plan that can do their work in several ways, one a work: those that are guessed to take the most
 * time of a training first, those that take next to none not at all.
 */
function worksOf({ model, prepare, measure, method }: CohortPlan<DescentPlan>): Dispatch[] {
  const { rhythm } = method;
  const records = rhythm.recorded.length;
  const judged = rhythm.stop === "full" && batchesOf(rhythm) > 1 ? rhythm.epochs : 0;
  const counted: [readonly Dispatch[], number][] = [
    [
      [...model.forward, ...model.backward, ...(model.fusedSteps ? [model.fusedSteps] : [])],
      rhythm.epochs * batchesOf(rhythm),
    ],
    [model.evaluate, records + judged],
    [measure, records],
    [prepare, 1],
  ];
  const works = new Map<string, [Dispatch, number]>();
  for (const [dispatches, count] of counted)
    for (const dispatch of dispatches) {
      const [, before] = works.get(dispatch.work) ?? [dispatch, 0];
      works.set(dispatch.work, [dispatch, before + count * guess([dispatch], dispatch.shape())]);
    }
  const all = [...works.values()].reduce((sum, [, cost]) => sum + cost, 0);
  return [...works.values()]
    .filter(([{ variants }, cost]) => variants.length > 1 && variants[0].kernel.trial && cost >= SMALL * all)
    .sort(([, one], [, other]) => other - one)
    .map(([dispatch]) => dispatch);
}
