/**
 * On every sweep one run is trained again: a few epochs, or steps of its flow, in float64 on the CPU, and the same ones
 * alone on the GPU.
 */

import { hash } from "../document/hash.ts";
import type { Experiment, Json, Run } from "../document/types.ts";
import type { Files } from "../data/kind.ts";
import { loadRuns } from "../scheduler/load.ts";
import type { Expectation } from "../models/model.ts";
import { STAGES } from "../models/flow.reference.ts";
import { norm } from "../models/roundoff.ts";
import { behaviourOf } from "../models/registry.ts";
import { arrayKinds } from "../quantities/arrays.ts";
import { type Need, quantityNeeds } from "../quantities/catalogue.ts";
import { type Member, batchSize, stepSize, scalesOf } from "../plan/cohort.ts";
import type { SweepSize } from "../plan/cohort.ts";
import { stabilityLimit } from "../models/stability-limit.ts";

/** What a guard has found, as manifest.json holds it. */
export type Guard =
  | ({
      /** The run that was trained again, for how many epochs or accepted steps of a flow, and what of it was compared. */
      run: number;
      compared: "predictor" | "weights";
      /**
       * Euclidean distance between float32 on the GPU and float64 on the CPU, and what rounding explains of it, both over
       * the distance that the values have moved. null: the GPU's are not finite.
       */
      gap: number | null;
      bound: number;
    } & ({ epochs: number } | { steps: number }))
  /** Why nothing was compared. */
  | { run: number; omitted: string };

/** What the GPU has made of a document of one run. */
export interface Trained {
  /** By epoch, or accepted step, the time after it where it was recorded. */
  times: number[];
  predictor?: Float32Array | undefined;
  weights?: Float32Array | undefined;
}

/** Operations in float64 that a guard takes, well under a second; a slope costs as many as `SLOPE` besides. */
const MOST_OPERATIONS = { epochs: 1e8, steps: 4e8 };
const SLOPE = 2e4;
/** In a few dozen steps a flow comes near the pair's stability limit, where bounds grow without end. */
const MOST = { epochs: 200, steps: 64 };
/** Runs that are looked at for one that is not predicted to diverge. */
const MOST_CANDIDATES = 8;
/** Past this a bound says little: the guard stops before. A fault within a flow's step shows less than one of its slopes. */
const LOOSEST = { epochs: 1e-3, steps: 5e-5 };
/** Past this it says nothing. */
const USELESS = 0.1;

/**
 * Chooses a run by the document alone, trains it in float64, decides after how many epochs or steps it is compared, and
 * compares. A flow is first followed on the GPU: float64 then takes the steps that were accepted there.
 *
 * @param train trains a document of one run on the GPU, by the kernels of a sweep
 * @throws what training throws
 */
export async function guardOf(
  experiment: Experiment,
  files: Files,
  train: (document: Json, sweepSize: SweepSize) => Promise<Trained>,
): Promise<Guard> {
  const { member, diverges } = await chosen(experiment, files);
  const { run } = member;
  const omitted = (why: string): Guard => ({ run: run.index, omitted: why });
  // Where every step multiplies what was rounded before, bounds of first order do not hold.
  if (diverges)
    return omitted("its step size is past the stability limit: rounding grows as fast as the weights");
  const { compared, train: expect, operations } = (await behaviourOf(run.model)).reference;
  const unit = unitOf(run);
  const cost = costOf(member, operations(member));
  const most = Math.min(lengthOf(run), MOST[unit], Math.floor(MOST_OPERATIONS[unit] / cost));
  if (most < 1)
    return omitted(
      `${unit === "steps" ? "a step" : "an epoch"} in float64 takes ${cost.toExponential(0)} operations; ` +
        `the guard takes ${MOST_OPERATIONS[unit].toExponential(0)}`,
    );
  const sweepSize = sweepSizeOf(experiment, run);
  const followed = unit === "steps" ? await train(documentOf(run, compared, most, 1), sweepSize) : undefined;
  const steps = followed?.times.slice(1).map((time, k) => time - followed.times[k]);
  if (steps?.length === 0) return omitted("its flow takes no step");
  const all = await expect({ ...rounded(member), run: shortened(run, most) }, steps);
  const last = latest(all, LOOSEST[unit]);
  if (last < 0)
    return omitted(
      !all.length
        ? "its first steps leave float32"
        : all.every(({ moved }) => moved === 0)
          ? "its first steps move nothing"
          : "what rounding may do to its first steps has no close bound",
    );
  const length = last + 1;
  const found =
    length === steps?.length ? followed! : await train(documentOf(run, compared, length, length), sweepSize);
  const { values, moved, bound } = all[last];
  const gap = norm(values.map((value, i) => value - found[compared]![i])) / moved;
  return {
    run: run.index,
    ...(unit === "steps" ? { steps: length } : { epochs: length }),
    compared,
    gap: Number.isFinite(gap) ? gap : null,
    bound: bound / moved,
  };
}

