import type { CompiledModel } from "../models/model.ts";
import { Clock } from "../plan/clock.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import { restore } from "./checkpoint.ts";
import type { DescentPlan } from "./descent-plan.ts";
import { RecordCollector } from "./record-collector.ts";
import { readFinalStates } from "./final-states.ts";
import { SubmitBudget, guess } from "./submit-budget.ts";
import { STAGING_BYTES } from "./readback.ts";
import { RecordLayout } from "./record-layout.ts";
import { makeStaging } from "./staging.ts";
import { Submit } from "./submit.ts";
import type { TrainOptions } from "./train.ts";
import { type Event, timeline } from "./timeline.ts";

/** Steps that one dispatch may take: none lasts so long that a driver's watchdog would end it. */
const MOST_STEPS = 256;
/** With fewer, it is the loads and stores of all weights that take the time. */
const FEWEST_STEPS = 8;
/** Slots of the clock that one event may take. */
const EVENT_SLOTS = 4;

/**
 * Trains a compiled cohort by gradient descent to its end: encodes many steps a submit, reads records back through a
 * ring of staging buffers while later submits run, and drops the runs that the GPU has stopped.
 *
 * @throws the signal's reason when aborted, after what was recorded has been handed to the sink
 */
export async function descend(plan: CohortPlan<DescentPlan>, options: TrainOptions): Promise<void> {
  const { planner, progress, members, model, measure, tables } = plan;
  const { rhythm, checkEnd } = plan.method;
  const { device } = planner;
  const pace = new SubmitBudget(options.budget);
  const clock = new Clock(device.gpu, planner.clock);
  const layout = new RecordLayout(plan);
  const { from, checkpoints } = options;
  const dealer = new RecordCollector(plan, layout, options.sink, from);
  const bytes = Math.max(STAGING_BYTES, layout.bytes);
  const room = Math.floor(bytes / layout.bytes);
  const shape = { ...planner.shape, slots: members.length };
  const costs = {
    step: guess(stepping(model), { ...shape, size: rhythm.batchSize }),
    record: guess([...model.evaluate, ...measure], { ...shape, size: rhythm.samples }),
  };
  const staging = await device.orLost(makeStaging(plan, checkpoints, bytes + progress.buffer.size));
  const { ring, snapshots } = staging;
  const events = timeline(rhythm);
  let position = 0;
  let event = events.next();
  const advance = () => {
    event = events.next();
    position += 1;
  };
  while (position < (from?.position ?? 0)) advance();
  const start = { index: 0, start: 0, size: rhythm.samples, order: 0, scale: 1 };
  let prepared = false;
  let failed = false;
  let dealt: Promise<void> = Promise.resolve();
  try {
    if (from) {
      const ticket = await ring.reserve();
      const submit = new Submit(plan, clock, layout, ticket);
      submit.prepare(start);
      submit.submit();
      ticket.free();
      restore(plan, from);
      prepared = true;
    }
    for (let aborted = false; !event.done && !failed && !aborted;) {
      const ticket = await device.orLost(ring.reserve());
      // The last submit of an aborted training is a checkpoint.
      aborted = options.signal?.aborted ?? false;
      tables.compact(dealer.stopped, dealer.ended);
      if (tables.recorded.length === 0) break;
      const submit = new Submit(plan, clock, layout, ticket);
      if (!prepared) submit.prepare(start);
      prepared = true;
      let guessed = 0;
      const full = () => pace.full(guessed) || clock.free <= EVENT_SLOTS || submit.pending.length >= room;
      while (!event.done && !aborted && !full()) {
        const now = event.value;
        if (now.kind === "record") {
          const last = now.epoch === rhythm.epochs;
          submit.record(now.record, now.step, last, last ? [checkEnd] : []);
          guessed += costs.record;
          advance();
          continue;
        }
        advance();
        if (tables.trained.length === 0) continue;
        if (now.kind === "step" && model.fusedSteps) {
          let steps = 1;
          for (; steps < MOST_STEPS && !event.done && event.value.kind === "step"; steps++) {
            const longest = steps < FEWEST_STEPS ? options.longest : undefined;
            if (pace.full(guessed + steps * costs.step, longest)) break;
            advance();
          }
          submit.train([model.fusedSteps], clock.add({ ...now.step, order: steps }), now.step.index, steps);
          guessed += steps * costs.step;
        } else {
          encodeTraining(plan, submit, now);
          if (now.kind === "step") guessed += costs.step;
        }
      }
      const reached = position;
      const saved = snapshots?.encode(submit, aborted);
      const begun = performance.now();
      const arrived = device.orLost(ticket.read(submit.submit()));
      arrived.catch(() => {});
      dealt = dealt
        .then(async () => {
          const copy = await arrived;
          pace.measured(guessed, begun);
          const ended = await dealer.deal(copy, submit);
          options.advanced?.(submit.steps * submit.trained.length, ended);
          if (saved) await device.orLost(snapshots!.take(reached, dealer));
        })
        .finally(() => ticket.free());
      dealt.catch(() => (failed = true));
    }
    await device.orLost(dealt);
    await device.orLost(snapshots?.settled() ?? Promise.resolve());
    await device.orLost(readFinalStates(plan, dealer.endings, options.sink, staging.ends));
    options.signal?.throwIfAborted();
  } finally {
    staging.release();
  }
}

const stepping = ({ fusedSteps, forward, backward }: CompiledModel) =>
  fusedSteps ? [fusedSteps] : [...forward, ...backward];

function encodeTraining(
  plan: CohortPlan<DescentPlan>,
  submit: Submit,
  event: Exclude<Event, { kind: "record" }>,
): void {
  const { model, method } = plan;
  const { rhythm, checkBatch, checkAll, peaks, shuffle, noise } = method;
  if (event.kind === "shuffle") {
    const slot = submit.clock.add({ index: event.epoch, start: 0, size: 0, order: 0, scale: 0 });
    submit.run(shuffle, slot);
    return;
  }
  const slot = submit.clock.add(event.step);
  if (event.kind === "check") {
    submit.run([...model.evaluate, checkAll], slot);
    return;
  }
  submit.run(model.forward, slot);
  // With full batches and the rule `full`, the residual at hand is the loss after the updates so far.
  const full = rhythm.stop === "full" && rhythm.batchSize === rhythm.samples && event.step.index > 0;
  if (full || peaks || rhythm.stop === "keras") submit.run([checkBatch], slot);
  submit.train([...noise, ...model.backward], slot, event.step.index);
}
