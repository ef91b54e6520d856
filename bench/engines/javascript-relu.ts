import type { ReluSeeds } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";
import { javascriptTrainer } from "./javascript-trainer.ts";

/**
 * ReLU networks in plain JavaScript, as one would write it for speed: one thread, typed arrays of float32, forwards and
 * back through one sample at a time, of what is not active nothing. Sums run in float64.
 */
export function trainRelu({
  samples,
  inputs,
  layers,
  runs,
  length,
  X,
  y,
  starts,
  stepSize,
}: ReluSeeds): Trainer {
  const rows = Array.from({ length: samples }, (_, j) => X.slice(j * inputs, (j + 1) * inputs));
  const weights = new Float32Array(starts.length);
  const gradient = new Float64Array(length);
  // Activations below each layer, and signals back from it.
  const below = layers.map(({ fan_in }) => new Float64Array(fan_in));
  const back = layers.map(({ fan_out }) => new Float64Array(fan_out));
  const last = layers.length - 1;

  /** Activations of all hidden layers, and the output. */
  const forwards = (own: number): number => {
    for (let l = 0; ; l++) {
      const { offset, fan_in, fan_out } = layers[l];
      const from = below[l];
      for (let unit = 0; unit < fan_out; unit++) {
        const row = own + offset + unit * fan_in;
        let z = 0;
        for (let i = 0; i < fan_in; i++) z += weights[row + i] * from[i];
        if (l === last) return z;
        below[l + 1][unit] = z > 0 ? z : 0;
      }
    }
  };

  /** Adds one sample's share to the gradient. */
  const backwards = (own: number, slope: number): void => {
    back[last][0] = slope;
    for (let l = last; l >= 0; l--) {
      const { offset, fan_in, fan_out } = layers[l];
      const from = below[l];
      const to = l > 0 ? back[l - 1] : undefined;
      to?.fill(0);
      for (let unit = 0; unit < fan_out; unit++) {
        if (l < last && !(below[l + 1][unit] > 0)) continue;
        const signal = back[l][unit];
        const row = offset + unit * fan_in;
        for (let i = 0; i < fan_in; i++) gradient[row + i] += signal * from[i];
        if (to) for (let i = 0; i < fan_in; i++) to[i] += signal * weights[own + row + i];
      }
    }
  };

  const step = (own: number) => {
    gradient.fill(0);
    for (let j = 0; j < samples; j++) {
      below[0] = rows[j];
      backwards(own, (2 * (forwards(own) - y[j])) / samples);
    }
    for (let p = 0; p < length; p++) weights[own + p] -= stepSize * gradient[p];
  };

  return javascriptTrainer(
    runs,
    (run) => step(run * length),
    weights,
    () => weights.set(starts),
  );
}
