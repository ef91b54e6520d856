import { Interrupted } from "../src/cli/process/failure.ts";
import type { Runtime } from "../src/cli/runtimes/trainer.ts";
import type { AdapterChoice } from "../src/gpu/adapter.ts";
import { type Peaks, arithmeticOf } from "./peaks/peaks.ts";
import { openPlace } from "./place.ts";
import type { Point } from "./points.ts";
import type { ProfileRow } from "./profile.ts";
import type { Report, Row } from "./row.ts";

export interface BenchRequest {
  /** What is measured, in order. */
  points: readonly Point[];
  /** Seconds that the repeats of one number of runs may take. */
  seconds: number;
  /** Measure other libraries too. */
  peers: boolean;
  adapter: AdapterChoice;
  /** A part of an adapter's name, or its number, where it is not to be the first: of Dawn's. */
  device?: string;
  /** Choose this engine's kernels by measuring. */
  tuning: boolean;
  /** Time the dispatches of a step, too. */
  profile: boolean;
  runtime: Runtime;
  signal: AbortSignal;
  say(line: string): void;
  /** Called with what comes next, and how much there is in all. */
  next?(what: Point & { place: number; count: number }): void;
  opened?(adapter: Report["adapter"]): void;
  peaks?(peaks: Peaks): void;
  measured?(rows: Row[]): void;
  profiled?(rows: ProfileRow[]): void;
}

/**
 * Measures the adapter's limits first, then every point, and hands over each as it comes.
 *
 * @throws BrowserError, AdapterError, or Interrupted
 */
export async function runBench(request: BenchRequest): Promise<void> {
  const { points, peers, adapter: choice, tuning, signal, say, seconds } = request;
  const place = await openPlace(request.runtime, {
    adapter: choice,
    ...(request.device !== undefined && { device: request.device }),
    say,
    signal,
  });
  try {
    const { adapter } = place;
    request.opened?.(adapter);
    const peaks = await place.peaks();
    request.peaks?.(peaks);

    for (const [index, point] of points.entries()) {
      if (signal.aborted) throw new Interrupted();
      request.next?.({ ...point, place: index, count: points.length });
      const measured = await place.measure({ ...point, peers, seconds, tuning, peak: arithmeticOf(peaks) });
      request.measured?.(measured);
      if (request.profile) request.profiled?.(await place.profile(point));
    }
  } finally {
    await place.close();
  }
}
