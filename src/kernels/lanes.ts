/** How work is cut into invocations; what suits GPUs and what suits software adapters is decided here. */

import { type Choice, offered } from "./choice.ts";
import { type Kernel, ceilDiv } from "./kernel.ts";

/** The most entries of a row that an invocation of a tiled kernel holds in registers (shaders/residual.wgsl). */
const WIDEST = 13;

/** Entries of a row that an invocation of a tiled kernel owns: as few groups as can be, evenly filled. */
export function tileWidth(size: number, lanes: number): number {
  const width = ceilDiv(size, lanes);
  return ceilDiv(width, ceilDiv(width, WIDEST));
}

/** Products of a matrix's entry and a vector's, in one update of all runs, that cost less than two dispatches. */
const SMALL = 4096;

/** True where updates cost less one workgroup a run, many a dispatch, than in tiles of runs, two dispatches each. */
export const runsAlone = (rows: number, samples: number, inputs: number): boolean =>
  rows * samples * inputs <= SMALL;

/** Products of a weight and a sample, in all of a training, that cost less than compiling whole steps of ReLU networks. */
const FEW_PRODUCTS = 2 ** 30;

/** True where whole steps of ReLU networks, compiled in seconds on a software adapter, save more than that. */
export const wholeStepsPay = (products: number): boolean => products > FEW_PRODUCTS;

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
  return { variants: lanes.map(variant), standard: variant(addingLanes(software, length, lanes[0]!)) };
}
