/** What no field can say alone: how the parts of a run, and the runs of an experiment, must fit together. */

import type { DataShape } from "../data/kind.ts";
import { dataShape, hasTruePredictor, lacksTestSet, measuresMatrix } from "../data/registry.ts";
import { capabilities } from "../models/measurable.ts";
import { modelOf } from "../models/registry.ts";
import { arrayAxes, arrayShape } from "../quantities/array-axes.ts";
import { arrayKinds } from "../quantities/arrays.ts";
import { type Need, quantityNeeds } from "../quantities/catalogue.ts";
import { DocumentError } from "../document/error.ts";
import * as limits from "../document/limits.ts";
import { recordBound } from "../document/record-epochs.ts";
import { shown } from "../document/shown.ts";
import type { ArrayName, DataSpecification, RunSpecification } from "../document/types.ts";

/**
 * @param runs how many will be checked, for messages
 * @returns a check that takes the runs in turn, and throws a DocumentError at the first that does not fit
 */
export function checker(runs: number): (run: RunSpecification) => void {
  const shapeOf = rememberLast(dataShape);
  const checkTotals = totalsChecker(runs);
  const checkSizes = sizesChecker();
  return (run) => {
    const shape = shapeOf(run.data);
    checkMatrix(run);
    checkLayers(run);
    checkNoise(run);
    modelOf(run.model).checkRun(run);
    checkRecord(run);
    checkTotals(run, shape);
    checkSizes(run, shape);
  };
}

/** Most sweeps leave the data alone: then every run has the same object. */
function rememberLast<Result>(
  work: (data: DataSpecification) => Result,
): (data: DataSpecification) => Result {
  let last: { data: DataSpecification; result: Result } | undefined;
  return (data) => {
    if (last?.data !== data) last = { data, result: work(data) };
    return last.result;
  };
}

/** Measurements of a matrix are what factorized matrices are trained on, and nothing else is. */
function checkMatrix({ data, model }: RunSpecification): void {
  const taken = modelOf(model).measuresMatrix === true;
  if (taken !== measuresMatrix(data))
    throw refused(
      "model.kind",
      model.kind,
      taken
        ? `it is trained on measurements of a matrix, which data of kind ${shown(data.kind)} are not`
        : `data of kind ${shown(data.kind)} are for a model of kind "matrix"`,
    );
}

/** Only networks have layers. */
function checkLayers({ model, init, train }: RunSpecification): void {
  if (model.kind === "relu" || model.kind === "linear") return;
  const refuse = (path: string, value: unknown) =>
    refused(path, value, `a ${model.kind} model has no layers that are told apart: leave it out`);
  if (train.layers === "last") throw refuse("train.layers", train.layers);
  if (init.layerScales) throw refuse("init.layerScales", init.layerScales);
}

/** Noise on labels shifts the slopes of the squared loss, and nothing else. */
function checkNoise({ model, loss, train }: RunSpecification): void {
  if (train.method === "gradient-flow") return;
  if (train.noiseEpochs !== undefined && train.labelNoise === undefined)
    throw refused(
      "train.noiseEpochs",
      train.noiseEpochs,
      "it says how long train.labelNoise lasts: set that",
    );
  if (!train.labelNoise) return;
  const refuse = (why: string) => refused("train.labelNoise", train.labelNoise, why);
  if (loss.kind !== "squared")
    throw refuse(`labels of the ${shown(loss.kind)} loss take no noise: leave it out`);
  if (model.kind === "matrix")
    throw refuse("targets of matrix models take no noise yet: set data.noise, or leave it out");
}

/** Whether model and data have what the record's quantities and arrays need. */
function checkRecord(run: RunSpecification): void {
  const { data, model, record } = run;
  const provided = modelOf(model).provides(run);
  const problem = (need: Need): string | undefined => {
    switch (need) {
      case "testSet": {
        const mend = lacksTestSet(data);
        return mend && `it needs a test set: ${mend}`;
      }
      case "truePredictor":
        return hasTruePredictor(data)
          ? undefined
          : `it needs the true predictor beta*, which data of kind ${shown(data.kind)} do not have`;
      case "vector":
        return measuresMatrix(data)
          ? 'minimum-l1 solutions are of vectors: of a matrix take "excess_nuclear"'
          : undefined;
      case "unobserved":
        return data.kind === "matrix-completion" && data.observed === data.rows * data.columns
          ? "all entries are observed: set data.observed to fewer"
          : undefined;
      // Only the data tell.
      case "solution":
      case "oneOutput":
      case "labelKernel":
      case "separable":
        return undefined;
      case "descent":
        return run.train.method === "gradient-flow"
          ? 'a flow has no step size of its own: it is of "gradient-descent"'
          : undefined;
      default:
        return provided[need] === true
          ? undefined
          : (provided[need] ?? `a ${model.kind} model has no ${capabilities[need]}`);
    }
  };
  const check = (list: "quantities" | "arrays", needsOf: (name: string) => readonly Need[]) =>
    record[list].forEach((name, place) => {
      for (const need of needsOf(name)) {
        const found = problem(need);
        if (found !== undefined) throw refused(`record.${list}[${place}]`, name, found);
      }
    });
  check("quantities", quantityNeeds);
  check("arrays", (name) => arrayKinds[name as ArrayName].needs);
}

/** Sums up what the runs will write. */
function totalsChecker(runs: number): (run: RunSpecification, shape: DataShape | undefined) => void {
  let allRecords = 0;
  const entries = new Map<ArrayName, number>();
  return (run, shape) => {
    const { record, train } = run;
    const refuse = (problem: string) => refused("record.every", record.every, problem);
    if (train.method === "gradient-flow" && typeof record.every !== "number" && train.time === null) {
      throw refuse("records spaced in the logarithm of time need train.time, the time to end at");
    }
    const records = recordBound(record.every, train);
    if (records > limits.mostRecordsOfARun) {
      throw refuse(`that makes ${records} records a run; at most ${limits.mostRecordsOfARun} are allowed`);
    }
    allRecords += records;
    if (allRecords > limits.mostRecords) {
      throw refuse(`${runs} runs make more than ${limits.mostRecords} records in all`);
    }
    if (!shape) return;
    for (const name of record.arrays) {
      if (arrayKinds[name].when !== "record") continue;
      const own = arrayShape(name, run, shape).reduce((size, axis) => size * axis, records);
      entries.set(name, (entries.get(name) ?? 0) + own);
      if (entries.get(name)! > limits.mostKernelEntries)
        throw refuse(
          `${name}.npy would hold more than ${limits.mostKernelEntries} numbers: record fewer, or leave "${name}" out of record.arrays`,
        );
    }
  };
}

/** Compares every run's sizes with the first run's; sizes that only files tell are compared once they are read. */
function sizesChecker(): (run: RunSpecification, shape: DataShape | undefined) => void {
  const sizes = new Map<string, number>();
  return (run, shape) => {
    if (!shape) return;
    for (const [index, array] of run.record.arrays.entries())
      for (const [what, size] of arrayAxes(array, run, shape)) {
        const first = sizes.get(what) ?? size;
        sizes.set(what, first);
        if (size === first) continue;
        const differ = `one run has ${first} ${what} and another ${size}`;
        const mend = "leave it out of record.arrays";
        throw refused(
          `record.arrays[${index}]`,
          array,
          `one file holds it for all runs, but ${differ}: ${mend}`,
        );
      }
  };
}

const refused = (path: string, value: unknown, allowed: string) =>
  new DocumentError(path, `is ${shown(value)}; ${allowed}`);
