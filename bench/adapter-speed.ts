/** How fast an adapter is, in a few words: what `alphasweep doctor` tells of each. */

import type { TrainerOptions } from "../src/cli/runtimes/open-trainer.ts";
import type { Runtime } from "../src/cli/runtimes/trainer.ts";
import { adapterLine } from "../src/cli/training/training.ts";
import type { AdapterReport } from "../src/gpu/adapter.ts";
import { arithmeticOf } from "./peaks/peaks.ts";
import { openPlace } from "./place.ts";

/** One training step that says what an adapter is worth. */
const workload = "diagonal-100x250";
const runs = 64;
const seconds = 1;

/**
 * Opens an adapter, measures its limits and a training step, and closes it.
 *
 * @returns what it is, and what it does, a line each
 * @throws BrowserError, AdapterError, or Interrupted
 */
export async function measureAdapter(runtime: Runtime, options: TrainerOptions): Promise<[string, string]> {
  const place = await openPlace(runtime, options);
  try {
    const { adapter } = place;
    const peaks = await place.peaks();
    const peak = arithmeticOf(peaks);
    const [row] = await place.measure({ workload, runs, peers: "none", seconds, tuning: false, peak });
    const time = row.us_per_step?.median;
    const step =
      time === undefined
        ? (row.error ?? "no step was measured")
        : `a step of ${runs} runs of 100 x 250 takes ${Math.round(time)} us`;
    return [
      adapterLine(adapter as unknown as AdapterReport, String(adapter.browser)),
      [
        step,
        `at most ${peak.toFixed(1)} GFLOP/s`,
        `memory ${peaks.bandwidth_gb_per_s.toFixed(1)} GB/s`,
        `a dispatch ${peaks.dispatch_us.toFixed(1)} us`,
      ].join(", "),
    ];
  } finally {
    await place.close();
  }
}
