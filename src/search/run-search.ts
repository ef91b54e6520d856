/** Trains the searches of an experiment, round by round. */

import { readExperiment } from "../experiment/experiment.ts";
import { parsePath, valueAt } from "../document/path.ts";
import type { Experiment, Json, Run, Search } from "../document/types.ts";
import type { EngineReport } from "../scheduler/report.ts";
import type { Checkpoint, SearchState } from "../scheduler/checkpoint.ts";
import type { Kernels } from "../plan/planner.ts";
import type { Progress, Sink } from "../scheduler/sink.ts";
import { addProbes, driveSearches, isSearched, type Wanted, wantedNext } from "./driver.ts";
import { trialOf } from "./outcomes.ts";
import type { Probe } from "./probe.ts";

const seedRange = 2 ** 32;

/** What the rounds so far add up to. */
interface Before {
  progress: Progress;
  kernels: Kernels;
}

const nothing: Progress = { runs: 0, runsDone: 0, runSteps: 0, runStepsTotal: 0, seconds: 0 };

/**
 * Trains what the searches want until they want nothing. The sink is told of every round's runs before they begin; their
 * numbers go on from round to round. What was handed over before a checkpoint is not handed over again.
 *
 * @param train trains all runs of a round together, from its own checkpoint where it has one
 * @throws Error where the checkpoint is of another search
 */
export async function runSearch(
  experiment: Experiment,
  search: Search,
  { sink, checkpoint: from }: { sink: Sink; checkpoint?: Checkpoint | undefined },
  train: (round: Experiment, sink: Sink, checkpoint?: Checkpoint) => Promise<EngineReport>,
): Promise<EngineReport> {
  const { quantity } = search.specification;
  const trials = Array.from(from?.search?.trials ?? []);
  const begun = trials.length;
  const before: Before = { progress: from?.search?.before ?? nothing, kernels: from?.kernels ?? {} };
  let report: EngineReport | undefined;
  let end = 0;
  await driveSearches(search, async (wanted) => {
    const first = end;
    const round = roundOf(experiment, search, wanted, first);
    end += round.runs.length;
    if (end >= begun) {
      const isUnderWay = end === begun;
      if (first >= begun) {
        await sink.begin?.(round.runs);
        for (const { index } of round.runs) trials[index] = NaN;
      } else if (!isUnderWay) throw anotherSearch();
      const results = new RoundSink(sink, quantity, before, trials);
      report = await train(round, results, isUnderWay ? checkpointIn(from!) : undefined);
      before.progress = results.latest;
      before.kernels = { ...before.kernels, ...report.kernels };
    }
    return byProbe(search, trials, first, end);
  });
  if (!report) throw anotherSearch();
  return { ...report, seconds: before.progress.seconds, kernels: before.kernels };
}

/**
 * The runs that a search had begun at a checkpoint.
 *
 * @throws Error where the checkpoint is of another search
 */
export function begunRuns(experiment: Experiment, search: Search, state: SearchState | undefined): Run[] {
  const trials = Array.from(state?.trials ?? []);
  const probes = search.points.map((): Probe[] => []);
  const runs: Run[] = [];
  while (runs.length < trials.length) {
    const first = runs.length;
    const wanted = wantedNext(search, probes);
    const round = wanted.length > 0 ? roundOf(experiment, search, wanted, first).runs : [];
    if (round.length === 0 || first + round.length > trials.length) throw anotherSearch();
    for (const run of round) runs.push(run);
    addProbes(probes, wanted, byProbe(search, trials, first, runs.length));
  }
  return runs;
}

const anotherSearch = (): Error => new Error("the checkpoint is of another search");

/** The results of a round's trials, a list a probe. */
function byProbe(
  { specification: { trials: count } }: Search,
  trials: readonly number[],
  first: number,
  end: number,
): number[][] {
  return Array.from({ length: (end - first) / count }, (_, k) =>
    trials.slice(first + k * count, first + (k + 1) * count),
  );
}

/** Of the round under way alone. */
function checkpointIn({ search, ...rest }: Checkpoint): Checkpoint {
  return { ...rest, progress: combined(rest.progress, search!.before, -1) };
}

/** The round that takes most: a grid, or every point at the upper end of its range. */
export function largestRound(experiment: Experiment, search: Search): Experiment {
  const values = "between" in search.specification ? search.values.slice(-1) : search.values;
  const wanted = search.points.flatMap((_, point) =>
    isSearched(search, point) ? values.map((value, probe) => ({ point, value, probe })) : [],
  );
  return roundOf(experiment, search, wanted, 0);
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
  const values = wanted.flatMap(({ point, value, probe }) =>
    Array.from({ length: trials }, (__, trial): Json[] => {
      // Over a grid, trial k is the same at every value, so that values are compared on the same data. How many probes other
      // points took changes no seed: each can be searched by itself.
      const round = "withinFactor" in specification ? 0 : probe;
      const fresh = (round * points.length + point) * trials + trial;
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
class RoundSink implements Sink {
  latest: Progress;
  readonly #sink: Sink;
  readonly #quantity: string;
  readonly #before: Before;
  readonly #trials: number[];

  /** @param trials by number of the run: what each that has begun has come to */
  constructor(sink: Sink, quantity: string, before: Before, trials: number[]) {
    this.#sink = sink;
    this.#quantity = quantity;
    this.#before = { ...before };
    this.#trials = trials;
    this.latest = before.progress;
  }

  record(block: Parameters<Sink["record"]>[0]): void | Promise<void> {
    const column = block.quantities[this.#quantity];
    block.runs.forEach((run, k) => (this.#trials[run] = column?.[k] ?? NaN));
    return this.#sink.record(block);
  }

  end(block: Parameters<Sink["end"]>[0]): void | Promise<void> {
    block.runs.forEach((run, k) => (this.#trials[run] = trialOf(this.#trials[run], block.status[k])));
    return this.#sink.end(block);
  }

  progress(progress: Progress): void {
    this.latest = combined(this.#before.progress, progress, 1);
    this.#sink.progress?.(this.latest);
  }

  checkpoint(checkpoint: Checkpoint): void | Promise<void> {
    const { progress, kernels } = this.#before;
    return this.#sink.checkpoint?.({
      ...checkpoint,
      progress: combined(progress, checkpoint.progress, 1),
      kernels: { ...kernels, ...checkpoint.kernels },
      search: { before: progress, trials: Float64Array.from(this.#trials) },
    });
  }
}

/** One progress and another, which is added or taken off. */
function combined(one: Progress, other: Progress, sign: 1 | -1): Progress {
  const sum = (name: keyof Progress) => one[name] + sign * other[name];
  return {
    runs: sum("runs"),
    runsDone: sum("runsDone"),
    runSteps: sum("runSteps"),
    runStepsTotal: sum("runStepsTotal"),
    seconds: sum("seconds"),
  };
}
