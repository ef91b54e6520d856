/** Draws of sparse deconvolution, and what m particles make of them: Chizat & Bach's (2018) experiment, at the steps of this file. */

import { fillUniform, stream } from "../data/stream.ts";
import {
  conicParticleDescent,
  type Deconvolution,
  deconvolutionObjective,
  deconvolutionSignal,
  type Particles,
} from "./sparse-deconvolution.ts";

const circle = 2 * Math.PI;
const spikes = 5;
const bandwidth = 8;
const penalty = 0.3;
/** Least distance of two spikes, radians: about one over the bandwidth is as close as any method tells them apart. */
const separation = 0.6;

/** Of the experiment: steps of masses' logarithms and of places, and how many. */
export const deconvolutionSteps = { steps: 5000, massStep: 0.002, placeStep: 0.002 } as const;
/** An excess below this is a success. */
export const deconvolutionSuccess = 1e-4;

export interface DeconvolutionDraw {
  seed: number;
  problem: Deconvolution;
  /** Five spikes of mass 1. */
  truth: Particles;
  /** The least objective: where particles that start at the spikes end. `deconvolutionGap` proves it to 1e-5. */
  least: { objective: number; particles: Particles };
}

/** Five spikes of mass 1 at random places of the circle, seen through |k| <= 8, lambda = .3. */
export function deconvolutionDraw(seed: number): DeconvolutionDraw {
  const from = stream(seed, "places");
  const places = new Float64Array(spikes);
  for (let first = 0; ; first += spikes) {
    fillUniform(from, places, 0, circle, first);
    places.sort();
    const isApart = (place: number, j: number) =>
      (j === 0 ? place - places[spikes - 1] + circle : place - places[j - 1]) >= separation;
    if (places.every(isApart)) break;
  }
  const truth = { places, masses: new Float64Array(spikes).fill(1) };
  const problem = { signal: deconvolutionSignal(truth, bandwidth), penalty };
  const particles = conicParticleDescent(problem, truth, { ...deconvolutionSteps, steps: 20_000 });
  return {
    seed,
    problem,
    truth,
    least: { objective: deconvolutionObjective(problem, particles), particles },
  };
}

/** m particles of mass 1/m, evenly around the circle from a random place on: the draw's own for every m. */
export function evenParticles(count: number, seed: number): Particles {
  const offset = new Float64Array(1);
  fillUniform(stream(seed, "testPlaces"), offset, 0, 1, count);
  return {
    places: Float64Array.from({ length: count }, (_, j) => (circle * (j + offset[0])) / count),
    masses: new Float64Array(count).fill(1 / count),
  };
}

/**
 * How far above the least objective m particles end.
 *
 * @param moves whether places move; where they stay, masses alone are found: a convex problem
 */
export function deconvolutionExcess(
  { seed, problem, least }: DeconvolutionDraw,
  count: number,
  moves = true,
  each?: (step: number, particles: Particles) => void,
): number {
  const end = conicParticleDescent(problem, evenParticles(count, seed), {
    ...deconvolutionSteps,
    ...(!moves && { placeStep: 0 }),
    ...(each && { each }),
  });
  return deconvolutionObjective(problem, end) - least.objective;
}
