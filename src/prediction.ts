/** What an experiment will take of memory and disk, before anything of it starts. */

import type { Files } from "./data/kind.ts";
import { mostRecords } from "./document/record-epochs.ts";
import type { ArrayName, Experiment } from "./document/types.ts";
import { arrayShape } from "./quantities/array-axes.ts";
import { arrayKinds } from "./quantities/arrays.ts";
import { loadRuns } from "./scheduler/load.ts";
import { behaviourOf } from "./models/registry.ts";
import type { Member } from "./plan/cohort.ts";
import { demandOf } from "./scheduler/memory.ts";
import { partsOf } from "./scheduler/parts.ts";
import { largestRound } from "./search/run-search.ts";

/** Sizes are in bytes. */
export interface Prediction {
  /** Of a search, those of its largest round. */
  runs: number;
  /** Trained one after the other. */
  parts: number;
  /** Buffers of the largest part, of a run of it, and the largest that a shader binds; all are upper bounds. */
  memory: number;
  memoryOfRun: number;
  binding: number;
  /** In arrays/; where runs choose how many records they have, at most. */
  arrays: number;
  /** Records while they are written; tables are smaller. */
  records: number;
}

/** Numbers of a record before its quantities: run, record, epoch, time. */
const leadingNumbers = 4;

/**
 * Needs no GPU: only the size of its largest storage binding.
 *
 * @throws DocumentError where one run alone does not fit the adapter
 */
export async function predict(experiment: Experiment, files: Files, maxBinding: number): Promise<Prediction> {
  const { search } = experiment;
  const runs = search ? largestRound(experiment, search).runs : experiment.runs;
  const members = await loadRuns(runs, files);
  const parts = await partsOf(members, maxBinding);
  const demands = await Promise.all(
    parts.map(async (part) => demandOf(part, await behaviourOf(part[0].run.model))),
  );
  const records = mostRecords({ runs });
  const { quantities = [], arrays = [] } = runs[0]?.record ?? {};
  const numbers = (name: ArrayName, { run, dataset }: Member) =>
    arrayShape(name, run, dataset).reduce(
      (count, axis) => count * axis,
      arrayKinds[name].when === "record" ? records : 1,
    );
  return {
    runs: runs.length,
    parts: parts.length,
    memory: Math.max(...demands.map(({ total }) => total)),
    memoryOfRun: Math.max(...demands.map(({ run }) => run)),
    binding: Math.max(...demands.map(({ largest }) => largest)),
    arrays: arrays.reduce((sum, name) => sum + 4 * runs.length * numbers(name, members[0]), 0),
    records: 8 * runs.length * records * (leadingNumbers + quantities.length),
  };
}
