/** Trains the searches of an experiment, round by round. */

import { readExperiment } from "../document/experiment.ts";
import { parsePath, valueAt } from "../document/path.ts";
import type { Experiment, Json, Run, Search } from "../document/types.ts";
import type { EngineReport } from "../engine.ts";
import type { Progress, Sink } from "../scheduler/sink.ts";
import { driveSearches, type Wanted } from "./driver.ts";
import { trialOf } from "./outcomes.ts";

const seedRange = 2 ** 32;

/**
 * Trains what the searches want until they want nothing. The sink is told of every round's runs before they begin; their
 * numbers go on from round to round.
 *
 * @param train trains all runs of a round together
 */
export async function runSearch(
  experiment: Experiment,
  search: Search,
  sink: Sink,
  train: (round: Experiment, sink: Sink) => Promise<EngineReport>,
): Promise<EngineReport> {
  const before: Progress = { runs: 0, runsDone: 0, runSteps: 0, runStepsTotal: 0, seconds: 0 };
  let report: EngineReport | undefined;
  await driveSearches(search, async (wanted) => {
    const round = roundOf(experiment, search, wanted, before.runs);
    await sink.begin?.(round.runs);
    const results = new Results(sink, search.specification.quantity, before);
    const { adapter, seconds, kernels } = await train(round, results);
    report = { adapter, seconds: before.seconds + seconds, kernels: { ...report?.kernels, ...kernels } };
    Object.assign(before, results.latest);
    const { trials } = search.specification;
    return wanted.map((_, k) => results.of(round.runs.slice(k * trials, (k + 1) * trials)));
  });
  return report!;
}

/**
 * The runs of a round: what is wanted, `trials` times each.
 *
 * @param first the number of its first run
 */
export function roundOf(
  experiment: Experiment,
  search: Search,
  wanted: readonly Wanted[],
  first: number,
): Experiment {
  const { specification, points } = search;
  const { path, seeds, trials } = specification;
  const { search: _, ...document } = experiment.document as Record<string, Json>;
  const swept = Object.keys(points[0]);
  const own = seeds.map((seed) => firstSeed(document, seed));
  const values = wanted.flatMap(({ point, value }, k) =>
    Array.from({ length: trials }, (__, trial): Json[] => {
      // Over a grid, trial k is the same at every value, so that values are compared on the same data.
      const fresh = "withinFactor" in specification ? point * trials + trial : first + k * trials + trial;
      const ownSeeds = own.map((seed) => (seed + fresh) % seedRange);
      return [...swept.map((name) => points[point][name]), value, ...ownSeeds];
    }),
  );
  const round = readExperiment(
    { ...document, sweep: [{ paths: [...swept, path, ...seeds], values }] },
    experiment.name,
  );
  return { ...round, runs: round.runs.map((run) => ({ ...run, index: first + run.index })) };
}

/** The document's own seed, from which those of the trials count up. */
function firstSeed(document: Json, path: string): number {
  const value = valueAt(document, parsePath(path)!);
  return typeof value === "number" ? value : 1;
}

/** Hands on what a round gives, counting on from the rounds before, and keeps the trials' results. */
class Results implements Sink {
  latest: Progress;
  readonly #sink: Sink;
  readonly #quantity: string;
  readonly #before: Progress;
  readonly #last = new Map<number, number>();
  readonly #status = new Map<number, string>();

  constructor(sink: Sink, quantity: string, before: Progress) {
    this.#sink = sink;
    this.#quantity = quantity;
    this.#before = { ...before };
    this.latest = this.#before;
  }

  record(block: Parameters<Sink["record"]>[0]): void | Promise<void> {
    const column = block.quantities[this.#quantity];
    block.runs.forEach((run, k) => this.#last.set(run, column?.[k] ?? NaN));
    return this.#sink.record(block);
  }

  end(block: Parameters<Sink["end"]>[0]): void | Promise<void> {
    block.runs.forEach((run, k) => this.#status.set(run, block.status[k]));
    return this.#sink.end(block);
  }

  progress(progress: Progress): void {
    const sum = (name: keyof Progress) => this.#before[name] + progress[name];
    this.latest = {
      runs: sum("runs"),
      runsDone: sum("runsDone"),
      runSteps: sum("runSteps"),
      runStepsTotal: sum("runStepsTotal"),
      seconds: sum("seconds"),
    };
    this.#sink.progress?.(this.latest);
  }

  /** What the trials ended with. */
  of(runs: readonly Run[]): number[] {
    return runs.map(({ index }) => trialOf(this.#last.get(index), this.#status.get(index) ?? "diverged"));
  }
}
