import { peakArithmeticResult, peakScalar, peakVector } from "../../src/kernels/peak-arithmetic.ts";
import type { Planner } from "../../src/plan/planner.ts";
import { read, timeSubmit } from "./submission.ts";

/** Enough invocations to fill any GPU. */
const GROUPS = 1024;
const LANES = 64;
/** Milliseconds of a dispatch that is long enough to be timed. */
const LONG = 40;
const REPEATS = 5;
/** Results stay exact: 4 * (28 + 64 iterations) < 2^24. */
const MOST_ITERATIONS = 2 ** 15;

const kinds = {
  scalar: { kernel: peakScalar, components: 1 },
  vector: { kernel: peakVector, components: 4 },
};

/**
 * The most GFLOP/s seen on scalars or on vectors of four.
 *
 * @throws Error when the adapter's results are wrong
 */
export async function arithmeticPeak(planner: Planner, kind: keyof typeof kinds): Promise<number> {
  const { kernel, components } = kinds[kind];
  const invocations = GROUPS * LANES;
  const out = planner.buffer(`${kind} peak`, 4 * invocations);
  const timed = async (iterations: number) => {
    const dispatch = await planner.dispatch(kernel, {
      overrides: { LANES },
      params: { factor: 1, term: 1, iterations },
      bind: { out },
      shape: () => ({ groups: GROUPS }),
    });
    const milliseconds = await timeSubmit(planner.device, dispatch);
    const results = new Float32Array(await read(planner.device, out, 4 * invocations));
    if (!results.every((value) => value === peakArithmeticResult(iterations, components)))
      throw new Error(`the adapter's ${kind} multiply-adds are wrong`);
    return milliseconds;
  };
  let iterations = 16;
  while (iterations < MOST_ITERATIONS && (await timed(iterations)) < LONG) iterations *= 2;
  let best = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const milliseconds = await timed(iterations);
    best = Math.max(best, kernel.flops!({ invocations, iterations }) / milliseconds / 1e6);
  }
  return best;
}
