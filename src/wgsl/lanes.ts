/** How work is cut into invocations; what suits GPUs and what suits software adapters is decided here. */

import { type Choice, offered } from "./choice.ts";
import type { Kernel } from "./kernel.ts";

/** What work is cut by where nothing is known to be faster. */
export interface Tiling {
  /** Use the tiled kernels: runs share data, or a load is dear. */
  tiled: boolean;
  /** Lanes of a workgroup in tiled kernels. */
  lanes: number;
  software: boolean;
  /** Whether four neighbouring invocations may trade what they have loaded. */
  quads: boolean;
  /** Whether one load of four numbers that lie side by side costs less than four loads. */
  fours: boolean;
  /** Invocations that a vector of a software adapter holds: runs that take a step together, where each is an invocation's. */
  vector: number;
}

/** Products of a matrix's entry and a vector's, in one update of all runs, that cost less than two dispatches. */
const SMALL = 4096;

/** True where so many products an update cost less one workgroup a run, many updates a dispatch, than in tiles of runs. */
export const runsAlone = (products: number): boolean => products <= SMALL;

/** Products of a sample and a weight, in all of a training, that cost less than compiling steps that own their run. */
const FEW_PRODUCTS = 2 ** 26;

/** True where steps that own their run, compiled in a few tenths of a second, save more than that. */
export const ownStepsPay = (products: number): boolean => products > FEW_PRODUCTS;

/** True where an invocation may own a run: neighbours trade loads, and a judge adds up by four lanes. */
export const ownsRuns = ({ tiled, software, quads }: Tiling, samples: number): boolean =>
  tiled && software && quads && addingLanes(software, samples, 64) === FEW;

/** Terms that a lane may add one after the other: their rounding stays that of a thousand. */
const LONGEST = 1024;
/** Lanes of a software adapter: those of one vector of its own, which wait for nobody. */
const FEW = 4;

/** Invocations that add up `length` terms: `most`, or few where a barrier is dear and the sum is short. */
export const addingLanes = (software: boolean, length: number, most: number): number =>
  software && length <= FEW * LONGEST ? FEW : most;

/** Ways to add up `length` terms with a kernel whose record offers its numbers of lanes, the most first. */
export function addersOf(kernel: Kernel, software: boolean, length: number): Choice {
  const lanes = offered(kernel, "LANES");
  const variant = (LANES: number) => ({ kernel, overrides: { LANES } });
  return { variants: lanes.map(variant), standard: variant(addingLanes(software, length, lanes[0])) };
}
