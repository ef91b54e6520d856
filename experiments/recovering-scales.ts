import { groups } from "d3";
import { type RecordedRun, recordedRuns, type ReproducedResults } from "./evidence.ts";
import { datasetOf } from "./interpolation.ts";
import { firstCrossing, largestRecoveringScale } from "../src/theory/index.ts";

/** The largest alpha that recovers beta*, of one dataset at one depth. */
export interface RecoveringScale {
  depth: number;
  seed: number;
  /** Through the two runs of the sweep that it lies between. */
  measured: number;
  /** Of the exact limits. */
  exact: number;
}

const depthOf = ({ specification: { model } }: RecordedRun): number =>
  model.kind === "diagonal" ? model.depth : NaN;

/** Datasets and depths whose runs cross the error on the way from large alphas to small ones. */
export function recoveringScales(results: ReproducedResults): RecoveringScale[] {
  const settingOf = (run: RecordedRun) => JSON.stringify([run.specification.data, depthOf(run)]);
  return groups(recordedRuns(results), settingOf).flatMap(([, runs]) => {
    const errors = runs
      .map((run) => ({ alpha: run.last("init.alpha"), error: run.last("population_l2") }))
      .sort((one, other) => other.alpha - one.alpha);
    const crossing = firstCrossing(errors);
    if (!crossing?.above) return [];
    const [depth, dataset] = [depthOf(runs[0]), datasetOf(runs[0])];
    const exact = largestRecoveringScale(dataset, depth);
    return [{ depth, seed: runs[0].last("data.seed"), measured: crossing.alpha, exact }];
  });
}
