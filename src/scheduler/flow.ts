import type { FlowSpecification, RecordEvery } from "../document/types.ts";
import { restore } from "./checkpoint.ts";
import { Clock } from "../plan/clock.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { RecordCollector } from "./record-collector.ts";
import { readFinalStates } from "./final-states.ts";
import type { FlowPlan } from "./flow-plan.ts";
import { SubmitBudget, guess } from "./submit-budget.ts";
import { FLOW_WAITING, FLOW_WORDS } from "./progress.ts";
import { RecordLayout } from "./record-layout.ts";
import { makeStaging } from "./staging.ts";
import { Submit } from "./submit.ts";
import type { TrainOptions } from "./train.ts";

/** Time before which a flow that is recorded in the logarithm of time is not recorded, as a share of its end. */
const EARLIEST = 1e-6;
/** Stands for no limit, in steps and in time. */
const NO_STEPS = 0xffffffff;
const NO_TIME = 3e38;

/** Where the runs wait for a record: after so many accepted steps, or at a time. */
interface Target {
  steps: number;
  time: number;
}

/** The targets after the start, in order; the last is where every run has ended. */
export function* flowTargets(every: RecordEvery, { time, maxSteps }: FlowSpecification): Generator<Target> {
  if (typeof every === "number") {
    for (let steps = every; steps < maxSteps; steps += every) yield { steps, time: NO_TIME };
  } else if (time !== null) {
    for (let k = 0; k + 1 < every.log; k++)
      yield { steps: NO_STEPS, time: Math.fround(time * EARLIEST ** (1 - k / Math.max(1, every.log - 1))) };
  }
  yield { steps: NO_STEPS, time: NO_TIME };
}

/**
 * Follows the gradient flow of a compiled cohort: every run takes its own steps, accepted or rejected on the GPU, and
 * waits at each target until all are there to be recorded.
 *
 * @throws the signal's reason when aborted, after what was recorded has been handed to the sink
 */
