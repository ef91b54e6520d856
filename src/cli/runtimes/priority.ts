import { setPriority } from "node:os";

/** As low as there is. */
export const LOWEST = 19;

/** Milliseconds in which answers to small dispatches come: until then nobody rests. */
const SOON = 0.5;
/** Of what has been waited already, a rest may add this share, and at most so many milliseconds. */
const SHARE = 1 / 10;
const LONGEST = 3;

/** Milliseconds to rest where an answer has been waited for so many already. */
export const restAfter = (waited: number): number => (waited < SOON ? 0 : Math.min(LONGEST, SHARE * waited));

/**
 * Leaves the cores to a software adapter. While something of a device is awaited, Dawn asks for it at every turn of the event loop,
 * which takes this thread a core: half of what the adapter's own threads compute with on two. So it has the lowest priority, and rests
 * between turns once a wait is a long one: even a thread of low priority stays in the way of those that wake. To rest from the first would
 * leave them a processor that has to be woken for every small dispatch. The adapter's threads keep the priority that they began with.
 *
 * Linux alone has priorities of threads; only a superuser could take it back.
 */
export function stepBack(): void {
  if (process.platform === "linux") setPriority(LOWEST);
  if (rests) return;
  rests = true;
  const { onSubmittedWorkDone } = GPUQueue.prototype;
  GPUQueue.prototype.onSubmittedWorkDone = function () {
    return restingFor(onSubmittedWorkDone.call(this));
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (...parameters) {
    return restingFor(mapAsync.apply(this, parameters));
  };
}

let rests = false;
let turns = false;
/** Answers that are awaited, and since when the next one is. */
let awaited = 0;
let since = 0;
const cell = new Int32Array(new SharedArrayBuffer(4));

/** The same promise: until it is settled, turns of the event loop rest. */
export function restingFor<T>(answer: Promise<T>): Promise<T> {
  if (!turns) setImmediate(turn);
  turns = true;
  awaited += 1;
  since = performance.now();
  const answered = () => {
    awaited -= 1;
    since = performance.now();
  };
  answer.then(answered, answered);
  return answer;
}

function turn(): void {
  turns = awaited > 0;
  if (!turns) return;
  const rest = restAfter(performance.now() - since);
  if (rest > 0) Atomics.wait(cell, 0, 0, rest);
  setImmediate(turn);
}
