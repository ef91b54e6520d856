/** The variants of a kernel: first whether they are right, then what each takes. In a page, or in Node. */

import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import type { AdapterChoice, AdapterReport } from "../../src/gpu/adapter.ts";
import type { Device } from "../../src/gpu/device.ts";
import { variantName } from "../../src/wgsl/choice.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { type CohortPlan, planCohort } from "../../src/scheduler/cohort-plan.ts";
import type { Dispatch, Planner } from "../../src/plan/planner.ts";
import { Stopwatch } from "../../src/tuner/stopwatch.ts";
import { TrialRun } from "../../src/tuner/trial.ts";

/** One way to do a work. */
export interface Contestant {
  /** Shader, entry point and constants. */
  variant: string;
  plain: boolean;
  standard: boolean;
  /** Of one dispatch, by round; none where it computes wrongly. */
  microseconds: number[];
  /** Which number differs from the plain variant's and by how much, or why it does not run. */
  problem?: string;
}

/** All ways to do a work. */
export interface Comparison {
  /** Shader, what it is specialised by, the sizes of one run's share. */
  work: string;
  /** Multiplications and additions of one dispatch; 0 where the record does not say. */
  flops: number;
  /** Whether outputs may differ by the roundings that the record declares. */
  isRounded: boolean;
  contestants: Contestant[];
}

/** What compares, wherever it runs. */
export interface KernelBench {
  open(adapter: AdapterChoice): Promise<AdapterReport>;
  /**
   * Compiles a sweep's plan, in place of the one before.
   *
   * @param shaders shaders' files, without their ending
   * @returns the works that one of them is a way to do, where there are several and the record has a trial
   */
  plan(document: Record<string, Json>, shaders: readonly string[]): Promise<string[]>;
  /**
   * Compares the ways to do one of these works, by its place.
   *
   * @param seconds that timing may take; each variant is timed at least three times
   */
  compare(place: number, seconds: number): Promise<Comparison>;
}

/** Times that each variant is timed. */
const FEWEST_ROUNDS = 3;
const MOST_ROUNDS = 9;

/** @param openDevice a device of the kind asked for */
export function kernelBenchOn(openDevice: (adapter: AdapterChoice) => Promise<Device>): KernelBench {
  let device: Device;
  let plan: CohortPlan | undefined;
  let works: Dispatch[] = [];
  return {
    async open(adapter) {
      device = await openDevice(adapter);
      return device.adapter;
    },
    async plan(document, shaders) {
      plan?.planner.release();
      const { runs } = readExperiment({ name: "kernel", ...document }, "the sweep");
      const { model, record } = runs[0];
      const members = await loadRuns(runs, new Map());
      const planning = device.checked("building the plan", async () =>
        planCohort(device, await behaviourOf(model), members, record, { fused: false }),
      );
      plan = await device.orLost(planning);
      const files = shaders.map((name) => `${name}.wgsl`);
      const found = plan.planner.dispatches.filter(
        ({ variants }) =>
          variants.length > 1 &&
          variants[0].kernel.trial &&
          variants.some(({ kernel }) => files.includes(kernel.file)),
      );
      works = [...new Map(found.map((dispatch) => [dispatch.work, dispatch])).values()];
      return works.map(({ work }) => work);
    },
    compare: (place, seconds) => device.orLost(compareVariants(plan!.planner, works[place], seconds)),
  };
}

/**
 * Runs every variant on the record's trial numbers, and times those that agree with the plain one: in turns, forwards and
 * backwards, so that whatever slows the machine down slows all of them down.
 */
export async function compareVariants(
  planner: Planner,
  dispatch: Dispatch,
  seconds: number,
): Promise<Comparison> {
  const { work, variants, variant: standard } = dispatch;
  const [plain] = variants;
  const contestants = variants.map((variant) => ({
    variant: variantName(variant),
    plain: variant === plain,
    standard: variantName(variant) === variantName(standard),
    microseconds: [] as number[],
  })) as Contestant[];
  // Side by side; one that fails fails again below, where it is told of.
  await Promise.allSettled(variants.map((variant) => dispatch.compile(variant)));
  const trial = await TrialRun.open(planner, dispatch);
  const tells = await trial.expect();
  for (const [k, variant] of variants.entries()) {
    const problem = tells
      ? await planner.device
          .checked("its trial", () => trial.problem(variant))
          .catch((error: unknown) => (error as Error).message)
      : "the plain kernel writes nothing on the trial numbers, so nothing can be compared";
    if (problem !== undefined) contestants[k].problem = problem;
  }
  const watch = new Stopwatch(planner.device);
  try {
    const right = [...variants.entries()].filter(([k]) => contestants[k].problem === undefined);
    const begun = performance.now();
    const isOver = (round: number) => round >= FEWEST_ROUNDS && performance.now() - begun > 1000 * seconds;
    for (let round = 0; round < MOST_ROUNDS && !isOver(round); round++)
      for (const [k, variant] of round % 2 === 0 ? right : right.toReversed()) {
        await dispatch.take(variant);
        contestants[k].microseconds.push(await trial.time(watch));
      }
  } finally {
    watch.release();
  }
  const { trial: declared } = plain.kernel;
  return {
    work,
    flops: dispatch.flops(planner.shape),
    isRounded: declared!.roundings !== undefined,
    contestants,
  };
}
