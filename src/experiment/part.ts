/** Pieces of an experiment, which can be trained by themselves. */

import type { Experiment, Part } from "../document/types.ts";

/** What a sweep is cut between: its runs; the points of a search, whose runs nobody knows before. */
export const pieces = ({ runs, search }: Experiment): number => (search ? search.points.length : runs.length);

/**
 * The experiment with a part of its runs, or of its search's points. Runs keep their numbers; a search counts its own. The document stays
 * that of the whole.
 */
export function partOf(experiment: Experiment, part: Part | undefined): Experiment {
  const { runs, search } = experiment;
  if (!part) return experiment;
  return search
    ? { ...experiment, search: { ...search, part } }
    : { ...experiment, runs: runs.slice(part.first, part.end) };
}