/** The last of these whose bound is tight, or twice the tightest; -1 where none says anything. */
function latest(all: readonly Expectation[], loosest: number): number {
  const ratios = all.map(({ moved, bound }) => (moved > 0 ? bound / moved : NaN));
  const tightest = ratios.reduce((best, ratio) => (ratio < best ? ratio : best), Infinity);
  const last = ratios.findLastIndex((ratio) => ratio <= Math.max(loosest, 2 * tightest));
  return tightest <= USELESS ? last : -1;
}

/** The sweep that a run is one of, as kernels are chosen for it. */
function sweepSizeOf({ runs }: Experiment, { data, train }: Run): SweepSize {
  const own = JSON.stringify(data);
  return {
    runs: runs.length,
    sharing: runs.filter((run) => JSON.stringify(run.data) === own).length,
    epochs: train.method === "gradient-descent" ? train.epochs : 0,
  };
}

/** What a run's length is counted in. */
const unitOf = ({ train }: Run) => (train.method === "gradient-flow" ? "steps" : "epochs");

/** Operations in float64 of an epoch, or of a step of a flow, about; `slope` of those of an epoch, or of a slope, alone. */
function costOf({ run, dataset }: Member, slope: number): number {
  return run.train.method === "gradient-flow"
    ? STAGES * (slope + SLOPE)
    : slope + Math.ceil(dataset.samples / batchSize(run, dataset.samples)) * SLOPE;
}

const lengthOf = ({ train }: Run): number =>
  train.method === "gradient-flow" ? train.maxSteps : train.epochs;

/** A run that ends after so many epochs or accepted steps. */
const shortened = (run: Run, length: number): Run => ({
  ...run,
  train: {
    ...run.train,
    ...(run.train.method === "gradient-flow" ? { maxSteps: length } : { epochs: length }),
  },
});

/** What is measured beside the training, and dear: no kernel of a step depends on it. */
const BESIDE: readonly Need[] = ["tangentKernel", "testSet", "solution"];
const isBeside = (needs: readonly Need[]): boolean => needs.some((need) => BESIDE.includes(need));

/** The document of the sampled run alone: by the same kernels, as neighbours change no bit of a run. */
function documentOf(run: Run, compared: "predictor" | "weights", length: number, every: number): Json {
  return {
    name: "guard",
    data: run.data as unknown as Json,
    model: run.model as unknown as Json,
    loss: run.loss as unknown as Json,
    init: run.init as unknown as Json,
    train: { ...shortened(run, length).train, stopLoss: null } as Json,
    record: {
      every,
      // What else is kept of a run decides what its kernels carry along.
      quantities: run.record.quantities.filter((name) => !isBeside(quantityNeeds(name))),
      arrays: [
        ...new Set([compared, ...run.record.arrays.filter((name) => !isBeside(arrayKinds[name].needs))]),
      ],
    },
  };
}

/** @returns why results cannot be trusted, in one line; undefined where they can, as far as is known */
export function distrust(guard: Guard | undefined): Error | undefined {
  if (!guard || "omitted" in guard || (guard.gap !== null && guard.gap <= guard.bound)) return undefined;
  const { run, compared, gap, bound } = guard;
  const [length, unit] = "steps" in guard ? [guard.steps, "step"] : [guard.epochs, "epoch"];
  const difference =
    gap === null
      ? "are not finite"
      : `differ by ${gap.toExponential(1)} of the way they went, of which rounding explains ${bound.toExponential(1)}`;
  return new Error(
    `this adapter computes wrongly: after ${length} ${unit}${length === 1 ? "" : "s"} the ${compared} of run ${run} ` +
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
    const [member] = await loadRuns([runs[(begin + k) % runs.length]], files);
    fallback ??= member;
    const { run, dataset } = member;
    if (run.train.method === "gradient-flow") return { member, diverges: false };
    const eigenvalue = (await behaviourOf(run.model)).largestEigenvalue(member, dataset);
    if (stepSize(run) <= stabilityLimit(member, eigenvalue)) return { member, diverges: false };
  }
  return { member: fallback!, diverges: true };
}

/** A run with the data and initial weights that float32 holds. */
export function rounded({ run, dataset, w0 }: Member): Member {
  const scale = scalesOf(run).weights;
  const float32 = (values: Float64Array) => values.map(Math.fround);
  return {
    run,
    dataset: { ...dataset, X: float32(dataset.X), y: float32(dataset.y) },
    w0: w0.map((value) => Math.fround(scale * value) / scale),
  };
}
