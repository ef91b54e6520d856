import type { Expectation, ReluSeeds } from "./problem.ts";

/** Unit roundoff of float32. */
const u = 2 ** -24;
const gamma = (operations: number): number => (operations * u) / (1 - operations * u);

/** Steps of some runs in float64, with a bound on what the same steps in float32 may differ by. */
export function expectRelu(
  problem: ReluSeeds,
  checked: readonly number[],
  steps: readonly number[],
): Expectation[] {
  const expectations = steps.map((): Expectation => ({ results: [], bounds: [] }));
  for (const run of checked)
    trainReference(problem, run, steps).forEach(({ weights, bound }, place) => {
      expectations[place].results.push(weights);
      expectations[place].bounds.push(bound);
    });
  return expectations;
}

/**
 * Trains f(x) = v^T [U x]+ in float64, and beside it a bound e on the l2 distance of its weights from what float32 makes
 * of them, to first order in u:
 *
 *   e <- (1 + eta max over units |s|) e + eta k + d,   s = (2 / N) sum over active samples of r x
 *
 * Within one pattern of activity the Hessian is J^T J, which below the limit of stability takes nothing further apart,
 * and r times the second derivative of f, which couples u and v of a unit by s. k is what the gradient jumps by where a
 * pre-activation is so small that its error may be larger. d is what one step rounds, with sums in any order:
 *
 *   of z   gamma(2 n + 2) |U| |x|, displacements and start being multiplied apart
 *   of f   gamma(2 width + 4) (|v| [z]+ + |y|), and the error of z through |v|
 *   of gradients   gamma(N + 4) of the sum of absolute terms, and the errors of f and z through them
 *   of w   u |w| where it is stored, and 4u |change|
 */
function trainReference(
  { samples: N, inputs: n, width: m, length, X, y, starts, stepSize }: ReluSeeds,
  run: number,
  steps: readonly number[],
): { weights: Float64Array; bound: number }[] {
  const w = starts.slice(run * length, (run + 1) * length);
  const v = m * n;
  const results: { weights: Float64Array; bound: number }[] = [];
  const [z, zError] = [new Float64Array(m), new Float64Array(m)];
  const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  let e = 0;
  for (let step = 0; results.length < steps.length; step++) {
    if (step === steps[results.length]) results.push({ weights: w.slice(), bound: e / norm(w) });
    const gradient = new Float64Array(length);
    const error = new Float64Array(length);
    const coupling = new Float64Array(v);
    const jump = new Float64Array(m);
    for (let j = 0; j < N; j++) {
      const x = X.subarray(j * n, (j + 1) * n);
      const xNorm = norm(x);
      let r = -y[j];
      let rError = gamma(2 * m + 4) * Math.abs(y[j]);
      for (let unit = 0; unit < m; unit++) {
        let magnitude = 0;
        z[unit] = 0;
        for (let i = 0; i < n; i++) {
          z[unit] += w[unit * n + i] * x[i];
          magnitude += Math.abs(w[unit * n + i] * x[i]);
        }
        zError[unit] = gamma(2 * n + 2) * magnitude;
        if (!(z[unit] > 0)) continue;
        r += w[v + unit] * z[unit];
        rError += Math.abs(w[v + unit]) * (zError[unit] + gamma(2 * m + 4) * z[unit]);
      }
      const scale = 2 / N;
      const rounded = rError + gamma(N + 4) * Math.abs(r);
      for (let unit = 0; unit < m; unit++) {
        const back = w[v + unit];
        if (Math.abs(z[unit]) <= xNorm * e + zError[unit])
          jump[unit] += scale * Math.abs(r) * (Math.abs(back) * xNorm + xNorm * e + zError[unit]);
        if (!(z[unit] > 0)) continue;
        gradient[v + unit] += scale * r * z[unit];
        error[v + unit] += scale * (rounded * z[unit] + Math.abs(r) * zError[unit]);
        for (let i = 0; i < n; i++) {
          coupling[unit * n + i] += scale * r * x[i];
          gradient[unit * n + i] += scale * r * back * x[i];
          error[unit * n + i] += scale * rounded * Math.abs(back * x[i]);
        }
      }
    }
    let steepest = 0;
    for (let unit = 0; unit < m; unit++)
      steepest = Math.max(steepest, norm(coupling.subarray(unit * n, (unit + 1) * n)));
    const stored = w.map(
      (value, p) => stepSize * (error[p] + 4 * u * Math.abs(gradient[p])) + u * Math.abs(value),
    );
    e = (1 + stepSize * steepest) * e + stepSize * norm(jump) + norm(stored);
    for (let p = 0; p < length; p++) w[p] -= stepSize * gradient[p];
  }
  return results;
}
