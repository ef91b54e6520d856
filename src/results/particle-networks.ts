/** Networks that are particles: (1/m) sum of a_j [b_j . x]+ with (a_j, b_j) drawn once and for all is a network with alpha = m^-1/2. */

import type { RunSpecification } from "../document/types.ts";

/** What the sum over particles is divided by: m, or its root. */
export type ParticleScaling = "m" | "√m";

/**
 * A network of m particles started from N(0, 1): theta of (1/m) sum phi(theta_j), phi 2-homogeneous, is w sqrt(m) of the plain network,
 * so that its flow is the plain flow from alpha = m^-1/2, and that of the sum over sqrt(m) the one from m^-1/4 (Chizat & Bach 2018).
 *
 * @returns undefined for runs that are no such network
 */
export function particlesOf({
  model,
  init,
}: RunSpecification): { count: number; scaling: ParticleScaling } | undefined {
  if (model.kind !== "relu" || model.widths?.length !== 1 || model.unbiased) return undefined;
  const { shape, scaling } = init;
  if (typeof shape !== "object" || !("std" in shape) || shape.std !== 1 || scaling !== "weights")
    return undefined;
  const [count] = model.widths;
  const isNear = (power: number) => Math.abs(init.alpha * count ** power - 1) < 1e-4;
  if (count < 2) return undefined;
  return isNear(1 / 2) ? { count, scaling: "m" } : isNear(1 / 4) ? { count, scaling: "√m" } : undefined;
}
