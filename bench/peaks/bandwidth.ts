import { peakBandwidth } from "../../src/kernels/peak-bandwidth.ts";
import type { Planner } from "../../src/plan/planner.ts";
import { read, timeSubmit } from "./submission.ts";

/** Beyond the caches of most GPUs, and within WebGPU's guaranteed largest binding. */
const BYTES = 64 * 2 ** 20;
const GROUPS = 4096;
const LANES = 64;
const REPEATS = 5;
/** Milliseconds of a submit that is long enough to be timed. */
const LONG = 40;
const FACTOR = 3;

/**
 * The most gigabytes a second, read and written, that a stream through memory reaches.
 *
 * @throws Error when what was written is wrong
 */
export async function bandwidthPeak(planner: Planner): Promise<number> {
  const numbers = Float32Array.from({ length: BYTES / 4 }, (_, k) => k % 4093);
  const source = planner.filled("bandwidth source", numbers);
  const out = planner.buffer("bandwidth target", BYTES);
  const dispatch = await planner.dispatch(peakBandwidth, {
    overrides: { LANES },
    params: { factor: FACTOR, length: BYTES / 16, stride: GROUPS * LANES },
    bind: { source, out },
    shape: () => ({ groups: GROUPS }),
  });
  let count = 1;
  while ((await timeSubmit(planner.device, dispatch, count)) < LONG) count *= 2;
  let best = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const milliseconds = await timeSubmit(planner.device, dispatch, count);
    best = Math.max(best, (2 * BYTES * count) / milliseconds / 1e6);
  }
  const written = new Float32Array(await read(planner.device, out, BYTES));
  if (!written.every((value, k) => value === FACTOR * numbers[k]))
    throw new Error("the adapter's memory streams are wrong");
  return best;
}
