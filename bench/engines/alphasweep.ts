import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Experiment } from "../../src/document/types.ts";
import { runExperiment, tuneExperiment } from "../../src/engine.ts";
import type { Device } from "../../src/gpu/device.ts";
import type { SweepSize } from "../../src/plan/cohort.ts";
import type { Settled } from "../../src/wgsl/choice.ts";
import { memoryOf } from "../../src/tuner/winners.ts";
import type { Progress } from "../../src/scheduler/sink.ts";
import { UNWATCHED } from "../../src/scheduler/submit-budget.ts";
import type { Problem } from "../workloads/problem.ts";
import { makeKernels } from "./alphasweep-kernels.ts";
import type { Engine, Training } from "./engine.ts";

/**
 * This package's engine, through the door that its users take: a document goes in, and the scheduler encodes, submits
 * and reads back as it always does, with the kernels of a long training: what counts is a step's time, not the compiler's.
 * Unless the problem asks for more, records are taken at the first and the last step only.
 */
export const alphasweep: Engine = {
  id: "alphasweep",
  async prepare(problem, device, tuning) {
    const { kind, document } = problem;
    if (kind === "relu-kernels" || kind === "conv-kernels") return makeKernels(problem, device);
    const experiment = readExperiment(document, "bench");
    const settled = tuning ? await tuned(withSteps(experiment, ENDLESS), device) : {};
    return {
      fewestSteps: 5,
      seconds: 0.3,
      train: (steps) => trainTimed(withSteps(experiment, steps), problem, settled, device),
      release() {},
    };
  },
};

const withSteps = (experiment: Experiment, epochs: number): Experiment => ({
  ...experiment,
  runs: experiment.runs.map((run) => ({ ...run, train: { ...run.train, epochs } as typeof run.train })),
});

/** Steps of a training that is worth any measurement; nobody makes them. */
const ENDLESS = 1e7;

/** A sweep of so many runs whose kernels are worth compiling, however long that takes. */
export const endlessSweep = (runs: number): SweepSize => ({ runs, sharing: runs, epochs: ENDLESS });

const tuned = async (experiment: Experiment, device: Device): Promise<Settled> =>
  (await tuneExperiment(experiment, new Map(), { gpu: undefined, device, memory: memoryOf({}), least: 0 }))
    .settled;

async function trainTimed(
  experiment: Experiment,
  { runs, result, length }: Pick<Problem, "runs" | "result" | "length">,
  settled: Settled,
  device: Device,
): Promise<Training> {
  // By part: a sweep that its memory cuts into parts makes a plan between them.
  const parts: Moment[][] = [[]];
  const results = new Float32Array(runs * length).fill(NaN);
  const keep = (which: Uint32Array, found: Float32Array) =>
    which.forEach((run, row) => results.set(found.subarray(row * length, (row + 1) * length), run * length));
  await runExperiment(experiment, new Map(), {
    gpu: undefined,
    device,
    settled,
    sweepSize: endlessSweep(runs),
    longestSubmit: UNWATCHED,
    sink: {
      record: (block) => {
        if (result === "ntk") keep(block.runs, block.arrays!.ntk!.data);
      },
      end: (block) => {
        if (result !== "ntk") keep(block.runs, block.arrays![result]!.data);
        parts.push([]);
      },
      progress({ runSteps }: Progress) {
        if (runSteps > (parts.flat().at(-1)?.runSteps ?? 0))
          parts.at(-1)!.push({ runSteps, milliseconds: performance.now() });
      },
    },
  });
  return { microsecondsPerStep: (1000 * runs) / slopeOf(parts), results };
}

/** When so many run-steps had come back from the GPU. */
interface Moment {
  runSteps: number;
  milliseconds: number;
}

/**
 * Run-steps a millisecond while training was in full swing: in each part, from the first submit's return to the last but
 * one's, so that neither building the plan nor the records at both ends count; to the last one's where no part has so many, and
 * NaN where none has two.
 */
function slopeOf(parts: readonly Moment[][]): number {
  let [steps, milliseconds] = [0, 0];
  const end = parts.some(({ length }) => length >= 3) ? -2 : -1;
  for (const moments of parts.filter(({ length }) => length >= 1 - end)) {
    const [first, last] = [moments[0], moments.at(end)!];
    steps += last.runSteps - first.runSteps;
    milliseconds += last.milliseconds - first.milliseconds;
  }
  return steps / milliseconds;
}
