import { peakDispatch } from "../../src/kernels/peak-dispatch.ts";
import { type Planner, encode } from "../../src/plan/planner.ts";
import { median } from "../statistics.ts";
import { read, timeSubmit } from "./submission.ts";

const FEW = 100;
const MANY = 1100;
const REPEATS = 9;
const SUBMITS = 50;

async function counter(planner: Planner) {
  const count = planner.buffer("count", 4);
  return {
    count,
    dispatch: await planner.dispatch(peakDispatch, { params: { increment: 1 }, bind: { count } }),
  };
}

/**
 * Microseconds that one more dispatch takes: the slope over submits of few and of many, so that what a submit costs
 * drops out.
 *
 * @throws Error when not all of them ran
 */
export async function dispatchCost(planner: Planner): Promise<number> {
  const { count, dispatch } = await counter(planner);
  const costs: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const few = await timeSubmit(planner.device, dispatch, FEW);
    const many = await timeSubmit(planner.device, dispatch, MANY);
    costs.push((1000 * (many - few)) / (MANY - FEW));
  }
  const [counted] = new Uint32Array(await read(planner.device, count, 4));
  if (counted !== REPEATS * (FEW + MANY))
    throw new Error(`the adapter ran ${counted} dispatches of ${REPEATS * (FEW + MANY)}`);
  return median(costs);
}

/**
 * Microseconds of a round trip: one dispatch encoded and submitted, its result copied, mapped and read.
 *
 * @throws Error when a result is wrong
 */
export async function submitCost(planner: Planner): Promise<number> {
  const { count, dispatch } = await counter(planner);
  const { device } = planner;
  const staging = device.buffer("staging", 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  const costs: number[] = [];
  try {
    for (let k = 1; k <= SUBMITS; k++) {
      const begun = performance.now();
      const encoder = device.gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encode(pass, dispatch, 0);
      pass.end();
      encoder.copyBufferToBuffer(count, 0, staging, 0, 4);
      device.gpu.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const [counted] = new Uint32Array(staging.getMappedRange().slice(0, 4));
      staging.unmap();
      costs.push(1000 * (performance.now() - begun));
      if (counted !== k) throw new Error(`the adapter counted ${counted} submits of ${k}`);
    }
  } finally {
    device.release(staging);
  }
  return median(costs);
}
