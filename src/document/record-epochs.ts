import type { Experiment, RecordEvery, TrainSpecification } from "./types.ts";

/**
 * The epochs at which a run is recorded, increasing: every k-th, or `log` of them spaced in the logarithm of the epoch
 * (fewer where they round to the same epoch). Epoch 0 and the last are always among them.
 */
export function recordEpochs(every: RecordEvery, epochs: number): Uint32Array {
  const recorded = typeof every === "number" ? regular(every, epochs) : logarithmic(every.log, epochs);
  if (recorded.at(-1) !== epochs) recorded.push(epochs);
  return Uint32Array.from(recorded);
}

/** At most this many records come of it; exact for a number of epochs. Costs nothing. */
export function recordBound(every: RecordEvery, train: TrainSpecification): number {
  const last = train.method === "gradient-descent" ? train.epochs : train.maxSteps;
  return typeof every === "number" ? Math.ceil(last / every) + 1 : Math.min(every.log + 2, last + 1);
}

/** The most records that a run of the experiment can have: the second axis of ntk.npy. Exact under descent. */
export function mostRecords({ runs }: Pick<Experiment, "runs">): number {
  // Runs by the thousand share a few schedules, and a schedule may be long.
  const schedules = new Map<string, number>();
  for (const { record, train } of runs) {
    const key = JSON.stringify([
      record.every,
      train.method === "gradient-descent" ? train.epochs : train.maxSteps,
    ]);
    if (schedules.has(key)) continue;
    const descends = train.method === "gradient-descent";
    schedules.set(
      key,
      descends ? recordEpochs(record.every, train.epochs).length : recordBound(record.every, train),
    );
  }
  return Math.max(0, ...schedules.values());
}

const regular = (every: number, epochs: number): number[] =>
  Array.from({ length: Math.floor(epochs / every) + 1 }, (_, k) => k * every);

function logarithmic(count: number, epochs: number): number[] {
  const recorded = [0];
  for (let i = 0; i < count && epochs > 0; i++) {
    const epoch = Math.round(epochs ** (count > 1 ? i / (count - 1) : 0));
    if (epoch > recorded.at(-1)!) recorded.push(epoch);
  }
  return recorded;
}
