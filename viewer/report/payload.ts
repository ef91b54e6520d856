/** Results as JSON for a page that has no server: tables exactly, arrays as float32, both thinned to a size. */

import type { ArrayName, Json } from "../../src/document/types.ts";
import type { ClaimRow } from "../../src/results/claims.ts";
import { drawnArrays, type SampledArray } from "../../src/results/array-frames.ts";
import { kernelSize } from "../../src/results/kernel-frames.ts";
import { sampleHistory, sampleKernels } from "../../src/results/sample.ts";
import type { Column, Table } from "../../src/document/table.ts";
import type { Manifest, Results } from "../../src/results/types.ts";
import { decodeBase64, encodeBase64 } from "../figures/base64.ts";
import { formatCount, plural } from "../figures/format.ts";

type PackedColumn = { float64: string } | { int32: string } | { values: Json[] };

interface PackedTable {
  rows: number;
  columns: Record<string, PackedColumn>;
}

interface PackedArray {
  shape: number[];
  float32: string;
  runs?: number[];
  records?: number[];
}

export interface Payload {
  manifest: Manifest;
  runs: PackedTable;
  history: PackedTable;
  thinned?: { step: number; records: string };
  arrays: Partial<Record<ArrayName, PackedArray>>;
  claims?: readonly ClaimRow[];
  /** What was left out besides records to keep the page small, one sentence each. */
  notes: string[];
}

/** Bytes that a page may hold, before base64 makes them a third more. */
export interface Budget {
  history: number;
  ntk: number;
  predictor: number;
  /** Of each other array with a slice for every record. */
  records: number;
}

export const reportBudget: Budget = { history: 12e6, ntk: 12e6, predictor: 4e6, records: 4e6 };

/** Packs what figures draw; weights are left to the results folder. */
export function packResults(results: Results, budget: Budget): Payload {
  const sample = { ...results, ...sampleHistory(results, budget.history) };
  const { manifest, runs, history, thinned } = sample;
  const ntk = results.arrays.ntk && fittingKernels(results, sample, budget.ntk);
  const { predictor } = results.arrays;
  const isAffordable = (predictor?.data.byteLength ?? 0) <= budget.predictor;
  const others = drawnArrays.filter((name) => results.arrays[name]);
  const fits = (name: ArrayName) => results.arrays[name]!.data.byteLength <= budget.records;
  return {
    manifest,
    runs: packTable(runs),
    history: packTable(history),
    ...(thinned && { thinned: { step: thinned.step, records: encodeBase64(bytesOf(thinned.records)) } }),
    arrays: {
      ...(ntk && { ntk: packArray(ntk) }),
      ...(predictor && isAffordable && { predictor: packArray(predictor) }),
      ...Object.fromEntries(others.filter(fits).map((name) => [name, packArray(results.arrays[name]!)])),
    },
    ...(results.claims && { claims: results.claims }),
    notes: [
      ...(results.arrays.ntk ? kernelNotes(results, ntk) : []),
      ...(isAffordable ? [] : ["The predictors are too many for this page; see arrays/predictor.npy."]),
      ...others
        .filter((name) => !fits(name))
        .map((name) => `Of every record ${name} are too much for this page; see arrays/${name}.npy.`),
    ],
  };
}

export function unpackResults({ manifest, runs, history, thinned, arrays, claims }: Payload): Results {
  return {
    manifest,
    runs: unpackTable(runs),
    history: unpackTable(history),
    ...(thinned && {
      thinned: { step: thinned.step, records: new Int32Array(decodeBase64(thinned.records).buffer) },
    }),
    arrays: Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, unpackArray(array)])),
    ...(claims && { claims }),
  };
}

/** Those of the kernels that fit and go with the sample's history. */
function fittingKernels(results: Results, sample: Results, bytes: number): SampledArray | undefined {
  const ntk = results.arrays.ntk!;
  if (ntk.data.byteLength <= bytes && sample.thinned === results.thinned) return ntk;
  return sampleKernels(sample, ntk, bytes, (slice, into) =>
    into.set(ntk.data.subarray(slice * into.length, (slice + 1) * into.length)),
  );
}

function kernelNotes(results: Results, kept: SampledArray | undefined): string[] {
  if (!kept)
    return [
      `A tangent kernel of ${plural(kernelSize(results), "sample")} is too large for this page; see arrays/ntk.npy.`,
    ];
  if (!kept.records) return [];
  const [runs, records] = kept.shape;
  const all = results.runs.rows;
  const ofRuns = runs === all ? "every run" : `${formatCount(runs)} of ${plural(all, "run")}`;
  return [
    `To keep this page small it holds ${plural(records, "tangent kernel")} of ${ofRuns}; arrays/ntk.npy has all.`,
  ];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const packTable = ({ rows, columns }: Table): PackedTable => ({
  rows,
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, packColumn(column)])),
});

function packColumn(column: Column): PackedColumn {
  if (column instanceof Int32Array) return { int32: encodeBase64(bytesOf(column)) };
  if (column instanceof Float64Array) return { float64: encodeBase64(bytesOf(column)) };
  // JSON has no NaN; a column of numbers keeps it as bytes.
  if (column.length > 0 && column.every((cell) => typeof cell === "number"))
    return { float64: encodeBase64(bytesOf(Float64Array.from(column))) };
  return { values: column };
}

const unpackTable = ({ rows, columns }: PackedTable): Table => ({
  rows,
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, unpackColumn(column)])),
});

function unpackColumn(column: PackedColumn): Column {
  if ("int32" in column) return new Int32Array(decodeBase64(column.int32).buffer);
  if ("float64" in column) return new Float64Array(decodeBase64(column.float64).buffer);
  return column.values as (string | number | boolean | null)[];
}

const packArray = ({ shape, data, runs, records }: SampledArray): PackedArray => ({
  shape,
  float32: encodeBase64(bytesOf(data)),
  ...(runs && { runs }),
  ...(records && { records }),
});

const unpackArray = ({ shape, float32, runs, records }: PackedArray): SampledArray => ({
  shape,
  data: new Float32Array(decodeBase64(float32).buffer),
  ...(runs && { runs }),
  ...(records && { records }),
});
