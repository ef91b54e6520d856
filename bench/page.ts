/** The page that measures for the command, in headless Chrome. */

import { openDevice } from "../src/engine.ts";
import type { AdapterChoice } from "../src/gpu/adapter.ts";
import type { Device } from "../src/gpu/device.ts";
import { engines } from "./engines/registry.ts";
import { type MeasureOptions, measure } from "./measure.ts";
import { type Peaks, measurePeaks } from "./peaks/peaks.ts";
import type { Row } from "./row.ts";
import { workloadOf } from "./workloads/registry.ts";

/** What the page offers as `window.alphasweepBench`. */
export interface Bench {
  open(adapter: AdapterChoice): Promise<void>;
  peaks(): Promise<Peaks>;
  measure(request: { workload: string; runs: number } & MeasureOptions): Promise<Row[]>;
}

declare global {
  interface Window {
    alphasweepBench: Bench;
  }
}

let device: Device;

window.alphasweepBench = {
  open: async (adapter) => {
    device = await openDevice({ gpu: navigator.gpu, adapter });
  },
  peaks: () => measurePeaks(device),
  measure: ({ workload, runs, ...options }) => measure(workloadOf(workload), runs, engines, device, options),
};
