import type { Device } from "../../src/gpu/device.ts";
import { Planner } from "../../src/plan/planner.ts";
import { arithmeticPeak } from "./arithmetic.ts";
import { bandwidthPeak } from "./bandwidth.ts";
import { dispatchCost, submitCost } from "./overhead.ts";

/** What an adapter can do at most, and what it takes for nothing: the limits that training lives within. */
export interface Peaks {
  /** Multiplications and additions on scalars and on vectors of four, no load among them. */
  scalar_gflops: number;
  vector_gflops: number;
  /** Bytes read and written, in large streams. */
  bandwidth_gb_per_s: number;
  /** One more dispatch in a pass, each needing the one before. */
  dispatch_us: number;
  /** A submit of one dispatch, from its encoding until its result can be read. */
  submit_us: number;
}

/** Measures an adapter's limits, in about two seconds. Every result is read back and checked. */
export async function measurePeaks(device: Device): Promise<Peaks> {
  const planner = new Planner(device, {});
  try {
    return {
      scalar_gflops: await arithmeticPeak(planner, "scalar"),
      vector_gflops: await arithmeticPeak(planner, "vector"),
      bandwidth_gb_per_s: await bandwidthPeak(planner),
      dispatch_us: await dispatchCost(planner),
      submit_us: await submitCost(planner),
    };
  } finally {
    planner.release();
  }
}

/** The arithmetic peak that rows are compared with. */
export const arithmeticOf = ({ scalar_gflops, vector_gflops }: Peaks): number =>
  Math.max(scalar_gflops, vector_gflops);
