/** What theory says about the data of a run: its solutions, and where gradient flow would end. */

import type { Dataset } from "../src/data/dataset.ts";
import { loadDataset } from "../src/data/datasets.ts";
import {
  biasMinimizer,
  biasMinimizers,
  dualFlow,
  minimumL1,
  type MinimumL1,
  minimumL2,
  populationErrors,
  rowSpace,
  solutionDistances,
} from "../src/theory/index.ts";
import type { RecordedRun } from "./evidence.ts";

/** Where a predictor stands: its distance and its norm against the minimum-l1 solution's, and its error against beta*. */
export interface Standing {
  excess_l1: number;
  min_l1_distance: number;
  population_l1: number;
}

/** The data a run was trained on. Files say nothing of beta*; a claim on them brings its own. */
export const datasetOf = ({ specification: { data }, results: { files } }: RecordedRun): Dataset =>
  loadDataset(data, files);

/** Theory on a run's data takes seconds, and several claims ask for the same. */
export function once<Value, Rest extends readonly unknown[]>(
  compute: (run: RecordedRun, ...rest: Rest) => Value,
): (run: RecordedRun, ...rest: Rest) => Value {
  const known = new Map<string, Value>();
  return (run, ...rest) => {
    const key = JSON.stringify([run.specification.data, ...rest]);
    const value = known.has(key) ? known.get(key)! : compute(run, ...rest);
    known.set(key, value);
    return value;
  };
}

/** The minimum-l1 solution on a run's data. */
export const minimumL1Of: (run: RecordedRun) => Promise<MinimumL1> = once((run) => minimumL1(datasetOf(run)));

export async function standingOf(
  run: RecordedRun,
  beta: ArrayLike<number>,
  betaStar: Float64Array,
): Promise<Standing> {
  const solution = (await minimumL1Of(run)).beta;
  const distances = solutionDistances(beta, { minimumL1: solution, minimumL2: solution });
  return { ...distances, population_l1: populationErrors(beta, betaStar).population_l1 };
}

/** Where gradient flow ends on a run's data: the minimizer of Q. */
export const flowLimit = once(
  (run, alpha: number): Float64Array => biasMinimizer(datasetOf(run), { alpha }).beta,
);

/** A run's data and where gradient flow passes on them: beta at times a fortieth of a decade apart. */
const exactPath = once((run, alpha: number) => {
  const times = Array.from({ length: 200 }, (_, k) => 10 ** (-3 + k / 40));
  return dualFlow(datasetOf(run), { alpha }, { times }).records;
});

/** The least l1 population error along the exact flow. */
export const leastErrorOnTheWay = (run: RecordedRun, alpha: number, betaStar: Float64Array): number =>
  Math.min(...exactPath(run, alpha).map(({ beta }) => populationErrors(beta, betaStar).population_l1));

/** Errors of gradient flow's limits at many alphas, beside the solutions of least norm. */
export interface LimitErrors {
  population_l2: number;
  excess_l1: number;
  excess_l2: number;
}

/** An entry an alpha. */
export const limitErrors = once(async (run, alphas: readonly number[]): Promise<LimitErrors[]> => {
  const dataset = datasetOf(run);
  const space = rowSpace(dataset);
  const solutions = {
    minimumL1: (await minimumL1(dataset, { space })).beta,
    minimumL2: minimumL2(dataset, { space }).beta,
  };
  return biasMinimizers(dataset, alphas, {}, { space }).map(({ beta }) => ({
    ...solutionDistances(beta, solutions),
    ...populationErrors(beta, dataset.betaStar!),
  }));
});
