import type { Device } from "../src/gpu/device.ts";
import type { Engine, Trainer } from "./engines/engine.ts";
import { type Measured, verdict } from "./verdict.ts";
import type { Row } from "./row.ts";
import type { Workload } from "./workloads/problem.ts";

export interface MeasureOptions {
  /** Seconds that the repeats of one number of runs may take together; there are at least three. */
  seconds: number;
  /** GFLOP/s that rows are compared with. */
  peak: number;
  /** Choose kernels by measuring, where an engine can; off where left out. */
  tuning?: boolean | undefined;
}

const FEWEST_REPEATS = 3;
const MOST_REPEATS = 9;
/** From one training to the next while the number of steps is sought. */
const GROWTH = 8;
/** Where the workload does not say: steps in one training, and runs that are compared with float64. */
const MOST_STEPS = 20_000;
const MOST_CHECKED = 8;

/**
 * Measures all engines on one workload. They take turns, so that whatever slows the machine down slows all of them
 * down; and what every training ends with is compared with float64 before its time counts.
 */
export async function measure(
  workload: Workload,
  runs: number,
  engines: readonly Engine[],
  device: Device,
  { seconds, peak, tuning = false }: MeasureOptions,
): Promise<Row[]> {
  const problem = workload.problem(runs);
  const { length } = problem;
  const checked = spread(runs, workload.mostChecked ?? MOST_CHECKED);
  const all: Measured[] = [];
  const contenders: { trainer: Trainer; measured: Measured }[] = [];
  try {
    for (const engine of engines) {
      const measured: Measured = { engine: engine.id, steps: 0, times: [], results: [] };
      await orFailure(measured, async () => {
        const trainer = await engine.prepare(problem, device, tuning);
        if (!trainer) return;
        all.push(measured);
        contenders.push({ trainer, measured });
        // The first training compiles, and the next ones warm up.
        await trainer.train(trainer.fewestSteps);
        measured.steps = await calibrate(trainer, seconds, workload.mostSteps ?? MOST_STEPS);
      });
      if (measured.failure !== undefined && !all.includes(measured)) all.push(measured);
    }
    const begun = performance.now();
    for (let repeat = 0; repeat < MOST_REPEATS; repeat++) {
      if (repeat >= FEWEST_REPEATS && performance.now() - begun > 1000 * seconds) break;
      for (const { trainer, measured } of repeat % 2 === 0 ? contenders : contenders.toReversed()) {
        if (measured.failure !== undefined) continue;
        await orFailure(measured, async () => {
          const { microsecondsPerStep, results } = await trainer.train(measured.steps);
          measured.times.push(microsecondsPerStep);
          measured.results.push(checked.map((run) => results.slice(run * length, (run + 1) * length)));
        });
      }
    }
  } finally {
    for (const { trainer } of contenders) trainer.release();
  }
  return verdict({ workload, problem, checked, peak }, all);
}

/** What goes wrong in one engine is its own row's matter. */
async function orFailure(measured: Measured, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    measured.failure = line;
  }
}

/** Steps that last as long as the trainer needs, or a share of the budget where that is tight. */
async function calibrate(trainer: Trainer, seconds: number, most: number): Promise<number> {
  const wanted = 1e6 * Math.min(trainer.seconds, seconds / FEWEST_REPEATS);
  for (let steps = trainer.fewestSteps; ;) {
    const { microsecondsPerStep } = await trainer.train(steps);
    const enough = Math.ceil(wanted / microsecondsPerStep);
    // The first trainings are slower than the rest, or too short to tell anything (NaN), as the longest may be.
    if (steps >= most) return most;
    if (enough <= 2 * steps) return Math.min(most, Math.max(enough, steps));
    steps = enough <= GROWTH * steps ? enough : GROWTH * steps;
  }
}

/** At most `most` of 0 ... count - 1, the first and the last among them, evenly spread. */
function spread(count: number, most: number): number[] {
  const chosen = Math.min(count, most);
  return Array.from({ length: chosen }, (_, k) =>
    chosen > 1 ? Math.round((k * (count - 1)) / (chosen - 1)) : 0,
  );
}
