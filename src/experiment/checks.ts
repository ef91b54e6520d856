/** What no field can say alone: how the parts of a run, and the runs of an experiment, must fit together. */

import type { DataShape } from "../data/kind.ts";
import { dataShape, hasTruePredictor, lacksTestSet } from "../data/registry.ts";
import { modelOf } from "../models/registry.ts";
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

function checkRecord({ data, record }: RunSpecification): void {
  const first = (prefix: string) => record.quantities.findIndex((quantity) => quantity.startsWith(prefix));
  const refuse = (index: number, needs: string) =>
    refused(`record.quantities[${index}]`, record.quantities[index], needs);

  const test = first("test_");
  const mend = lacksTestSet(data);
  if (test >= 0 && mend) throw refuse(test, `it needs a test set: ${mend}`);
  const crosses = record.arrays.indexOf("test_ntk");
  if (crosses >= 0 && mend)
    throw refused(`record.arrays[${crosses}]`, "test_ntk", `it needs a test set: ${mend}`);
  const population = first("population_");
  if (population >= 0 && !hasTruePredictor(data)) {
    throw refuse(
      population,
      `it needs the true predictor beta*, which data of kind ${shown(data.kind)} do not have`,
    );
  }
}

/** Sums up what the runs will write. */
function totalsChecker(runs: number): (run: RunSpecification, shape: DataShape | undefined) => void {
  let allRecords = 0;
  const kernelEntries = { ntk: 0, test_ntk: 0 };
  return ({ record, train }, shape) => {
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
    for (const name of ["ntk", "test_ntk"] as const) {
      if (!record.arrays.includes(name)) continue;
      kernelEntries[name] += records * shape.samples * (name === "ntk" ? shape.samples : shape.testSamples);
      if (kernelEntries[name] > limits.mostKernelEntries)
        throw refuse(
          `${name}.npy would hold more than ${limits.mostKernelEntries} numbers: record fewer, or leave "${name}" out of record.arrays`,
        );
    }
  };
}

/** What every run must have as many of where one file holds an array of each of them. */
type Measure = [what: string, of: (run: RunSpecification, shape: DataShape) => number];
const trainingSamples: Measure = ["training samples", (_, { samples }) => samples];
const measures: Record<ArrayName, readonly Measure[]> = {
  ntk: [trainingSamples],
  test_ntk: [trainingSamples, ["test samples", (_, { testSamples }) => testSamples]],
  predictor: [["inputs", (_, { inputs }) => inputs]],
  weights: [["weights", ({ model }, { inputs }) => modelOf(model).weights(model, inputs)]],
};

/** Compares every run's sizes with the first run's; sizes that only files tell are compared once they are read. */
function sizesChecker(): (run: RunSpecification, shape: DataShape | undefined) => void {
  const sizes = new Map<string, number>();
  return (run, shape) => {
    if (!shape) return;
    for (const [index, array] of run.record.arrays.entries())
      for (const [what, of] of measures[array]) {
        const size = of(run, shape);
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
