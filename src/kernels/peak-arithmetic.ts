import code from "../../shaders/peak_arithmetic.wgsl?raw";
import { type Shape, defineKernel } from "../wgsl/kernel.ts";

/** Chains of 8 multiply-adds an iteration, 8 of them an invocation. */
const STEPS = 8 * 8;

/** What an invocation leaves: the sum of its chains' starts, 0 + ... + 7, and one for every step. */
export const peakArithmeticResult = (iterations: number, components: number): number =>
  components * (28 + STEPS * iterations);

const shared = {
  file: "peak_arithmetic.wgsl",
  code,
  bindings: { params: "uniform", out: "read-write" },
  params: { factor: "f32", term: "f32", iterations: "u32" },
  overrides: { LANES: [64, 256] },
  grid: ({ groups }: Shape): [number] => [groups],
} as const;

/** Multiply-adds on scalars as fast as the adapter can. */
export const peakScalar = defineKernel({
  ...shared,
  entry: "scalar",
  flops: ({ invocations, iterations }) => 2 * STEPS * invocations * iterations,
});

/** The same on vectors of four. */
export const peakVector = defineKernel({
  ...shared,
  entry: "vector",
  flops: ({ invocations, iterations }) => 8 * STEPS * invocations * iterations,
});
