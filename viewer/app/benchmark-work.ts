/** Measures in a worker: neither does it freeze the page, nor the page's drawing slow it down. */

import { engines } from "../../bench/engines/registry.ts";
import { measure } from "../../bench/measure.ts";
import { arithmeticOf, measurePeaks, type Peaks } from "../../bench/peaks/peaks.ts";
import type { Row } from "../../bench/row.ts";
import { workloadOf } from "../../bench/workloads/registry.ts";
import { openDevice } from "../../src/engine.ts";
import { AdapterError, type AdapterReport } from "../../src/gpu/adapter.ts";

export interface BenchmarkRequest {
  /** What is measured, in order. */
  points: { workload: string; runs: number }[];
  /** Whether other libraries are measured, too. */
  peers: boolean;
  /** Seconds that the repeats of one point may take. */
  seconds: number;
}

/** What the worker has to say, in order: the adapter and its limits, rows and what comes next, the end. */
export type BenchmarkNews =
  | { kind: "limits"; adapter: AdapterReport; peaks: Peaks }
  | { kind: "next"; place: number }
  | { kind: "rows"; rows: Row[] }
  | { kind: "done" }
  | { kind: "failed"; message: string; noAdapter: boolean };

const tell = (news: BenchmarkNews) => postMessage(news);

async function work({ points, peers, seconds }: BenchmarkRequest): Promise<void> {
  const device = await openDevice({ gpu: navigator.gpu });
  const peaks = await measurePeaks(device);
  const measured = peers
    ? [...engines, ...(await import("../../bench/engines/webgpu-peers.ts")).webgpuPeers]
    : engines;
  tell({ kind: "limits", adapter: device.adapter, peaks });
  for (const [place, { workload, runs }] of points.entries()) {
    tell({ kind: "next", place });
    const peak = arithmeticOf(peaks);
    const rows = await measure(workloadOf(workload), runs, measured, device, { seconds, peak });
    tell({ kind: "rows", rows });
  }
  tell({ kind: "done" });
}

addEventListener("message", ({ data }: MessageEvent<BenchmarkRequest>) => {
  work(data).catch((error: Error) =>
    tell({ kind: "failed", message: error.message, noAdapter: error instanceof AdapterError }),
  );
});
