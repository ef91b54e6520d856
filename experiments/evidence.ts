/** What claims are measured on: the results of built-in experiments. */

import type { Files } from "../src/data/kind.ts";
import type { Json, RunSpecification } from "../src/document/types.ts";
import type { Column } from "../src/document/table.ts";
import type { Results } from "../src/results/types.ts";
import { kernelFrames } from "../src/results/kernel-frames.ts";
import { historyRows, numberAt } from "../src/results/run-rows.ts";
import { specifiedRuns } from "../src/results/specified-runs.ts";

/** A document's results, with the bytes of the files that it names: enough to have its data again. */
export interface ReproducedResults extends Results {
  files: Files;
}

/** Results by the name of their document. */
export type Evidence = Readonly<Record<string, ReproducedResults>>;

/** One run of an experiment. */
export class RecordedRun {
  constructor(
    readonly results: ReproducedResults,
    /** Row of the runs table. */
    readonly row: number,
  ) {}

  /** What the document says of it, defaults filled in. */
  get specification(): RunSpecification {
    return specifiedRuns(this.results)[this.row];
  }

  get status(): Column[number] {
    return this.results.runs.columns.status[this.row];
  }

  /** The last value of a quantity, `epochs`, `time`, or the value of a swept path. */
  last(name: string): number {
    return numberAt(columnOf(this.results.runs.columns, name), this.row);
  }

  /** A quantity at every record. */
  series(name: string): Float64Array {
    const column = columnOf(this.results.history.columns, name);
    return Float64Array.from(historyRows(this.results)[this.row], (row) => numberAt(column, row));
  }

  /** A quantity's largest value over the records. */
  largest(name: string): number {
    return this.series(name).reduce((largest, value) => Math.max(largest, value), -Infinity);
  }

  /** The linear predictor at the end, [inputs]. */
  get predictor(): Float32Array {
    const { predictor } = this.results.arrays;
    if (!predictor) throw new Error("the results hold no predictors");
    const inputs = predictor.data.length / predictor.shape[0];
    return predictor.data.subarray(this.row * inputs, (this.row + 1) * inputs);
  }

  /** Tangent kernels at the first and at the last record. */
  get kernels(): { first: Float32Array; last: Float32Array } {
    const frames = kernelFrames(this.results, this.row);
    return { first: frames[0].kernel, last: frames.at(-1)!.kernel };
  }
}

function columnOf(columns: Record<string, Column>, name: string): Column {
  if (!Object.hasOwn(columns, name)) throw new Error(`the results hold no "${name}"`);
  return columns[name];
}

/** Every run, in the sweep's order. */
export const recordedRuns = (results: ReproducedResults): RecordedRun[] =>
  Array.from({ length: results.runs.rows }, (_, row) => new RecordedRun(results, row));

/**
 * The run at a point of the sweep.
 *
 * @param swept values by path; paths that are left out may have any
 * @throws Error unless there is exactly one
 */
export function recordedRun(results: ReproducedResults, swept: Readonly<Record<string, Json>>): RecordedRun {
  const found = recordedRuns(results).filter(({ row }) =>
    Object.entries(swept).every(([path, value]) => columnOf(results.runs.columns, path)[row] === value),
  );
  if (found.length !== 1) throw new Error(`${found.length} runs are at ${JSON.stringify(swept)}`);
  return found[0];
}
