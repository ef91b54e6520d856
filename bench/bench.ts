import type { AdapterChoice, AdapterReport } from "../src/gpu/adapter.ts";
import type { Device } from "../src/gpu/device.ts";
import { alphasweep } from "./engines/alphasweep.ts";
import type { Engine } from "./engines/engine.ts";
import { engines } from "./engines/registry.ts";
import { type MeasureOptions, measure } from "./measure.ts";
import { type Peaks, measurePeaks } from "./peaks/peaks.ts";
import { type ProfileRow, profile } from "./profile.ts";
import type { Row } from "./row.ts";
import { workloadOf } from "./workloads/registry.ts";

export interface MeasureRequest extends MeasureOptions {
  workload: string;
  runs: number;
  /** Whether other libraries do the same work, in turn; `none` leaves out plain JavaScript, too. */
  peers: boolean | "none";
}

/** What measures: in a page for the command, or in the command's own process. */
export interface Bench {
  open(adapter: AdapterChoice): Promise<AdapterReport>;
  peaks(): Promise<Peaks>;
  measure(request: MeasureRequest): Promise<Row[]>;
  profile(request: Pick<MeasureRequest, "workload" | "runs">): Promise<ProfileRow[]>;
}

/**
 * @param openDevice a device of the kind asked for, each time another one
 * @param peersHere other libraries, as they are written for this place
 */
export function benchOn(
  openDevice: (adapter: AdapterChoice) => Promise<Device>,
  peersHere: () => Promise<{ peers: readonly Engine[] }>,
): Bench {
  let opened: { device: Device; adapter: AdapterChoice };
  const open = async (adapter: AdapterChoice) => {
    opened = { device: await openDevice(adapter), adapter };
    return opened.device.adapter;
  };
  return {
    open,
    peaks: () => opened.device.orLost(measurePeaks(opened.device)),
    async measure({ workload, runs, peers, ...options }) {
      // A row that lost its device is no reason for the next to fail.
      if (opened.device.isBroken) await open(opened.adapter);
      const others = peers === true ? (await peersHere()).peers : [];
      const all = peers === "none" ? [alphasweep] : [...engines, ...others];
      return measure(workloadOf(workload), runs, all, opened.device, options);
    },
    profile: ({ workload, runs }) => opened.device.orLost(profile(workload, runs, opened.device)),
  };
}
