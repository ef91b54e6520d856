/** The records of shards as those of one sweep. */

import { join } from "node:path";
import { DocumentError } from "../document/error.ts";
import type { Experiment, Search } from "../document/types.ts";
import { folderFiles } from "../results/folder.ts";
import { type RecordRows, type RunEnd, rowsAtOnce, Spool } from "../results/spool.ts";
import type { Records } from "../results/tables.ts";
import type { AddedRun } from "../scheduler/sink.ts";
import { addProbes, isSearched, wantedNext } from "../search/driver.ts";
import { trialOf } from "../search/outcomes.ts";
import type { Probe } from "../search/probe.ts";
import { roundOf } from "../search/run-search.ts";
import type { TrainedShard } from "./shards.ts";

/** Where a run of the sweep is: a shard's place in the list, and the run's number there. */
interface Source {
  shard: number;
  run: number;
}

/** Reads one shard after the other: memory grows with the number of runs alone. */
export class ShardRecords implements Records {
  readonly runs: readonly AddedRun[];
  readonly ends = new Map<number, RunEnd>();
  readonly rows: number;
  readonly #shards: readonly TrainedShard[];
  readonly #sources: readonly Source[];
  readonly #width: number;

  /** @throws DocumentError that names a shard whose records are damaged, or not all there */
  constructor(experiment: Experiment, shards: readonly TrainedShard[]) {
    this.#shards = shards;
    const { search } = experiment;
    const summaries = shards.map((shard) => summaryOf(shard, search));
    const [runs, sources] = search
      ? searchedRuns(experiment, search, shards, summaries)
      : [experiment.runs, sweptRuns(shards)];
    this.runs = runs;
    this.#sources = sources;
    sources.forEach(({ shard, run }, place) => {
      const end = summaries[shard].ends.get(run);
      if (!end) throw damaged(shards[shard], `run ${run} has not ended`);
      this.ends.set(place, end);
    });
    this.rows = summaries.reduce((sum, { rows }) => sum + rows, 0);
    this.#width = summaries[0].width;
  }

  *inOrder(): Generator<RecordRows> {
    const width = this.#width;
    const bytes = 8 * width;
    const left = this.#shards.map(() => 0);
    for (const { shard } of this.#sources) left[shard] += 1;
    const open = new Map<number, Cursor>();
    // Copied as bytes: a float64 copy may change the bits of a NaN, and with them what marks a missing value.
    let values = new Float64Array(rowsAtOnce * width);
    let batch = new Uint8Array(values.buffer);
    let filled = 0;
    try {
      for (const [place, { shard, run }] of this.#sources.entries()) {
        const cursor = open.get(shard) ?? new Cursor(this.#shards[shard], this.#rowsOfACursor());
        open.set(shard, cursor);
        for (const row of cursor.take(run)) {
          batch.set(row, filled * bytes);
          values[filled * width] = place;
          filled += 1;
          if (filled < rowsAtOnce) continue;
          yield { rows: filled, width, values };
          values = new Float64Array(rowsAtOnce * width);
          batch = new Uint8Array(values.buffer);
          filled = 0;
        }
        left[shard] -= 1;
        if (left[shard] > 0) continue;
        cursor.close();
        open.delete(shard);
      }
    } finally {
      for (const cursor of open.values()) cursor.close();
    }
    if (filled > 0) yield { rows: filled, width, values: values.subarray(0, filled * width) };
  }

  /** Runs of a sweep come shard by shard; those of a search from all shards in turn. */
  #rowsOfACursor(): number {
    const isInTurn = this.#sources.some(({ shard }, place) => shard < (this.#sources[place - 1]?.shard ?? 0));
    return isInTurn ? Math.max(256, Math.ceil(rowsAtOnce / this.#shards.length)) : rowsAtOnce;
  }
}

/** Goes through a shard's records, a run at a time. */
class Cursor {
  readonly #spool: Spool;
  readonly #batches: Generator<RecordRows>;
  #batch: RecordRows = { rows: 0, width: 1, values: new Float64Array() };
  #row = 0;

  constructor(shard: TrainedShard, rows: number) {
    this.#spool = openSpool(shard);
    this.#batches = this.#spool.inOrder(rows);
  }

  /** The rows of the next run, which has this number. */
  *take(run: number): Generator<Uint8Array> {
    for (;;) {
      if (this.#row >= this.#batch.rows) {
        const next = this.#batches.next();
        if (next.done) return;
        [this.#batch, this.#row] = [next.value, 0];
      }
      const { values, width } = this.#batch;
      if (values[this.#row * width] !== run) return;
      yield new Uint8Array(values.buffer, values.byteOffset + 8 * this.#row * width, 8 * width);
      this.#row += 1;
    }
  }

  close(): void {
    this.#spool.close();
  }
}

interface Summary {
  rows: number;
  width: number;
  ends: ReadonlyMap<number, RunEnd>;
  /** Of a search: what every trial has come to, by number of the run. */
  trials: number[];
}

function summaryOf(shard: TrainedShard, search: Search | undefined): Summary {
  const spool = openSpool(shard);
  try {
    const { rows, ends, quantities } = spool;
    const trials: number[] = [];
    const place = search ? quantities.indexOf(search.specification.quantity) - quantities.length : 0;
    if (search)
      for (const batch of spool.inOrder())
        for (let row = 0; row < batch.rows; row += 1) {
          const run = batch.values[row * batch.width];
          trials[run] = trialOf(batch.values[(row + 1) * batch.width + place], ends.get(run)?.status ?? "");
        }
    return { rows, width: 4 + quantities.length, ends, trials };
  } finally {
    spool.close();
  }
}

function openSpool(shard: TrainedShard): Spool {
  const path = join(shard.path, folderFiles.spool);
  try {
    return Spool.read(path, shard.manifest.shard.bytes ?? 0);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw damaged(shard, code === "ENOENT" ? `${path} is gone` : message);
  }
}

/** A shard that cannot be merged. */
export const damaged = ({ path }: TrainedShard, what: string): DocumentError =>
  new DocumentError(path, `is damaged (${what}); remove it, and train it again`);

const sweptRuns = (shards: readonly TrainedShard[]): Source[] =>
  shards.flatMap(({ manifest: { shard } }, k) =>
    Array.from({ length: shard.end - shard.first }, (_, run) => ({ shard: k, run: shard.first + run })),
  );

/** The runs of a search in the order of one that was not cut: round by round, in each point by point. */
function searchedRuns(
  experiment: Experiment,
  search: Search,
  shards: readonly TrainedShard[],
  summaries: readonly Summary[],
): [AddedRun[], Source[]] {
  const owners = search.points.map((_, point) =>
    shards.findIndex(({ manifest }) => isSearched({ part: manifest.shard }, point)),
  );
  const next = shards.map(() => 0);
  const probes = search.points.map((): Probe[] => []);
  const runs: AddedRun[] = [];
  const sources: Source[] = [];
  for (;;) {
    const wanted = wantedNext(search, probes);
    if (wanted.length === 0) return [runs, sources];
    for (const { index, swept } of roundOf(experiment, search, wanted, runs.length).runs)
      runs.push({ index, swept });
    const results = wanted.map(({ point }) =>
      Array.from({ length: search.specification.trials }, () => {
        const source = { shard: owners[point], run: next[owners[point]]++ };
        sources.push(source);
        const { ends, trials } = summaries[source.shard];
        if (!ends.has(source.run)) throw damaged(shards[source.shard], `run ${source.run} has not ended`);
        return trials[source.run];
      }),
    );
    addProbes(probes, wanted, results);
  }
}
