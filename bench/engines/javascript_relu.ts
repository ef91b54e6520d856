import type { ReluSeeds } from "../workloads/problem.ts";
import type { Trainer } from "./engine.ts";

/**
 * Networks with one hidden layer in plain JavaScript, as one would write it for speed: one thread, typed arrays of
 * float32, forwards and back through one sample at a time, of what is not active nothing. Sums run in float64.
 */
export function trainRelu({
  samples,
  inputs,
  width,
  runs,
  length,
  X,
  y,
  starts,
  stepSize,
}: ReluSeeds): Trainer {
  const data = Float32Array.from(X);
  const labels = Float32Array.from(y);
  const weights = new Float32Array(starts.length);
  const gradient = new Float64Array(length);
  const hidden = new Float64Array(width);
  const v = width * inputs;

  const step = (own: number) => {
    gradient.fill(0);
    for (let j = 0; j < samples; j++) {
      const x = j * inputs;
      let f = 0;
      for (let unit = 0; unit < width; unit++) {
        const row = own + unit * inputs;
        let z = 0;
        for (let i = 0; i < inputs; i++) z += weights[row + i] * data[x + i];
        hidden[unit] = z;
        if (z > 0) f += weights[own + v + unit] * z;
      }
      const slope = (2 * (f - labels[j])) / samples;
      for (let unit = 0; unit < width; unit++) {
        if (!(hidden[unit] > 0)) continue;
        gradient[v + unit] += slope * hidden[unit];
        const back = slope * weights[own + v + unit];
        const row = unit * inputs;
        for (let i = 0; i < inputs; i++) gradient[row + i] += back * data[x + i];
      }
    }
    for (let p = 0; p < length; p++) weights[own + p] -= stepSize * gradient[p];
  };

  return {
    fewestSteps: 1,
    seconds: 0.15,
    async train(steps) {
      weights.set(starts);
      const begun = performance.now();
      for (let k = 0; k < steps; k++) for (let run = 0; run < runs; run++) step(run * length);
      const milliseconds = performance.now() - begun;
      return { microsecondsPerStep: (1000 * milliseconds) / steps, results: weights.slice() };
    },
    release() {},
  };
}
