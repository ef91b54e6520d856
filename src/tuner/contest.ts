import { type Variant, variantName } from "../wgsl/choice.ts";
import type { Dispatch, Planner } from "../plan/planner.ts";
import { inTime } from "./deadline.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { TrialRun } from "./trial.ts";

/** What was found about the ways to do one work. */
export interface Outcome {
  work: string;
  /** What is taken where nothing is measured, and what is taken now. */
  standard: string;
  winner: string;
  /** By variant: what it took, or why it was not measured. */
  microseconds: Record<string, number>;
  refused: Record<string, string>;
}

/** Times that each is measured. */
export const ROUNDS = 3;
/** What is slower than the fastest by this factor is not measured again. */
const FAR = 1.5;
/** A winner saves at least this share of what the standard variant takes: less may be chance. */
export const GAIN = 0.05;

/**
 * Measures the variants of a dispatch against the one that it has, until `deadline` of `performance.now()`. Each must
 * agree with the plain one before it is timed; they are timed in turns.
 */
export async function contest(
  planner: Planner,
  dispatch: Dispatch,
  watch: Stopwatch,
  deadline: number,
): Promise<Outcome> {
  const standard = dispatch.variant;
  const refused: Record<string, string> = {};
  const times = new Map<Variant, number[]>();
  const trial = await TrialRun.open(planner, dispatch);
  const late = () => performance.now() >= deadline;
  const agrees = async (variant: Variant): Promise<boolean> => {
    try {
      if (!(await inTime(dispatch.compile(variant), deadline)))
        refused[variantName(variant)] = "not compiled in time";
      else {
        const problem = await planner.device.checked("a trial", () => trial.problem(variant));
        if (problem === undefined) return true;
        refused[variantName(variant)] = `computes wrongly: ${problem}`;
      }
    } catch (error) {
      refused[variantName(variant)] = (error as Error).message.split("\n")[0]!;
    }
    return false;
  };

  if ((await inTime(dispatch.compile(dispatch.variants[0]), deadline)) && (await trial.expect())) {
    // The standard one comes first, and has a time before any other is compiled.
    for (const variant of [standard, ...dispatch.variants.filter((other) => other !== standard)]) {
      if (late() || !(await agrees(variant))) continue;
      times.set(variant, [await trial.time(watch)]);
    }
    for (let round = 1; round < ROUNDS && times.size > 1; round++)
      for (const [variant, own] of times) {
        if (late() || own[0] > FAR * Math.min(...[...times.values()].map(([first]) => first))) continue;
        await dispatch.take(variant);
        own.push(await trial.time(watch));
      }
  }
  const ranking = [...times].map(([variant, own]): [Variant, number] => [variant, median(own)]);
  ranking.sort(([, one], [, other]) => one - other);
  const own = ranking.find(([variant]) => variant === standard)?.[1] ?? Infinity;
  const [fastest] = ranking;
  const winner = fastest && fastest[1] < (1 - GAIN) * own ? fastest[0] : standard;
  return {
    work: dispatch.work,
    standard: variantName(standard),
    winner: variantName(winner),
    microseconds: Object.fromEntries(ranking.map(([variant, time]) => [variantName(variant), time])),
    refused,
  };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
