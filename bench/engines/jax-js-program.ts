import { type Array as JaxArray, jit, numpy as np } from "@jax-js/jax";

/** What its owner disposes of. */
interface Held {
  dispose(): void;
}

/** A problem's training as compiled functions of its weights; arrays that a function is given, it consumes. */
export interface JaxProgram {
  start(): JaxArray[];
  step(...weights: JaxArray[]): JaxArray[];
  /** What every run has come to, [runs, length]. */
  result(...weights: JaxArray[]): JaxArray;
  /** What it holds until its end. */
  held: Held[];
}

/** A compiled function of weights. */
type OfWeights<Made> = ((...weights: JaxArray[]) => Made) & Held;

/**
 * Descends, and leaves every run's weights, of all its layers in order.
 *
 * @param data held by the step
 */
export function descentProgram(
  runs: number,
  start: () => JaxArray[],
  step: OfWeights<JaxArray[]>,
  data: JaxArray[],
): JaxProgram {
  const result = jit((...weights: JaxArray[]) =>
    np.concatenate(
      weights.map((layer) => layer.reshape([runs, -1])),
      1,
    ),
  );
  return { start, step, result, held: [step, result, ...data] };
}

/** Makes kernels, a step after the other, of weights that stay. */
export function kernelsProgram(weights: JaxArray[], kernels: OfWeights<JaxArray>, X: JaxArray): JaxProgram {
  const all = () => [kernels(...weights.map((layer) => layer.ref))];
  return {
    start: all,
    step(before) {
      before.dispose();
      return all();
    },
    result: (K) => K,
    held: [kernels, X, ...weights],
  };
}
