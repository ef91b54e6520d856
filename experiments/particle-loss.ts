import { median } from "d3";
import { particlesOf, type ParticleScaling } from "../src/results/particle-networks.ts";
import { type Evidence, recordedRuns } from "./evidence.ts";

/** The median over trials of the test loss of networks of so many particles, NaN where there are none. */
export const particleLoss = (
  evidence: Evidence,
  document: string,
  count: number,
  scaling: ParticleScaling = "m",
): number =>
  median(
    recordedRuns(evidence[document]).filter(({ specification }) => {
      const particles = particlesOf(specification);
      return particles?.count === count && particles.scaling === scaling;
    }),
    (run) => run.last("test_loss"),
  ) ?? NaN;
