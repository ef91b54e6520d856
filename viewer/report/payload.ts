/** Results as JSON for a page that has no server: tables exactly, arrays as float32, both thinned to a size. */

import type { Json } from "../../src/document/types.ts";
import type { Column, Table } from "../../src/results/table.ts";
import type { DenseArray, Manifest, Results } from "../../src/results/types.ts";
import { decodeBase64, encodeBase64 } from "../figures/base64.ts";
import { plural } from "../figures/format.ts";
import { lastRecord, type SampledArray } from "../../src/results/kernel-frames.ts";
import { evenly } from "../figures/over-training.ts";
import { historyRows } from "../../src/results/run-rows.ts";

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
  arrays: { ntk?: PackedArray; predictor?: PackedArray };
  /** What was left out to keep the page small, one sentence each. */
  notes: string[];
}

/** Bytes that a page may hold, before base64 makes them a third more. */
export interface Budget {
  history: number;
  ntk: number;
  predictor: number;
}

export const reportBudget: Budget = { history: 12e6, ntk: 12e6, predictor: 4e6 };

/** Kernels of a run that are still an animation. */
const fewestFrames = 24;

/** Packs what figures draw; weights are left to the results folder. */
export function packResults(results: Results, budget: Budget): Payload {
  const history = thinHistory(results, budget.history);
  const ntk = results.arrays.ntk && thinKernels(results, results.arrays.ntk, history.step, budget.ntk);
  const { predictor } = results.arrays;
  const isAffordable = (predictor?.data.byteLength ?? 0) <= budget.predictor;
  return {
    manifest: results.manifest,
    runs: packTable(results.runs),
    history: packTable(history.table),
    arrays: {
      ...(ntk?.array && { ntk: packArray(ntk.array) }),
      ...(predictor && isAffordable && { predictor: packArray(predictor) }),
    },
    notes: [
      ...history.notes,
      ...(ntk?.notes ?? []),
      ...(isAffordable ? [] : ["The predictors are too many for this page; see arrays/predictor.npy."]),
    ],
  };
}

export function unpackResults({ manifest, runs, history, arrays }: Payload): Results {
  return {
    manifest,
    runs: unpackTable(runs),
    history: unpackTable(history),
    arrays: {
      ...(arrays.ntk && { ntk: unpackArray(arrays.ntk) }),
      ...(arrays.predictor && { predictor: unpackArray(arrays.predictor) }),
    },
  };
}

interface ThinnedHistory {
  table: Table;
  /** Every step-th record of a run is kept, and its last. */
  step: number;
  notes: string[];
}

function thinHistory(results: Results, budget: number): ThinnedHistory {
  const { history } = results;
  const rowBytes = 8 * Object.keys(history.columns).length;
  const step = Math.max(1, Math.ceil((history.rows * rowBytes) / budget));
  if (step === 1) return { table: history, step, notes: [] };
  const kept = historyRows(results).flatMap((rows) => [
    ...rows.filter((_, record) => record % step === 0 || record === rows.length - 1),
  ]);
  const columns = Object.fromEntries(
    Object.entries(history.columns).map(([name, column]) => [name, pick(column, kept)]),
  );
  return {
    table: { rows: kept.length, columns },
    step,
    notes: [
      `To keep this page small it holds every ${ordinal(step)} record of a run; the results folder has all.`,
    ],
  };
}

const pick = (column: Column, rows: number[]): Column =>
  column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : column instanceof Int32Array
      ? Int32Array.from(rows, (row) => column[row])
      : rows.map((row) => column[row]);

function ordinal(step: number): string {
  const endings: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };
  return `${step}${endings[new Intl.PluralRules("en", { type: "ordinal" }).select(step)]}`;
}

/** Keeps records first, so that it stays an animation, then gives up runs. */
function thinKernels(
  results: Results,
  ntk: DenseArray,
  historyStep: number,
  budget: number,
): { array?: SampledArray; notes: string[] } {
  const [runs, records, size] = ntk.shape;
  const frameBytes = 4 * size * size;
  const affordable = Math.floor(budget / frameBytes);
  if (runs * records <= affordable && historyStep === 1) return { array: ntk, notes: [] };
  if (affordable < 2)
    return {
      notes: [
        `A tangent kernel of ${plural(size, "sample")} is too large for this page; see arrays/ntk.npy.`,
      ],
    };
  const perRun = Math.max(Math.min(fewestFrames, records, affordable), Math.floor(affordable / runs));
  const keptRuns = evenly([...Array(runs).keys()], Math.max(1, Math.floor(affordable / perRun)));
  const candidates = [...Array(Math.ceil(records / historyStep)).keys()];
  const places = [...evenly(candidates, Math.max(1, perRun - 1)), lastRecord];
  const entries = size * size;
  const data = new Float32Array(keptRuns.length * places.length * entries).fill(NaN);
  const rows = historyRows(results);
  keptRuns.forEach((run, r) =>
    places.forEach((place, p) => {
      const record = place === lastRecord ? rows[run].length - 1 : place * historyStep;
      if (record < 0 || record >= rows[run].length) return;
      const start = (run * records + record) * entries;
      data.set(ntk.data.subarray(start, start + entries), (r * places.length + p) * entries);
    }),
  );
  return {
    array: { shape: [keptRuns.length, places.length, size, size], data, runs: keptRuns, records: places },
    notes: [
      `To keep this page small it holds ${plural(places.length, "tangent kernel")} of ${keptRuns.length === runs ? "every run" : `${keptRuns.length} of ${plural(runs, "run")}`}; arrays/ntk.npy has all.`,
    ],
  };
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
    return { float64: encodeBase64(bytesOf(Float64Array.from(column as number[]))) };
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
