/** On every sweep one run is trained again: a few epochs in float64 on the CPU, and the same ones alone on the GPU. */

import { hash } from "../document/hash.ts";
import type { Experiment, Json, Run } from "../document/types.ts";
import { type Files, loadRuns } from "../engine.ts";
import type { Expectation } from "../models/model.ts";
import { norm } from "../models/roundoff.ts";
import { modelOf } from "../models/registry.ts";
import { needsSolution } from "../quantities/solutions.ts";
import { type Member, batchSize, stepSize } from "../scheduler/cohort.ts";
import { stabilityLimit } from "../scheduler/stability.ts";

/** What a guard has found, as manifest.json holds it. */
export type Guard =
  | {
      /** The run that was trained again, for how many epochs, and what of it was compared. */
      run: number;
      epochs: number;
      compared: "predictor" | "weights";
      /**
       * Euclidean distance between float32 on the GPU and float64 on the CPU, and what rounding explains of it, both over
       * the distance that the values have moved. null: the GPU's are not finite.
       */
      gap: number | null;
      bound: number;
    }
  /** Why nothing was compared. */
  | { run: number; omitted: string };

/** Operations in float64 that a guard takes, well under a second; an update costs as many as this besides. */
const MOST_OPERATIONS = 1e8;
const UPDATE_OPERATIONS = 2e4;
const MOST_EPOCHS = 200;
/** Runs that are looked at for one that is not predicted to diverge. */
const MOST_CANDIDATES = 8;
/** Past this a bound says little: the guard stops before. */
const LOOSEST = 1e-3;

/** A run to be trained again, and what is expected of it. */
export interface Sample {
  run: Run;
  epochs: number;
  compared: "predictor" | "weights";
  expected: Expectation;
}

/**
 * Chooses a run by the document alone, trains it in float64, and decides after how many epochs it is compared.
 *
 * @returns the guard itself where nothing can be compared
 */
export async function sampleOf(experiment: Experiment, files: Files): Promise<Sample | Guard> {
  const { member, diverges } = await chosen(experiment, files);
  const { run, dataset } = member;
  const omitted = (why: string): Guard => ({ run: run.index, omitted: why });
  if (run.train.method !== "gradient-descent")
    return omitted("a flow chooses its own steps; the guard follows gradient descent only");
  // Where every step multiplies what was rounded before, bounds of first order do not hold.
  if (diverges)
    return omitted("its step size is past the stability limit: rounding grows as fast as the weights");
  const { compared, operations, train } = modelOf(run.model).reference;
  const updates = Math.ceil(dataset.samples / batchSize(run, dataset.samples));
  const cost = operations(member) + updates * UPDATE_OPERATIONS;
  const epochs = Math.min(run.train.epochs, MOST_EPOCHS, Math.floor(MOST_OPERATIONS / cost));
  if (epochs < 1)
    return omitted(
      `an epoch in float64 takes ${cost.toExponential(0)} operations; the guard takes ${MOST_OPERATIONS.toExponential(0)}`,
    );
  const all = train({ ...rounded(member), run: { ...run, train: { ...run.train, epochs } } });
  const isKnown = ({ moved, bound }: Expectation) => moved > 0 && Number.isFinite(bound / moved);
  const isTight = (found: Expectation) => isKnown(found) && found.bound <= LOOSEST * found.moved;
  const last = Math.max(all.findLastIndex(isTight), all.findIndex(isKnown));
  if (last < 0)
    return omitted(all[0]?.moved === 0 ? "its first steps move nothing" : "its first steps leave float32");
  return { run, epochs: last + 1, compared, expected: all[last]! };
}

/** The document of the sampled run alone: by the same kernels, as neighbours change no bit of a run. */
export const documentOf = ({ run, epochs, compared }: Sample): Json => ({
  name: "guard",
  data: run.data as unknown as Json,
  model: run.model as unknown as Json,
  loss: run.loss as unknown as Json,
  init: run.init as unknown as Json,
  train: { ...run.train, epochs, stopLoss: null } as Json,
  record: {
    every: epochs,
    quantities: run.record.quantities.filter((name) => !needsSolution([name])),
    // What else is kept of a run decides what its kernels carry along.
    arrays: [...new Set([compared, ...run.record.arrays.filter((name) => name !== "ntk")])],
  },
});

/** @param values what the GPU has made of the sampled run */
export function judge({ run, epochs, compared, expected }: Sample, values: Float32Array): Guard {
  const { moved, bound } = expected;
  const gap = norm(expected.values.map((value, i) => value - values[i]!)) / moved;
  return { run: run.index, epochs, compared, gap: Number.isFinite(gap) ? gap : null, bound: bound / moved };
}

/** @returns why results cannot be trusted, in one line; undefined where they can, as far as is known */
export function distrust(guard: Guard | undefined): Error | undefined {
  if (!guard || "omitted" in guard || (guard.gap !== null && guard.gap <= guard.bound)) return undefined;
  const { run, epochs, compared, gap, bound } = guard;
  const difference =
    gap === null
      ? "are not finite"
      : `differ by ${gap.toExponential(1)} of the way they went, of which rounding explains ${bound.toExponential(1)}`;
  return new Error(
    `this adapter computes wrongly: after ${epochs} ${epochs === 1 ? "epoch" : "epochs"} the ${compared} of run ${run} ` +
      `in float32 and in float64 ${difference}; the results are kept, but not to be trusted`,
  );
}

/** The first run from a place that the document's text gives on, that is not predicted to diverge. */
async function chosen(
  { document, runs }: Experiment,
  files: Files,
): Promise<{ member: Member; diverges: boolean }> {
  const begin = hash(JSON.stringify(document)) % runs.length;
  let fallback: Member | undefined;
  for (let k = 0; k < Math.min(runs.length, MOST_CANDIDATES); k++) {
    const [member] = await loadRuns([runs[(begin + k) % runs.length]!], files);
    fallback ??= member!;
    const { run, dataset } = member!;
    if (run.train.method !== "gradient-descent") continue;
    const eigenvalue = modelOf(run.model).largestEigenvalue(member!, dataset);
    if (stepSize(run) <= stabilityLimit(member!, eigenvalue)) return { member: member!, diverges: false };
  }
  return { member: fallback!, diverges: true };
}

/** A run with the data and initial weights that float32 holds. */
export function rounded({ run, dataset, w0 }: Member): Member {
  const scale = run.init.scaling === "output" ? 1 : run.init.alpha;
  const float32 = (values: Float64Array) => values.map(Math.fround);
  return {
    run,
    dataset: { ...dataset, X: float32(dataset.X), y: float32(dataset.y) },
    w0: w0.map((value) => Math.fround(scale * value) / scale),
  };
}