export async function follow(plan: CohortPlan<FlowPlan>, options: TrainOptions): Promise<void> {
  const { planner, progress, members, model, measure, tables, context, method } = plan;
  const { device } = planner;
  const { run } = members[0];
  const train = run.train as FlowSpecification;
  const pace = new SubmitBudget(options.budget);
  const clock = new Clock(device.gpu, planner.clock);
  const layout = new RecordLayout(plan);
  const { from, checkpoints } = options;
  const dealer = new RecordCollector(plan, layout, options.sink, from);
  const staging = await device.orLost(makeStaging(plan, checkpoints, layout.bytes + progress.buffer.size, 1));
  const { ring, snapshots } = staging;
  const shape = { ...planner.shape, slots: members.length, size: context.samples };
  const cost = guess(method.attempt, shape);
  const recordCost = guess([...model.evaluate, ...measure], shape);
  const scale = run.loss.reduction === "mean" ? 1 / context.samples : 1;
  const all = { index: 0, start: 0, size: context.samples, order: 0, scale };
  const waiting = new Uint8Array(members.length);
  /** Accepted steps from one record to the next; without end where records lie in time. */
  const stride = typeof run.record.every === "number" ? run.record.every : Infinity;

  let record = from?.position ?? 0;

  /** One submit, there and back; on the way to a record it may end with a checkpoint. */
  const send = async (
    fill: (submit: Submit, slot: number) => number,
    checkpoint: "never" | "due" | "now" = "never",
  ): Promise<Uint32Array> => {
    const ticket = await device.orLost(ring.reserve());
    try {
      const submit = new Submit(plan, clock, layout, ticket);
      const guessed = fill(submit, clock.add(all));
      const saved = checkpoint !== "never" && snapshots?.encode(submit, checkpoint === "now");
      const begun = performance.now();
      const bytes = await device.orLost(ticket.read(submit.submit()));
      pace.measured(guessed, begun);
      const ended = await dealer.deal(bytes, submit);
      options.advanced?.(submit.steps * submit.trained.length, ended);
      if (saved) await device.orLost(snapshots!.take(record, dealer));
      return submit.progress(bytes);
    } finally {
      ticket.free();
    }
  };

  /** Attempts until every run in the table has stopped or waits; one submit after the other. */
  const attemptAll = async (): Promise<void> => {
    // Attempts that the slowest run needs for its record, and an eighth for those that are rejected: more would be waiting.
    let most = 1.125 * stride;
    const attempts = () =>
      send((submit, slot) => {
        let guessed = 0;
        while (guessed === 0 || (submit.steps < most && !pace.full(guessed))) {
          submit.run(method.attempt, slot);
          submit.steps += 1;
          guessed += cost;
        }
        return guessed;
      }, "due");
    const idle = (words: Uint32Array) => {
      for (const position of tables.recorded)
        waiting[position] = words[FLOW_WORDS * position + FLOW_WAITING]!;
      return tables.recorded.every((position) => dealer.stopped[position] || waiting[position]);
    };
    for (;;) {
      const words = await attempts();
      if (options.signal?.aborted) return void (await send(() => 0, "now"));
      if (idle(words)) return;
      // What has stopped or waits leaves the training table.
      tables.compactTraining((position) => !dealer.stopped[position] && !waiting[position]);
      const left = tables.trained
        .filter((position) => !dealer.stopped[position] && !waiting[position])
        .map((position) => stride - (words[FLOW_WORDS * position] % stride));
      most = 1.125 * Math.max(...left);
    }
  };

  const takeRecord = () =>
    send((submit) => {
      submit.record(record++, all, false);
      return recordCost;
    });

  try {
    await send((submit) => (submit.prepare(all), cost));
    if (from) restore(plan, from);
    let words = from ? new Uint32Array() : await takeRecord();
    // The first target is where record 1 is taken; a checkpoint is on its way to a target that has been set.
    let target = 0;
    for (const goal of flowTargets(run.record.every, train)) {
      target += 1;
      if (target < record) continue;
      tables.compact(dealer.stopped, dealer.ended);
      if (tables.recorded.length === 0 || options.signal?.aborted) break;
      tables.refill();
      setGoal(plan, goal, train);
      if (target !== from?.position) release(plan, words, dealer.ended);
      if (target === 1 && !from) await send((submit, slot) => (submit.run(method.begin, slot), cost));
      await attemptAll();
      if (options.signal?.aborted) break;
      words = await takeRecord();
    }
    await device.orLost(snapshots?.settled() ?? Promise.resolve());
    await device.orLost(readFinalStates(plan, dealer.endings, options.sink, staging.ends));
    options.signal?.throwIfAborted();
  } finally {
    staging.release();
  }
}

/** Sets the next target. */
function setGoal(plan: CohortPlan<FlowPlan>, target: Target, { time, maxSteps }: FlowSpecification): void {
  const last = Math.fround(time ?? NO_TIME);
  const goal = new ArrayBuffer(16);
  new Uint32Array(goal).set([target.steps, 0, maxSteps, 0]);
  const times = new Float32Array(goal);
  times[1] = Math.min(target.time, last);
  times[3] = last;
  plan.planner.device.gpu.queue.writeBuffer(plan.method.goal, 0, goal);
}

/** Sends the runs that wait on. */
function release(plan: CohortPlan<FlowPlan>, words: Uint32Array, ended: Uint8Array): void {
  const { queue } = plan.planner.device.gpu;
  const progress = new Uint32Array(words);
  const horizon = new Uint32Array(2 * plan.members.length);
  for (const position of plan.members.keys()) {
    progress[FLOW_WORDS * position + FLOW_WAITING] = 0;
    horizon[2 * position] = ended[position] ? 0 : 1;
  }
  queue.writeBuffer(plan.progress.buffer, 0, progress);
  queue.writeBuffer(plan.context.horizon, 0, horizon);
}
