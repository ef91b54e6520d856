/** How long a training will take: its work, at the pace of earlier trainings in this browser on this adapter. */

import { dataShape } from "../../src/data/registry.ts";
import { mostRecords } from "../../src/document/record-epochs.ts";
import type { Experiment, Run } from "../../src/document/types.ts";
import { modelOf } from "../../src/models/registry.ts";
import { batchSize } from "../../src/plan/cohort.ts";
import { catalogue, type QuantityName } from "../../src/quantities/catalogue.ts";

/** Sizes where only files tell them. */
interface Sizes {
  samples: number;
  inputs: number;
}

const key = "alphasweep pace";
/** Seconds of an update however small, of a multiplication, and of a training that hardly begins: a software adapter's. */
const update = 2e-6;
const multiplication = 5e-10;
const beginning = 0.1;

/**
 * Seconds at a usual pace.
 *
 * @returns undefined where nobody knows: the steps of a flow, the runs of a search
 */
function work({ runs, search, ...experiment }: Experiment, sizes: Sizes): number | undefined {
  if (search) return undefined;
  const records = mostRecords({ ...experiment, runs });
  let seconds = beginning;
  let longest = 0;
  for (const run of runs) {
    const { train, model, data } = run;
    if (train.method !== "gradient-descent") return undefined;
    const shape = dataShape(data) ?? { ...sizes, outputs: 1 };
    const { samples } = shape;
    const batch = batchSize(run, samples);
    const updates = train.epochs * Math.ceil(samples / batch);
    const weights = modelOf(model).weights(model, shape);
    longest = Math.max(longest, updates);
    seconds +=
      multiplication * weights * (6 * batch * updates + records * (samples + kernelWork(run, samples)));
  }
  return seconds + update * longest;
}

const kernelWork = ({ record }: Run, samples: number): number =>
  record.arrays.includes("ntk") ||
  record.quantities.some((name) =>
    (catalogue[name as QuantityName].needs as readonly string[]).includes("tangentKernel"),
  )
    ? samples ** 2
    : 0;

/** Seconds that a training is expected to take here; undefined where nobody knows. */
export function expectedSeconds(experiment: Experiment, sizes: Sizes): number | undefined {
  const usual = work(experiment, sizes);
  return usual === undefined ? undefined : usual * recalledPace();
}

/** Remembers how long a training took, so that the next estimate knows this adapter. */
export function learnPace(experiment: Experiment, sizes: Sizes, seconds: number): void {
  const usual = work(experiment, sizes);
  if (usual === undefined) return;
  try {
    // The geometric mean with what was known: one slow moment is no slow adapter.
    localStorage.setItem(key, String(Math.sqrt((seconds / usual) * recalledPace())));
  } catch {
    // A closed storage: the usual pace.
  }
}

function recalledPace(): number {
  try {
    const pace = Number(localStorage.getItem(key));
    return pace > 0 && Number.isFinite(pace) ? pace : 1;
  } catch {
    return 1;
  }
}
