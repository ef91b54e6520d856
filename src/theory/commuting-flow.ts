import { dualFlow, type DualFlow, type DualFlowOptions } from "./dual-flow.ts";
import type { ApartInitialization } from "./initialization.ts";
import type { LinearSystem } from "./linear-system.ts";

/** How a matrix model starts: every factor alpha I. */
export interface IdentityStart {
  /** Scale of the factors, > 0. */
  alpha: number;
  /** Factors D of W = W_D ... W_1, at least 2. Default 2. */
  depth?: number;
  /** W = U Uᵀ (depth 2). */
  symmetric?: boolean;
  /** W is that of one copy less that of another which starts equal. Default true. */
  unbiased?: boolean;
}

/** The same start of the diagonal network that singular values (eigenvalues) make. */
export function diagonalStart(
  { alpha, depth = 2, symmetric = false, unbiased = true }: IdentityStart,
  inputs: number,
): ApartInitialization {
  if (depth < 2 || (symmetric && depth !== 2))
    throw new RangeError(
      `depth is ${depth}; ${symmetric ? "U Uᵀ has depth 2" : "a factorization has at least 2"}`,
    );
  return unbiased ? { alpha, depth } : { alpha, depth, minus: new Float64Array(inputs) };
}

/** How many times slower a factorization moves than the diagonal network of its singular values. */
export const slowdown = ({ depth = 2, symmetric = false }: Omit<IdentityStart, "alpha">) =>
  symmetric ? 1 : depth;

/**
 * The exact flow of a matrix model from alpha I on the mean squared loss, where the measurements A_i = O diag(x_i) Pᵀ share their
 * singular vectors (O = P where it is not unbiased): W = O diag(beta) Pᵀ, with beta the diagonal network's of X = (x_i), D times
 * slower (U Uᵀ: as fast). Its end is `biasMinimizer`'s for `diagonalStart`.
 *
 * @param spectra X [m, r] and y: <A_i, W> = x_i . beta
 * @param options as `dualFlow`'s, times of the matrix model
 * @throws as `dualFlow`, and RangeError for a depth below 2
 * @source Gunasekar et al. 2017, Theorem 1 (U Uᵀ); Arora et al. 2019, Theorem 2 (deeper)
 */
export function commutingFlow(
  spectra: LinearSystem,
  start: IdentityStart,
  { times, ...options }: DualFlowOptions = {},
): DualFlow {
  const factor = slowdown(start);
  const flow = dualFlow(spectra, diagonalStart(start, spectra.inputs), {
    ...options,
    ...(times && { times: Array.from(times, (time) => time / factor) }),
  });
  const inMatrixTime = <Point extends { time: number }>(point: Point): Point => ({
    ...point,
    time: factor * point.time,
  });
  return { ...flow, records: flow.records.map(inMatrixTime), final: inMatrixTime(flow.final) };
}
