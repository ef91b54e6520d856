import type { AdapterReport } from "../gpu/adapter.ts";
import type { Guard } from "../guard/guard.ts";
import type { ArrayName, Json } from "../document/types.ts";
import type { NuclearMinimum } from "../quantities/nuclear-minima.ts";
import type { Progress } from "../scheduler/sink.ts";
import type { Table } from "../document/table.ts";
import type { TheoryLine } from "./theory-lines.ts";
import type { ClaimRow } from "./claims.ts";

/** A piece of a sweep in a folder of its own. */
export interface Shard {
  /** Which of how many, counted from 1. */
  index: number;
  count: number;
  /** Its runs, or the points of a search, as places in the whole. */
  first: number;
  end: number;
  /** Checksums of the document's files, by path. */
  inputs: Record<string, string>;
  /** The command that trains it, without the shard. */
  command: string[];
  /** Of its records, once it has finished. */
  bytes?: number | undefined;
  /** How far it was at its last checkpoint. */
  progress?: ShardProgress | undefined;
}

/** Progress as JSON: null where nobody knows how many steps there are. */
export type ShardProgress = Omit<Progress, "runStepsTotal"> & { runStepsTotal: number | null };

/** manifest.json of a results folder. */
export interface Manifest {
  /** Version of the folder's layout. */
  format: 1;
  name: string;
  /** The document with every default filled in. */
  document: Json;
  adapter: AdapterReport;
  /** Browser or runtime, with its version. */
  browser: string;
  versions: Record<string, string>;
  /** When training began, as ISO 8601 has it; folders of older versions do not say. */
  date?: string | undefined;
  /** Of the program's sources. */
  commit?: string | undefined;
  /** SHA-256 of the files that the document names, by path. */
  files?: Record<string, string> | undefined;
  /** SHA-256 of the numbers that the runs were trained on, generated or read; shards and searches have none. */
  data?: string | undefined;
  /** Wall seconds of training. */
  seconds: number;
  status: "running" | "finished" | "interrupted" | "failed";
  warnings: string[];
  kernels: Record<string, Record<string, number | boolean>>;
  /** Works that are done by a variant that was measured, by name; folders of older versions have none. */
  settled?: Record<string, string> | undefined;
  /** What theory knows of the two axes of a sweep; folders of older versions, shards and what was merged of them have none. */
  lines?: TheoryLine[] | undefined;
  /** Of a shard's folder. */
  shard?: Shard | undefined;
  /** What a run in float64 says of the adapter; folders of older versions have none, nor has what was cut off. */
  guard?: Guard | undefined;
  /** What `excess_nuclear` compares with, an entry a dataset, and by how much it may be above the least one. */
  minimumNuclear?: NuclearMinimum[] | undefined;
}

/** A dense array, C order. */
export interface DenseArray {
  shape: number[];
  data: Float32Array;
}

/** A results folder in memory: what figures draw. */
export interface Results {
  manifest: Manifest;
  /** A row a run: run, swept columns, status, epochs, time, last value of every quantity. */
  runs: Table;
  /** A row a run and record, run by run: run, epoch, time, every quantity. */
  history: Table;
  /** Where the history has not all: of the runs in it, every step-th record and the last. Which one each row is, from 0. */
  thinned?: { step: number; records: Int32Array };
  /**
   * `ntk` [runs, records, N, N], `test_ntk` [runs, records, test samples, N], `predictor` [runs, n], `weights` [runs, P];
   * NaN after a stopped run's last record. Of kernels there may be a sample: array-frames.ts.
   */
  arrays: Partial<Record<ArrayName, DenseArray>>;
  /** Arrays of the folder that are larger than what is read at once: what needs them is left out. */
  unread?: readonly ArrayName[];
  /** What `reproduce` has measured on them of published claims. */
  claims?: readonly ClaimRow[];
}
