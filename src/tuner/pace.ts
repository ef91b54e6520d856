import type { CohortPlan } from "../scheduler/cohort-plan.ts";
import type { EndBlock } from "../scheduler/sink.ts";
import { train } from "../scheduler/train.ts";

/** Milliseconds of training that tell its pace. */
const PACED = 150;

/** Run-steps a millisecond, of a plan that is thrown away: some of its training is made. */
export async function paceOf(plan: CohortPlan): Promise<number> {
  const moments: [milliseconds: number, runSteps: number][] = [[performance.now(), 0]];
  const stop = new AbortController();
  const training = train(plan, {
    sink: { record: () => {}, end: () => {} },
    signal: stop.signal,
    advanced(runSteps) {
      moments.push([performance.now(), moments.at(-1)![1] + runSteps]);
      if (moments.at(-1)![0] - moments[0][0] > PACED) stop.abort();
    },
  });
  await training.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  // The first submit finds caches cold; where there is no other it has to do.
  const [first, last] = [moments[moments.length > 2 ? 1 : 0], moments.at(-1)!];
  return (last[1] - first[1]) / Math.max(1e-3, last[0] - first[0]);
}

/** What every run of a plan ends with, [runs, ..] in the order of its members. */
export async function endsOf(plan: CohortPlan, compared: "predictor" | "weights"): Promise<Float32Array[]> {
  const ends = new Map<number, Float32Array>();
  const end = (block: EndBlock) =>
    block.runs.forEach((run, row) => {
      const { shape, data } = block.arrays![compared]!;
      ends.set(run, data.slice(row * shape[0], (row + 1) * shape[0]));
    });
  await train(plan, { sink: { record: () => {}, end } });
  return plan.members.map(({ run }) => ends.get(run.index)!);
}
