/** Results in memory: what a run in the page hands to its figures while it trains. */

import { mostRecords } from "../../src/document/record-epochs.ts";
import type { Experiment, Json } from "../../src/document/types.ts";
import { sweptColumn } from "../../src/results/swept-column.ts";
import type { Column, Table } from "../../src/document/table.ts";
import { drawnArrays } from "../../src/results/array-frames.ts";
import type { DenseArray, Manifest, Results } from "../../src/results/types.ts";
import type { AddedRun, EndBlock, Progress, RecordBlock, RunStatus, Sink } from "../../src/scheduler/sink.ts";

/** A larger array is not kept; a page has to live with other pages. */
const mostArrayBytes = 512 * 2 ** 20;

const firstRows = 1024;

/** Puts one record of some runs into an array of all. */
function putRecords(
  { shape, data }: DenseArray,
  runs: Uint32Array,
  record: number,
  values: Float32Array,
): void {
  const entries = values.length / runs.length;
  runs.forEach((run, k) =>
    data.set(values.subarray(k * entries, (k + 1) * entries), (run * shape[1] + record) * entries),
  );
}

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
  #ntk: DenseArray | undefined;
  readonly #recorded: Partial<Record<(typeof drawnArrays)[number], DenseArray | undefined>> = {};
  #predictor: DenseArray | undefined;

  constructor(experiment: Experiment) {
    const { runs } = experiment;
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
    if (block.arrays?.ntk) this.#keepKernels(block, block.arrays.ntk.data);
    for (const name of drawnArrays) this.#keepRecords(name, block);
    this.revision++;
  }

  end({ runs, status, epochs, time, arrays }: EndBlock): void {
    runs.forEach((run, k) => this.#ends.set(run, { status: status[k], epochs: epochs[k], time: time[k] }));
    if (arrays?.predictor) this.#keepPredictors(runs, arrays.predictor.data);
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
      arrays: {
        ...(this.#ntk && { ntk: this.#ntk }),
        ...Object.fromEntries(Object.entries(this.#recorded).filter(([, array]) => array)),
        ...(this.#predictor && { predictor: this.#predictor }),
      },
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

  /** The array has room for every record that can come, and NaN where none has. */
  #keepKernels({ runs, record }: RecordBlock, kernels: Float32Array): void {
    const entries = kernels.length / runs.length;
    const size = Math.sqrt(entries);
    this.#ntk ??= this.#emptyArray("tangent kernels", [mostRecords(this.#experiment), size, size]);
    if (this.#ntk) putRecords(this.#ntk, runs, record, kernels);
  }

  #keepRecords(name: (typeof drawnArrays)[number], { runs, record, arrays }: RecordBlock): void {
    const block = arrays?.[name];
    if (!block) return;
    this.#recorded[name] ??= this.#emptyArray(name, [mostRecords(this.#experiment), ...block.shape]);
    if (this.#recorded[name]) putRecords(this.#recorded[name], runs, record, block.data);
  }

  #keepPredictors(runs: Uint32Array, predictors: Float32Array): void {
    const inputs = predictors.length / runs.length;
    this.#predictor ??= this.#emptyArray("predictors", [inputs]);
    runs.forEach((run, k) =>
      this.#predictor?.data.set(predictors.subarray(k * inputs, (k + 1) * inputs), run * inputs),
    );
  }

  /** [runs, ...rest] of NaN; undefined, with a note, where that is too much for a page. */
  #emptyArray(name: string, rest: number[]): DenseArray | undefined {
    const shape = [this.#runs.length, ...rest];
    const length = shape.reduce((product, side) => product * side, 1);
    if (length * Float32Array.BYTES_PER_ELEMENT <= mostArrayBytes)
      return { shape, data: new Float32Array(length).fill(NaN) };
    const note = `The ${name} of this run are too many for a page; the command writes them to a file.`;
    if (!this.notes.includes(note)) this.notes.push(note);
    return undefined;
  }
}
