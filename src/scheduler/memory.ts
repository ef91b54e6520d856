import { DocumentError } from "../document/error.ts";
import type { ArrayName } from "../document/types.ts";
import type { ModelKind } from "../models/model.ts";
import type { Member } from "./cohort.ts";

/** Bytes of a part's buffers, data included: sweeps larger than this are trained part after part. */
const PART_BYTES = 512 * 2 ** 20;
/** Workgroups along one axis of a dispatch, which a part's runs must fit. */
const PART_RUNS = 16384;

/**
 * Splits a cohort into parts that fit the adapter. Runs never meet in a sum, so splitting changes no bit of a result.
 *
 * @param maxBinding the adapter's largest storage binding, in bytes
 * @throws DocumentError with the bytes that even one run needs beyond that
 */
export function splitByMemory(cohort: readonly Member[], kind: ModelKind, maxBinding: number): Member[][] {
  const { run, dataset } = cohort[0]!;
  const { total, largest } = kind.bytes(cohort[0]!);
  const data = 8 * (dataset.samples + dataset.testSamples) * (dataset.inputs + 1);
  const needed = Math.max(largest, data / 2);
  if (needed > maxBinding)
    throw tooLarge(
      run.record.arrays.find((name) => name.endsWith("ntk")),
      needed,
      maxBinding,
      dataset.samples,
    );
  const datasets = new Set(cohort.map((member) => member.dataset)).size;
  // Bytes a run: its own state, and its share of the data.
  const share = total + (data * datasets) / cohort.length;
  const binding = Math.max(largest, (data * datasets) / cohort.length / 2);
  const runs = Math.max(
    1,
    Math.min(PART_RUNS, Math.floor(PART_BYTES / share), Math.floor(maxBinding / binding)),
  );
  const parts: Member[][] = [];
  for (let first = 0; first < cohort.length; first += runs) parts.push(cohort.slice(first, first + runs));
  return parts;
}

function tooLarge(
  kernels: ArrayName | undefined,
  needed: number,
  limit: number,
  samples: number,
): DocumentError {
  return new DocumentError(
    "",
    `one run needs a buffer of ${bytes(needed)}; this adapter binds at most ${bytes(limit)}: ` +
      (kernels
        ? `use fewer than ${samples} samples, or drop "${kernels}" from record.arrays`
        : "use fewer samples or inputs"),
  );
}

function bytes(count: number): string {
  const power = Math.max(0, Math.min(3, Math.floor(Math.log2(count) / 10)));
  return `${Number((count / 2 ** (10 * power)).toPrecision(3))} ${["bytes", "KiB", "MiB", "GiB"][power]}`;
}
