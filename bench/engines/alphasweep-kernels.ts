import { readExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import type { Device } from "../../src/gpu/device.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { Clock } from "../../src/plan/clock.ts";
import { planCohort } from "../../src/scheduler/cohort-plan.ts";
import { ReadbackRing } from "../../src/scheduler/readback.ts";
import { RecordLayout } from "../../src/scheduler/record-layout.ts";
import { Submit } from "../../src/scheduler/submit.ts";
import type { ConvKernels, ReluKernels } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/**
 * Kernels of networks as they are: the dispatches that a sweep runs before its first record. Its later records hold a
 * kernel's change, which no other engine computes, and come with training.
 */
export async function makeKernels(problem: ReluKernels | ConvKernels, device: Device): Promise<Trainer> {
  const { runs } = readExperiment(problem.document, "bench");
  const members = await loadRuns(runs, new Map());
  const { model, record } = runs[0];
  const plan = await planCohort(device, await behaviourOf(model), members, record);
  const clock = new Clock(device.gpu, plan.planner.clock);
  const layout = new RecordLayout(plan);
  const ring = new ReadbackRing(device, layout.bytes + plan.progress.buffer.size);
  const all = { index: 0, start: 0, size: problem.samples, order: 0, scale: 1 };
  const submitted = async (
    encode: (submit: Submit) => void,
  ): Promise<{ answer: Promise<ArrayBuffer>; submit: Submit }> => {
    const ticket = await ring.reserve();
    const submit = new Submit(plan, clock, layout, ticket);
    encode(submit);
    return { submit, answer: ticket.read(submit.submit()).finally(ticket.free) };
  };
  return {
    fewestSteps: 1,
    seconds: 0.3,
    async train(steps) {
      const answers: Promise<ArrayBuffer>[] = [];
      const begun = performance.now();
      for (let step = 0; step < steps; step++)
        answers.push((await submitted((submit) => submit.prepare(all))).answer);
      await Promise.all(answers);
      const milliseconds = performance.now() - begun;
      const { submit, answer } = await submitted((submit) => submit.record(0, all, true));
      const block = layout.block(await answer, submit.pending[0], [...members.keys()], []);
      return { microsecondsPerStep: (1000 * milliseconds) / steps, results: block.arrays!.ntk!.data };
    },
    release() {
      ring.release();
      plan.planner.release();
    },
  };
}
