import type { Problem } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/**
 * A problem's training in a library that JavaScript calls once a step. The state is the weights of all runs, in arrays
 * of the library's own.
 */
export interface Stepped<State, Handle> {
  start(): State;
  /** Consumes the state. */
  step(state: State): State;
  /** Waits until the state has been computed. */
  settle(state: State): Promise<void>;
  /** What every run has come to, [runs, length], as an array of the library's; the state stays. */
  result(state: State): Handle;
  /** Consumes the array. */
  read(handle: Handle): Promise<Float32Array>;
  /** Consumes the state. */
  drop(state: State): void;
  release(): void;
}

/** Steps after which one waits for the device, unless the problem says: what is queued takes memory. */
const QUEUED = 200;

/** Times the steps, and the records where the problem asks for any: those are computed on the way and read at the end. */
export const trainStepped = <State, Handle>(
  { recordEvery, queued = QUEUED }: Problem,
  { start, step, settle, result, read, drop, release }: Stepped<State, Handle>,
): Trainer => ({
  fewestSteps: 1,
  seconds: 0.3,
  async train(steps) {
    let state = start();
    await settle(state);
    const records: Handle[] = [];
    const begun = performance.now();
    for (let done = 1; done <= steps; done++) {
      state = step(state);
      if (recordEvery && (done % recordEvery === 0 || done === steps)) records.push(result(state));
      if (done % queued === 0) await settle(state);
    }
    await settle(state);
    const recorded = await Promise.all(records.map(read));
    const milliseconds = performance.now() - begun;
    const results = recorded.at(-1) ?? (await read(result(state)));
    drop(state);
    return { microsecondsPerStep: (1000 * milliseconds) / steps, results };
  },
  release,
});
