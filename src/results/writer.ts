import { rmdirSync, rmSync } from "node:fs";
import type { Checkpoint } from "../scheduler/checkpoint.ts";
import { join, resolve } from "node:path";
import { mostRecords } from "../document/record-epochs.ts";
import type { ArrayName, Experiment } from "../document/types.ts";
import { arrayKinds, arrayNames } from "../quantities/arrays.ts";
import type { AddedRun, EndBlock, RecordBlock, Sink } from "../scheduler/sink.ts";
import { begunRuns } from "../search/run-search.ts";
import { descriptionPath, describeArrays } from "./array-description.ts";
import { type ArrayOptions, ArrayFile, removeWorking } from "./array-file.ts";
import { type FolderState, type SavedCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { folderFiles, makeFolder } from "./folder.ts";
import { writeManifest } from "./manifest-file.ts";
import { Spool, type SpoolCounts } from "./spool.ts";
import { quantitiesOf, writeTables } from "./tables.ts";
import type { Table } from "../document/table.ts";
import type { Manifest, ShardProgress } from "./types.ts";

export interface WriterOptions {
  /** Write runs.csv and history.csv too. */
  csv?: boolean;
  /** Checksums of the document's files, by path; checkpoints keep them. */
  inputs?: Record<string, string>;
  /** The piece of a sweep that this folder is of; its records are kept, to be merged with those of the others. */
  shard?: Manifest["shard"];
  /** Goes on with the folder as it was at its checkpoint; what was written after it is cut off. */
  from?: SavedCheckpoint | undefined;
}

/** What the writer is told when training is over. */
export interface Conclusion {
  status: "finished" | "interrupted" | "failed";
  seconds: number;
  kernels: Manifest["kernels"];
  settled?: Manifest["settled"];
  guard?: Manifest["guard"];
  minimumNuclear?: Manifest["minimumNuclear"];
  /** Is told how much of the history has been written, which may take a while. */
  writing?: ((share: number) => void) | undefined;
}

/**
 * Writes a results folder while training goes on: records into a spool, arrays in their places; tables at the end.
 * Memory does not grow with the number of records. Disk errors carry the folder's name.
 */
export class ResultsWriter implements Sink {
  readonly directory: string;
  readonly #experiment: Experiment;
  readonly #csv: boolean;
  readonly #inputs: Record<string, string>;
  readonly #spool: Spool;
  readonly #arrays = new Map<ArrayName, ArrayFile>();
  readonly #runs: AddedRun[];
  #manifest: Manifest;

  /** Makes the folder, or opens it, and writes a manifest that says `running`. */
  constructor(
    directory: string,
    experiment: Experiment,
    manifest: Pick<
      Manifest,
      "adapter" | "browser" | "versions" | "warnings" | "lines" | "date" | "commit" | "data"
    >,
    { csv = false, inputs = {}, shard, from }: WriterOptions = {},
  ) {
    this.#experiment = experiment;
    this.#csv = csv;
    const { runs, search } = experiment;
    this.#runs = search ? begunRuns(experiment, search, from?.checkpoint.search) : [...runs];
    this.#inputs = inputs;
    makeFolder(directory);
    this.directory = resolve(directory);
    this.#manifest = {
      format: 1,
      name: experiment.name,
      document: experiment.document,
      ...(shard && { shard: { ...shard, ...(from && { progress: progressIn(from.checkpoint) }) } }),
      ...manifest,
      ...(Object.keys(inputs).length > 0 && { files: inputs }),
      seconds: 0,
      status: "running",
      kernels: {},
    };
    // First: whose folder it is must be known before anything else lies in it.
    naming(directory, () => writeManifest(this.directory, this.#manifest));
    this.#spool = naming(directory, () => {
      const path = this.#path(folderFiles.spool);
      return from ? Spool.open(path, from.folder.spool) : Spool.create(path, quantitiesOf(experiment));
    });
    if (from) naming(directory, () => this.#reopenArrays(from.folder));
  }

  begin(runs: readonly AddedRun[]): void {
    for (const run of runs) this.#runs.push(run);
  }

  record(block: RecordBlock): void {
    naming(this.directory, () => {
      this.#spool.append(block);
      this.#writeArrays(block, block.record);
    });
  }

  end(block: EndBlock): void {
    naming(this.directory, () => {
      this.#spool.appendEnds(block);
      this.#writeArrays(block, 0);
    });
  }

  #writeArrays({ runs, arrays = {} }: RecordBlock | EndBlock, record: number): void {
    const [{ index: first }] = this.#experiment.runs;
    for (const [name, { shape, data }] of Object.entries(arrays)) {
      const file = this.#array(name as ArrayName);
      eachItem(runs, data, (run, item) => file.write(run - first, record, item, shape));
    }
  }

  /** Brings everything so far to the disk, and then the checkpoint that belongs to it. */
  checkpoint(checkpoint: Checkpoint): void {
    naming(this.directory, () => {
      for (const file of this.#arrays.values()) file.sync();
      const arrays = Object.fromEntries(Array.from(this.#arrays, ([name, file]) => [name, file.state]));
      writeCheckpoint(this.directory, {
        checkpoint,
        folder: { spool: this.#spool.sync(), arrays, inputs: this.#inputs },
      });
      const { shard } = this.#manifest;
      if (shard) this.#state({ shard: { ...shard, progress: progressIn(checkpoint) } });
    });
  }

  /** Whether nothing has been handed over yet. */
  get isEmpty(): boolean {
    return this.#spool.runs === 0;
  }

  /** Takes everything out of the folder again that it was given. */
  discard(): void {
    this.suspend();
    removeResults(this.directory);
    rmSync(this.#path(folderFiles.manifest), { force: true });
    try {
      // Of a training that was cut off, and begun anew.
      rmdirSync(this.#path(folderFiles.arrays));
    } catch {
      // There is none, or it holds what is not ours.
    }
  }

  /** Leaves the folder as it is, to be gone on with. */
  suspend(): void {
    for (const file of this.#arrays.values()) file.close();
    this.#spool.close();
  }

  /** Turns the spool into tables, closes the arrays, and states the outcome in the manifest. */
  finish({ status, seconds, kernels, settled = {}, guard, minimumNuclear, writing }: Conclusion): {
    runs: Table;
    manifest: Manifest;
  } {
    const conclusion = {
      ...{ status, seconds, kernels, settled },
      ...(guard && { guard }),
      ...(minimumNuclear && { minimumNuclear }),
    };
    return naming(this.directory, () => {
      const { shard } = this.#manifest;
      if (shard && status !== "finished") {
        // Whoever stops a task does not wait for long, and its tables are wanted by nobody.
        this.suspend();
        this.#state(conclusion);
        return { runs: { rows: 0, columns: {} }, manifest: this.#manifest };
      }
      const { table, schedule } = writeTables(this.directory, this.#spool, {
        experiment: this.#experiment,
        runs: this.#runs,
        csv: this.#csv,
        writing,
      });
      for (const file of this.#arrays.values()) file.finish();
      describeArrays(this.directory, this.#experiment, this.#runs, schedule);
      if (shard) this.#state({ shard: { ...shard, bytes: this.#spool.sync() } });
      this.#spool.close();
      this.#state(conclusion);
      if (status === "finished") removeLeftovers(this.directory, shard !== undefined);
      return { runs: table, manifest: this.#manifest };
    });
  }

  /** Says something else in the manifest. */
  #state(change: Partial<Manifest>): void {
    this.#manifest = { ...this.#manifest, ...change };
    writeManifest(this.directory, this.#manifest);
  }

  #array(name: ArrayName, reopened?: ArrayOptions["reopened"]): ArrayFile {
    const existing = this.#arrays.get(name);
    if (existing) return existing;
    const file = new ArrayFile(arrayPath(this.directory, name), {
      ...arrayOptions(this.#experiment, name),
      ...(reopened && { reopened }),
    });
    this.#arrays.set(name, file);
    return file;
  }

  #reopenArrays(state: FolderState): void {
    for (const [name, reopened] of arraysBegun(this.#experiment, this.#spool, state))
      this.#array(name, reopened);
  }

  #path(name: string): string {
    return join(this.directory, name);
  }
}

/**
 * Makes sure that a folder's arrays can be gone on with, and changes nothing.
 *
 * @throws Error that names one which is gone or damaged
 */
export function checkArrays(
  directory: string,
  experiment: Experiment,
  spool: SpoolCounts,
  state: FolderState,
): void {
  for (const [name, reopened] of arraysBegun(experiment, spool, state))
    ArrayFile.check(arrayPath(directory, name), { ...arrayOptions(experiment, name), reopened });
}

/** Some arrays come with every record, others with every end: the spool knows how many there are. */
function arraysBegun(
  { runs }: Experiment,
  spool: SpoolCounts,
  { arrays }: FolderState,
): [ArrayName, NonNullable<ArrayOptions["reopened"]>][] {
  return arrayNames.flatMap((name) => {
    const state = arrays[name];
    if (!state) return [];
    const items = ({ index }: { index: number }) =>
      isRecorded(name) ? spool.records(index) : Number(spool.ends.has(index));
    return [[name, { ...state, records: Uint32Array.from(runs, items) }]];
  });
}

/** Whether a run has an item of every record, not one of its end. */
const isRecorded = (name: ArrayName): boolean => arrayKinds[name].when === "record";

const arrayOptions = (experiment: Experiment, name: ArrayName): ArrayOptions => ({
  runs: experiment.runs.length,
  ...(isRecorded(name) && { records: mostRecords(experiment) }),
  // How many steps a flow takes, and so how many records, is known at its end.
  trimmed: experiment.runs.some(({ train }) => train.method !== "gradient-descent"),
});

const arrayPath = (directory: string, name: ArrayName): string =>
  join(directory, folderFiles.arrays, `${name}.npy`);

/** What JSON holds of how far training is: it has no word for a number that nobody knows. */
const progressIn = ({ progress }: Checkpoint): ShardProgress => {
  const { runs, runsDone, runSteps, runStepsTotal, seconds } = progress;
  return {
    runs,
    runsDone,
    runSteps,
    runStepsTotal: Number.isFinite(runStepsTotal) ? runStepsTotal : null,
    seconds,
  };
};

/**
 * Removes what only an experiment needs that has not finished.
 *
 * @param isShard leave the records, which are yet to be merged
 */
export function removeLeftovers(directory: string, isShard = false): void {
  for (const name of [...(isShard ? [] : [folderFiles.spool]), folderFiles.checkpoint])
    rmSync(join(directory, name), { force: true });
  for (const name of arrayNames) removeWorking(arrayPath(directory, name));
  for (const name of [folderFiles.manifest, folderFiles.runs, folderFiles.history, folderFiles.checkpoint])
    rmSync(join(directory, `${name}.part`), { force: true });
}

/** Removes tables and arrays, to begin anew. */
export function removeResults(directory: string): void {
  removeLeftovers(directory);
  const { runs, history, searches, probes, runsText, historyText, searchesText, probesText } = folderFiles;
  const tables = [runs, history, searches, probes, runsText, historyText, searchesText, probesText];
  for (const name of tables) rmSync(join(directory, name), { force: true });
  for (const name of arrayNames)
    for (const path of [arrayPath(directory, name), descriptionPath(directory, name)])
      rmSync(path, { force: true });
}

function eachItem(
  runs: Uint32Array,
  items: Float32Array,
  take: (run: number, item: Float32Array) => void,
): void {
  const length = items.length / runs.length;
  runs.forEach((run, row) => take(run, items.subarray(row * length, (row + 1) * length)));
}

const reasons: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  EMFILE: "too many open files",
  ENOENT: "a file is gone; has another program removed it?",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "another command is writing there",
  EIO: "the disk reports an error",
  EFBIG: "a file is too large for the file system",
};

/** Does something with the folder; a disk error says which folder and why, in one line. */
export function naming<T>(directory: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(`cannot write to ${directory}: ${reasons[code] ?? message}`, { cause: error });
  }
}
