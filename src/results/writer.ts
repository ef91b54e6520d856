import { rmSync } from "node:fs";
import { join } from "node:path";
import { mostRecords } from "../document/record-epochs.ts";
import type { ArrayName, Experiment } from "../document/types.ts";
import type { AddedRun, EndBlock, RecordBlock, Sink } from "../scheduler/sink.ts";
import { outcomesOf, probesTable, searchesTable } from "../search/outcomes.ts";
import { ArrayFile } from "./array-file.ts";
import { CsvFile } from "./csv-file.ts";
import { folderFiles, makeFolder } from "./folder.ts";
import { historyColumns, historyRows } from "./history-rows.ts";
import { writeManifest } from "./manifest.ts";
import { ParquetFile } from "./parquet-file.ts";
import type { LastRecord } from "./runs-table.ts";
import { runsTable } from "./runs-table.ts";
import { Spool } from "./spool.ts";
import { describedColumns } from "./swept-column.ts";
import type { Table } from "./table.ts";
import type { ColumnDescription, TableFile } from "./table-file.ts";
import type { Manifest } from "./types.ts";

export interface WriterOptions {
  /** Write runs.csv and history.csv too. */
  csv?: boolean;
}

/** What the writer is told when training is over. */
export interface Conclusion {
  status: "finished" | "interrupted" | "failed";
  seconds: number;
  kernels: Manifest["kernels"];
}

/**
 * Writes a results folder while training goes on: records into a spool, arrays in their places; tables at the end.
 * Memory does not grow with the number of records. Disk errors carry the folder's name.
 */
export class ResultsWriter implements Sink {
  readonly directory: string;
  readonly #experiment: Experiment;
  readonly #quantities: readonly string[];
  readonly #records: number;
  readonly #csv: boolean;
  readonly #spool: Spool;
  readonly #arrays = new Map<ArrayName, ArrayFile>();
  readonly #runs: AddedRun[];
  #manifest: Manifest;

  /** Makes the folder and writes a manifest that says `running`. */
  constructor(
    directory: string,
    experiment: Experiment,
    manifest: Pick<Manifest, "adapter" | "browser" | "versions" | "warnings">,
    { csv = false }: WriterOptions = {},
  ) {
    this.#experiment = experiment;
    this.#quantities = [...new Set(experiment.runs.flatMap(({ record }) => record.quantities))];
    this.#records = mostRecords(experiment);
    this.#csv = csv;
    this.#runs = experiment.search ? [] : [...experiment.runs];
    this.directory = naming(directory, () => makeFolder(directory));
    this.#manifest = {
      format: 1,
      name: experiment.name,
      document: experiment.document,
      ...manifest,
      seconds: 0,
      status: "running",
      kernels: {},
    };
    this.#spool = naming(directory, () => Spool.create(this.#path(folderFiles.spool), this.#quantities));
    naming(directory, () => writeManifest(this.directory, this.#manifest));
  }

  begin(runs: readonly AddedRun[]): void {
    this.#runs.push(...runs);
  }

  record(block: RecordBlock): void {
    naming(this.directory, () => {
      this.#spool.append(block);
      if (!block.ntk) return;
      const file = this.#array("ntk", this.#records, 2);
      eachItem(block.runs, block.ntk, (run, item) => file.write(run, block.record, item));
    });
  }

  end(block: EndBlock): void {
    naming(this.directory, () => {
      this.#spool.appendEnds(block);
      for (const name of ["predictor", "weights"] as const) {
        const items = block[name];
        if (!items) continue;
        const file = this.#array(name, undefined, 1);
        eachItem(block.runs, items, (run, item) => file.write(run, 0, item));
      }
    });
  }

  /** Turns the spool into tables, closes the arrays, and states the outcome in the manifest. */
  finish({ status, seconds, kernels }: Conclusion): { runs: Table; manifest: Manifest } {
    return naming(this.directory, () => {
      const last = this.#writeHistory();
      const { table, columns } = runsTable(this.#runs, this.#quantities, this.#spool.ends, last);
      this.#writeTables(folderFiles.runs, folderFiles.runsText, columns, [table]);
      this.#writeSearches(table);
      // How many steps a flow takes is known only now.
      const trimmed = this.#experiment.runs.some(({ train }) => train.method !== "gradient-descent");
      for (const file of this.#arrays.values()) file.finish({ trimmed });
      this.#spool.close();
      this.#manifest = { ...this.#manifest, status, seconds, kernels };
      writeManifest(this.directory, this.#manifest);
      if (status === "finished") rmSync(this.#path(folderFiles.spool));
      return { runs: table, manifest: this.#manifest };
    });
  }

  #writeHistory(): ReadonlyMap<number, LastRecord> {
    const last = new Map<number, LastRecord>();
    const quantities = this.#quantities;
    const batches = function* (spool: Spool): Generator<Table> {
      for (const records of spool.inOrder()) {
        const rows = historyRows(records, quantities);
        rememberLast(last, rows, quantities);
        yield rows;
      }
    };
    const columns = historyColumns(quantities);
    this.#writeTables(folderFiles.history, folderFiles.historyText, columns, batches(this.#spool));
    return last;
  }

  /** What the search has found, which is all in the runs table, for whoever reads no code. */
  #writeSearches(runs: Table): void {
    const { search } = this.#experiment;
    if (!search || runs.rows === 0) return;
    const outcomes = outcomesOf(search.specification, runs);
    const searches = searchesTable(search.specification, outcomes);
    const probes = probesTable(search.specification, outcomes);
    this.#writeTables(folderFiles.searches, folderFiles.searchesText, describedColumns(searches), [searches]);
    this.#writeTables(folderFiles.probes, folderFiles.probesText, describedColumns(probes), [probes]);
  }

  /** One table as Parquet, and as CSV beside it where that is asked for. */
  #writeTables(parquet: string, csv: string, columns: ColumnDescription[], batches: Iterable<Table>): void {
    const files: TableFile[] = [new ParquetFile(this.#path(parquet), columns)];
    if (this.#csv) files.push(new CsvFile(this.#path(csv), columns));
    try {
      for (const batch of batches) for (const file of files) file.write(batch);
      for (const file of files) file.finish();
    } catch (error) {
      for (const file of files) file.abandon();
      throw error;
    }
  }

  #array(name: ArrayName, records: number | undefined, rank: 1 | 2): ArrayFile {
    const existing = this.#arrays.get(name);
    if (existing) return existing;
    const path = this.#path(join(folderFiles.arrays, `${name}.npy`));
    const file = new ArrayFile(path, this.#experiment.runs.length, records, rank);
    this.#arrays.set(name, file);
    return file;
  }

  #path(name: string): string {
    return join(this.directory, name);
  }
}

function eachItem(runs: Uint32Array, items: Float32Array, take: (run: number, item: Float32Array) => void): void {
  const length = items.length / runs.length;
  runs.forEach((run, row) => take(run, items.subarray(row * length, (row + 1) * length)));
}

function rememberLast(last: Map<number, LastRecord>, { rows, columns }: Table, quantities: readonly string[]): void {
  const runs = columns.run as Int32Array;
  for (let row = 0; row < rows; row += 1) {
    if (row + 1 < rows && runs[row + 1] === runs[row]) continue;
    last.set(runs[row], {
      epoch: columns.epoch[row] as number,
      time: columns.time[row] as number,
      values: quantities.map((name) => columns[name][row] as number | null),
    });
  }
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
function naming<T>(directory: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(`cannot write to ${directory}: ${reasons[code] ?? message}`, { cause: error });
  }
}
