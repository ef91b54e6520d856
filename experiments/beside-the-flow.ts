/** Errors of sparse problems beside those of the exact flow, by the step in units of the edge of stability where the flow ends. */

import { biasMinimizer, populationErrors, stepEdges } from "../src/theory/index.ts";
import { type RecordedRun, recordedRuns, type ReproducedResults } from "./evidence.ts";
import { datasetOf, once } from "./interpolation.ts";

/** Of a run's data: the edge of stability where the flow ends, and the flow's |beta - beta*|^2. */
const flowOf = once((run, alpha: number) => {
  const dataset = datasetOf(run);
  const { beta } = biasMinimizer(dataset, { alpha });
  return {
    edge: stepEdges(dataset, { depth: 2, alpha }).end,
    error: populationErrors(beta, dataset.betaStar!).population_l2,
  };
});

const ofRun = (run: RecordedRun) => flowOf(run, run.specification.init.alpha);

/** The runs that have not diverged whose step is so many times the edge. */
export const runsAtStep = (results: ReproducedResults, steps: number): RecordedRun[] =>
  recordedRuns(results).filter(
    (run) =>
      Math.abs(run.last("train.stepSize") / ofRun(run).edge - steps) < 0.005 &&
      Number.isFinite(run.last("loss")),
  );

/** Their |beta - beta*|^2 over the flow's. */
export const errorsOverFlow = (results: ReproducedResults, steps: number): number[] =>
  runsAtStep(results, steps).map((run) => run.last("population_l2") / ofRun(run).error);

export const shareOf = (values: readonly number[], isOne: (value: number) => boolean): number =>
  values.filter(isOne).length / values.length;
