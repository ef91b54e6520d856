import type { Planner } from "../plan/planner.ts";
import { ceilDiv } from "../wgsl/kernel.ts";

/** Bytes of gradients of single samples at a time. */
const TANGENT_BYTES = 32 * 2 ** 20;

/** Of how many weights gradients of single samples are formed at once: what memory allows, and an axis of a dispatch. */
export function weightsAtOnce({ device }: Planner, weights: number, bytesOfOne: number): number {
  const axis = device.gpu.limits.maxComputeWorkgroupsPerDimension;
  return Math.max(1, Math.min(weights, Math.floor(TANGENT_BYTES / bytesOfOne), axis));
}

/** Parts of the samples of all outputs, of each of which so many networks have a workgroup along an axis of a dispatch. */
export function signalParts({ device }: Planner, signals: number, networks: number) {
  const axis = device.gpu.limits.maxComputeWorkgroupsPerDimension;
  const count = Math.max(1, Math.min(signals, Math.floor(axis / networks)));
  return Array.from({ length: ceilDiv(signals, count) }, (_, part) => ({
    first_signal: part * count,
    signal_count: Math.min(count, signals - part * count),
  }));
}
