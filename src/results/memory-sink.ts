/** Results in memory: what training hands to figures, or to a program, while it goes on. Runs in Node and in pages. */

import { mostRecords } from "../document/record-epochs.ts";
import type { ArrayName, Experiment, Json } from "../document/types.ts";
import { arrayKinds, arrayNames } from "../quantities/arrays.ts";
import { sweptColumn } from "./swept-column.ts";
import type { Column, Table } from "../document/table.ts";
import type { DenseArray, Manifest, Results } from "./types.ts";
import type {
  AddedRun,
  BlockArrays,
  EndBlock,
  Progress,
  RecordBlock,
  RunStatus,
  Sink,
} from "../scheduler/sink.ts";

export interface MemoryOptions {
  /** Arrays that are kept of those that the document records; all where left out. */
  arrays?: readonly ArrayName[];
  /** A larger array is not kept, and `notes` says so: 512 MiB where left out. */
  mostArrayBytes?: number;
}

const firstRows = 1024;

/** A column that grows at its end. */
class GrowingColumn {
  #values = new Float64Array(firstRows);
  #length = 0;

  append(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) {
      const longer = new Float64Array(Math.max(length, 2 * this.#values.length));
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** What is there now; later appends do not change it. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

interface End {
  status: RunStatus;
  epochs: number;
  time: number;
}

/** A sink that keeps columns and arrays in memory; `results` gives what has come so far as figures take it. */
export class MemorySink implements Sink {
  /** Counts what has come; a drawing of this revision is up to date. */
  revision = 0;
  progressed: Progress | undefined;
  /** What was not kept, a sentence each. */
  readonly notes: string[] = [];

  readonly #experiment: Experiment;
  readonly #runs: AddedRun[] = [];
  readonly #quantities: readonly string[];
  readonly #history: Record<string, GrowingColumn>;
  readonly #last: Record<string, Float64Array> = {};
  readonly #ends = new Map<number, End>();
  #rows = 0;
  readonly #arrays: Partial<Record<ArrayName, DenseArray | undefined>> = {};
  readonly #wanted: readonly ArrayName[];
  readonly #mostArrayBytes: number;

  constructor(
    experiment: Experiment,
    { arrays = arrayNames, mostArrayBytes = 512 * 2 ** 20 }: MemoryOptions = {},
  ) {
    const { runs } = experiment;
    this.#wanted = arrays;
    this.#mostArrayBytes = mostArrayBytes;
    this.#experiment = experiment;
    this.#quantities = runs[0].record.quantities;
    const names = ["run", "epoch", "time", ...this.#quantities];
    this.#history = Object.fromEntries(names.map((name) => [name, new GrowingColumn()]));
    this.#add(experiment.search ? [] : runs);
  }

  begin(runs: readonly AddedRun[]): void {
    this.#add(runs);
    this.revision++;
  }

  #add(runs: readonly AddedRun[]): void {
    this.#runs.push(...runs);
    for (const name of ["epoch", "time", ...this.#quantities]) {
      const longer = new Float64Array(this.#runs.length).fill(NaN);
      longer.set(this.#last[name] ?? []);
      this.#last[name] = longer;
    }
  }

  record(block: RecordBlock): void {
    const columns: Record<string, ArrayLike<number>> = {
      run: block.runs,
      epoch: block.epoch,
      time: block.time,
      ...block.quantities,
    };
    for (const [name, column] of Object.entries(this.#history)) {
      const values = columns[name] ?? new Float64Array(block.runs.length).fill(NaN);
      column.append(values);
      if (name !== "run") block.runs.forEach((run, k) => (this.#last[name][run] = values[k]));
    }
    this.#rows += block.runs.length;
    this.#keep(block, block.record);
    this.revision++;
  }

  end({ runs, status, epochs, time, arrays }: EndBlock): void {
    runs.forEach((run, k) => this.#ends.set(run, { status: status[k], epochs: epochs[k], time: time[k] }));
    this.#keep({ runs, arrays }, 0);
    this.revision++;
  }

  progress(progress: Progress): void {
    this.progressed = progress;
  }

  /** Everything so far. */
  results(manifest: Manifest): Results {
    return {
      manifest,
      runs: this.#runsTable(manifest.status === "running" ? "running" : null),
      history: {
        rows: this.#rows,
        columns: Object.fromEntries(
          Object.entries(this.#history).map(([name, column]) => [name, column.values]),
        ),
      },
      arrays: Object.fromEntries(Object.entries(this.#arrays).filter(([, array]) => array)),
    };
  }

  /** @param unfinished the status of runs that have not ended */
  #runsTable(unfinished: "running" | null): Table {
    const runs = this.#runs;
    const column = (of: (run: number) => number): Float64Array =>
      Float64Array.from(runs, ({ index }) => of(index));
    const swept = Object.keys(runs[0]?.swept ?? {}).map((path): [string, Column] => [
      path,
      sweptColumn(runs.map((run): Json => run.swept[path])).column,
    ]);
    const ends = this.#ends;
    return {
      rows: runs.length,
      columns: {
        run: Int32Array.from(runs, ({ index }) => index),
        ...Object.fromEntries(swept),
        status: runs.map(({ index }) => ends.get(index)?.status ?? unfinished),
        epochs: column((run) => ends.get(run)?.epochs ?? this.#last.epoch[run]),
        time: column((run) => ends.get(run)?.time ?? this.#last.time[run]),
        ...Object.fromEntries(this.#quantities.map((name) => [name, this.#last[name].slice()])),
      },
    };
  }

  /** An array has room for every record that can come, and NaN where none has. */
  #keep(
    { runs, arrays = {} }: { runs: Uint32Array; arrays?: BlockArrays | undefined },
    record: number,
  ): void {
    for (const name of this.#wanted) {
      const block = arrays[name];
      if (!block) continue;
      const isHistory = arrayKinds[name].when === "record";
      const records = isHistory ? mostRecords(this.#experiment) : 1;
      const array = this.#arrayFor(name, [...(isHistory ? [records] : []), ...block.shape]);
      const entries = block.data.length / runs.length;
      runs.forEach((run, k) =>
        array?.data.set(
          block.data.subarray(k * entries, (k + 1) * entries),
          (run * records + record) * entries,
        ),
      );
    }
  }

  /** [runs, ...rest], NaN where nothing has come: longer where a search has added runs; undefined where it is too large. */
  #arrayFor(name: ArrayName, rest: number[]): DenseArray | undefined {
    const known = this.#arrays[name];
    if (name in this.#arrays && (!known || known.shape[0] === this.#runs.length)) return known;
    const shape = [this.#runs.length, ...rest];
    const length = shape.reduce((product, side) => product * side, 1);
    if (length * Float32Array.BYTES_PER_ELEMENT > this.#mostArrayBytes) {
      this.notes.push(
        `The array "${name}" is too large to be kept in memory; the command writes it to a file.`,
      );
      return (this.#arrays[name] = undefined);
    }
    const data = new Float32Array(length).fill(NaN);
    data.set(known?.data ?? []);
    return (this.#arrays[name] = { shape, data });
  }
}
