/** Cuts an experiment into parts that take about as long. */

import type { Files } from "../data/kind.ts";
import type { Experiment, Part, Run } from "../document/types.ts";
import { pieces } from "../experiment/part.ts";
import { behaviourOf } from "../models/registry.ts";
import { loadRuns } from "../scheduler/load.ts";

/**
 * Parts of neighbouring runs (of a search: of points of its sweep) that cost about the same, none empty. They depend on the document
 * and the sizes of its data alone, and come out the same on every machine.
 *
 * @param count at most as many as there are pieces
 * @returns in order; each is off an equal share by less than what one piece costs, where no piece costs more than a share
 */
export async function partsByCost(experiment: Experiment, files: Files, count: number): Promise<Part[]> {
  return partsOfCosts(await costsOf(experiment, files), count);
}

/** Cuts so many costs, in order: a piece goes to the share that its middle lies in. */
export function partsOfCosts(costs: readonly number[], count: number): Part[] {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const ends: number[] = [];
  let before = 0;
  costs.forEach((cost, place) => {
    // Shares end before the piece, as long as every share has a piece, and there is one left for every share to come.
    const isPast = () => before + cost / 2 >= (total * (ends.length + 1)) / count;
    const least = ends.at(-1) ?? 0;
    if (ends.length < count - 1 && place > least && (isPast() || costs.length - place < count - ends.length))
      ends.push(place);
    before += cost;
  });
  return [...ends, costs.length].map((end, k) => ({ first: ends[k - 1] ?? 0, end }));
}

/** Multiplications and additions of each piece's training, about. */
async function costsOf(experiment: Experiment, files: Files): Promise<number[]> {
  const known = new Map<string, number>();
  const costs: number[] = [];
  for (const run of experiment.runs) {
    const key = shapeOf(run);
    if (!known.has(key)) known.set(key, await costOf(run, files));
    costs.push(known.get(key)!);
  }
  if (!experiment.search) return costs;
  // Of a search, the runs are every value of its grid, or end of its range, at every point.
  const each = costs.length / pieces(experiment);
  return Array.from({ length: pieces(experiment) }, (_, point) =>
    costs.slice(point * each, (point + 1) * each).reduce((sum, cost) => sum + cost, 0),
  );
}

/** All of a run that its cost may depend on, and some more: runs by the thousand differ in little else. */
function shapeOf({ data, model, loss, init, train }: Run): string {
  return JSON.stringify([{ ...data, seed: 0 }, model, loss, init.shape, { ...train, stepSize: 0, seed: 0 }]);
}

async function costOf(run: Run, files: Files): Promise<number> {
  const [member] = await loadRuns([run], files);
  const { train } = run;
  const length = train.method === "gradient-descent" ? train.epochs : train.maxSteps;
  return 1 + length * (await behaviourOf(run.model)).reference.operations(member);
}
