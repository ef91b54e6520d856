import { DocumentError } from "../document/error.ts";
import type { ArrayName } from "../document/types.ts";
import type { ModelBehaviour } from "../models/model.ts";
import type { Member } from "../plan/cohort.ts";
import { arrayShape } from "../quantities/array-axes.ts";
import { arrayKinds } from "../quantities/arrays.ts";
import { needsOf } from "../quantities/measures.ts";
import { STAGING_BUFFERS, STAGING_BYTES } from "./readback.ts";

/** Bytes of a part's buffers, data included: sweeps larger than this are trained part after part. */
const PART_BYTES = 512 * 2 ** 20;
/** Workgroups along one axis of a dispatch, which a part's runs must fit. */
const PART_RUNS = 16384;

/** No adapter binds more: WebGPU's shaders count bytes in 32 bits. */
export const MOST_BINDING = 2 ** 32;

/** What runs take of an adapter's memory, in bytes. */
export interface Demand {
  /** Of all buffers, at most, and a run's share of them. */
  total: number;
  run: number;
  /** Of the largest one that a shader binds. */
  largest: number;
}

/** What a part of a sweep takes: runs of one shape that are trained together. */
export function demandOf(part: readonly Member[], behaviour: ModelBehaviour): Demand {
  const { share, binding } = sharesOf(part, behaviour);
  return {
    total: part.length * share + STAGING_BUFFERS * STAGING_BYTES,
    run: share,
    largest: part.length * binding,
  };
}

/**
 * Splits a cohort into parts that fit the adapter. Runs never meet in a sum, so splitting changes no bit of a result.
 *
 * @param maxBinding the adapter's largest storage binding, in bytes
 * @param most bytes of a part's buffers
 * @throws DocumentError with the bytes that even one run needs beyond that
 */
export function splitByMemory(
  cohort: readonly Member[],
  behaviour: ModelBehaviour,
  maxBinding: number,
  most = PART_BYTES,
): Member[][] {
  const { run, dataset } = cohort[0];
  const needed = sharesOf(cohort.slice(0, 1), behaviour).binding;
  if (needed > maxBinding)
    throw tooLarge(
      run.record.arrays.find((name) => arrayKinds[name].when === "record"),
      needed,
      maxBinding,
      dataset.samples,
    );
  const { share, binding } = sharesOf(cohort, behaviour);
  const runs = Math.max(1, Math.min(PART_RUNS, Math.floor(most / share), Math.floor(maxBinding / binding)));
  const parts: Member[][] = [];
  for (let first = 0; first < cohort.length; first += runs) parts.push(cohort.slice(first, first + runs));
  return parts;
}

/** Bytes a run, of all buffers and of the largest: its own state, its record on the way, its share of the data. */
function sharesOf(cohort: readonly Member[], behaviour: ModelBehaviour): { share: number; binding: number } {
  const [member] = cohort;
  const { run, dataset } = member;
  const { total, largest } = behaviour.bytes(member, needsOf(run.record));
  const { samples, testSamples, outputs } = dataset;
  // Entries of a matrix that are seen are places, not rows of inputs.
  const inputs = dataset.matrix?.cells ? 1 : dataset.inputs;
  const testInputs = dataset.matrix ? 1 : inputs;
  const datasets = new Set(cohort.map((member) => member.dataset)).size / cohort.length;
  // X is there by row and by column.
  const data = 4 * datasets * samples * (inputs + outputs);
  const all =
    4 * datasets * (2 * samples * inputs + testSamples * testInputs + outputs * (samples + testSamples));
  const recorded = run.record.arrays
    .filter((name) => arrayKinds[name].when === "record")
    .map((name) => arrayShape(name, run, dataset).reduce((bytes, axis) => bytes * axis, 4));
  return {
    share: total + all + recorded.reduce((sum, bytes) => sum + (1 + STAGING_BUFFERS) * bytes, 0),
    binding: Math.max(largest, data, 4 * datasets * testSamples * testInputs, ...recorded),
  };
}

function tooLarge(
  kernels: ArrayName | undefined,
  needed: number,
  limit: number,
  samples: number,
): DocumentError {
  return new DocumentError(
    "",
    `one run needs a buffer of ${bytes(needed)}; ${limit < MOST_BINDING ? "this adapter binds" : "adapters bind"} at most ${bytes(limit)}: ` +
      (kernels
        ? `use fewer than ${samples} samples, or drop "${kernels}" from record.arrays`
        : "use fewer samples or inputs"),
  );
}

function bytes(count: number): string {
  const power = Math.max(0, Math.min(3, Math.floor(Math.log2(count) / 10)));
  return `${Number((count / 2 ** (10 * power)).toPrecision(3))} ${["bytes", "KiB", "MiB", "GiB"][power]}`;
}
