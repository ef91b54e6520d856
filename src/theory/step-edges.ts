import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { biasMinimizer } from "./bias-minimizer.ts";
import { dualFlow } from "./dual-flow.ts";
import { flowWeights } from "./flow-weights.ts";
import { checkInitialization, type Initialization } from "./initialization.ts";
import type { LinearSystem } from "./linear-system.ts";
import { normalMatrix } from "./normal-matrix.ts";

/** Step sizes at which descent with full batches on the mean squared loss meets its limit of stability. */
export interface StepEdges {
  /** N / lambda_max(K(0)): past it the linearization diverges. */
  start: number;
  /** N / lambda_max(K) where the flow ends, at Q's minimizer: past it descent cannot end there. */
  end: number;
}

/**
 * The two edges of a diagonal network from alpha w0. From the small alphas on, where the kernel grows on the way, the edge at the
 * end is what counts: it does not depend on alpha there.
 * @throws as `biasMinimizer`
 * @source stability: Cohen et al. 2021; over alpha and step: Atanasov et al. 2024, Even et al. 2023
 */
export function stepEdges(system: LinearSystem, initialization: Initialization): StepEdges {
  const { depth, alpha, w0 } = checkInitialization(initialization, system.inputs);
  const initial = w0.map((shape) => alpha * shape);
  const { beta } = biasMinimizer(system, initialization);
  return {
    start: system.samples / largestOfKernel(system, depth, { plus: initial, minus: initial }),
    end: system.samples / largestOfKernel(system, depth, flowWeights(beta, initialization)),
  };
}

/**
 * Sharpness in units of the limit of stability, x = eta lambda_max(K) / N with K = D^2 X diag(w+^(2D-2) + w-^(2D-2)) Xᵀ: descent is
 * stable at an end where x < 1.
 * @param weights w+ and w-, [inputs] each
 */
export const stepSharpness = (
  system: LinearSystem,
  depth: number,
  weights: { plus: ArrayLike<number>; minus: ArrayLike<number> },
  stepSize: number,
): number => (stepSize * largestOfKernel(system, depth, weights)) / system.samples;

/**
 * The sharpness x at which a lazy run ends whose step is eta = `ratio` N / lambda_max(K(0)): below 1 its own, from 1 to about 2 it
 * catapults, to 2 - ratio.
 * @source Lewkowycz et al. 2020; the end: docs/mathematics.md
 */
export const catapultEnd = (ratio: number): number => (ratio <= 1 ? ratio : 2 - ratio);

/**
 * The time at which the exact flow's loss has fallen to `loss`. A descent that has T updates needs a step of at least this over T.
 * @throws as `dualFlow`
 */
export function flowTime(system: LinearSystem, initialization: Initialization, loss: number): number {
  const { final } = dualFlow(system, initialization, { stopLoss: loss });
  if (final.time === 0) return 0;
  // The flow ends with a step, well below: the loss falls smoothly within it.
  const times = Array.from({ length: 1001 }, (_, k) => (final.time * k) / 1000);
  const { records } = dualFlow(system, initialization, { times });
  const after = records.findIndex((record) => record.loss <= loss);
  if (after <= 0) return final.time;
  const [one, two] = [records[after - 1], records[after]];
  const share = Math.log(one.loss / loss) / Math.log(one.loss / two.loss);
  return one.time + share * (two.time - one.time);
}

function largestOfKernel(
  { X, samples, inputs }: LinearSystem,
  depth: number,
  { plus, minus }: { plus: ArrayLike<number>; minus: ArrayLike<number> },
): number {
  const power = 2 * depth - 2;
  const weights = Float64Array.from(
    { length: inputs },
    (_, i) => depth * depth * (Math.abs(plus[i]) ** power + Math.abs(minus[i]) ** power),
  );
  const K = new Float64Array(samples * samples);
  normalMatrix(X, weights, new Float64Array(X.length), K);
  const whole = Matrix.zeros(samples, samples);
  for (let i = 0; i < samples; i++)
    for (let j = 0; j <= i; j++) {
      whole.set(i, j, K[i * samples + j]);
      whole.set(j, i, K[i * samples + j]);
    }
  return Math.max(...new EigenvalueDecomposition(whole, { assumeSymmetric: true }).realEigenvalues);
}
