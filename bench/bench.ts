import { openDevice } from "../src/engine.ts";
import type { AdapterChoice, AdapterReport } from "../src/gpu/adapter.ts";
import type { Device } from "../src/gpu/device.ts";
import { engines } from "./engines/registry.ts";
import { type MeasureOptions, measure } from "./measure.ts";
import { type Peaks, measurePeaks } from "./peaks/peaks.ts";
import type { Row } from "./row.ts";
import { workloadOf } from "./workloads/registry.ts";

export interface MeasureRequest extends MeasureOptions {
  workload: string;
  runs: number;
  /** Whether other libraries do the same work, in turn. */
  peers: boolean;
}

/** What measures: in a page for the command, or in the command's own process. */
export interface Bench {
  open(adapter: AdapterChoice): Promise<AdapterReport>;
  peaks(): Promise<Peaks>;
  measure(request: MeasureRequest): Promise<Row[]>;
}

export function benchOn(gpu: GPU | undefined): Bench {
  let device: Device;
  return {
    open: async (adapter) => {
      device = await openDevice({ gpu, adapter });
      return device.adapter;
    },
    peaks: () => measurePeaks(device),
    async measure({ workload, runs, peers, ...options }) {
      const rivals = peers ? (await import("./engines/peers.ts")).peers : [];
      return measure(workloadOf(workload), runs, [...engines, ...rivals], device, options);
    },
  };
}
