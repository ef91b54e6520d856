import { epochOrder } from "../data/stream.ts";
import { type Member, batchSize } from "../scheduler/cohort.ts";
import { degreeOf } from "./degree.ts";
import { trainDiagonal } from "./diagonal.reference.ts";
import { diagonal } from "./diagonal.ts";
import type { Expectation } from "./model.ts";
import { eigenvalueMargin, gamma, largestOutput, norm, u } from "./roundoff.ts";

/**
 * Trains a diagonal network in float64, and beside it a bound e on the l2 distance of (w+, w-) from what float32 makes
 * of it, to first order in u = 2^-24; p = 8 D + 16 counts the roundings of a polynomial of the weights:
 *
 *   e <- (max(1, decay + L - 1) + C) e + d,   L = (2 step / A^2) lambda_max(K),   C = max |rate D (D-1) w^(D-2) X^T r|
 *
 * I - step H has J^T J, whose eigenvalues lie between 0 and L, and a diagonal part bounded by C; K(t) is at most K(0)
 * times the largest ratio of its weights. d is what one step rounds, with sums in any order:
 *
 *   of beta   gamma(p) B,  B = A sum over copies of (a + |delta|)^D - a^D
 *   of r      gamma(n + 1 + p) |X| B + gamma(n + 1) |y|
 *   of X^T r  gamma(size + 4) |X|^T |r|, and the error of r through |X|^T
 *   of w      rate D (a + |delta|)^(D-1) times the error of X^T r and gamma(p) |X^T r|; u |delta| where it is stored
 *
 * The predictor is then off by at most A D max (w+^(2D-2) + w-^(2D-2))^(1/2) e, and by gamma(p) B once more.
 *
 * @param member data and initial weights already rounded to float32
 * @returns the linear predictor after every epoch, as long as float32 holds the run
 */
export function expectDiagonal(member: Member): Expectation[] {
  const { run, dataset, w0 } = member;
  const { samples: N, inputs: n, X, y } = dataset;
  const { train, loss, init } = run;
  if (train.method !== "gradient-descent") throw new Error("the reference trains by gradient descent");
  const D = degreeOf(run.model);
  const A = init.scaling === "output" ? init.alpha : 1;
  const a = w0.map((value) => (init.scaling === "output" ? value : init.alpha * value));
  const size = batchSize(run, N);
  const batches = Math.ceil(N / size);
  const decay = 2 * train.stepSize * loss.l2;
  const p = 8 * D + 16;
  const eigenvalue = eigenvalueMargin * diagonal.largestEigenvalue(member, dataset);
  const start = diagonal.startPredictor(member);
  const magnitude = (j: number, of: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(X[j * n + i]! * of[i]!);
    return sum;
  };
  const targets = y.map((value, j) => Math.abs(value) + (start ? magnitude(j, start) : 0));
  const results: Expectation[] = [];
  const first = { beta: new Float64Array(n), isKnown: false };
  const [B, grown, steep] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const weightsOf = (plus: number, minus: number) => plus ** (2 * D - 2) + minus ** (2 * D - 2);
  let e = 0;
  let isInRange = true;
  trainDiagonal(run, dataset, w0, (state) => {
    const { plus, minus, residual, updates, beta } = state;
    if (!first.isKnown) Object.assign(first, { beta: beta.slice(), isKnown: true });
    let [ratio, widest] = [0, 0];
    for (let i = 0; i < n; i++) {
      const [ap, am, dp, dm] = [a[i]!, a[n + i]!, plus[i]!, minus[i]!];
      const [lp, lm] = [ap + Math.abs(dp), am + Math.abs(dm)];
      B[i] = A * (lp ** D - ap ** D + (lm ** D - am ** D));
      grown[i] = lp ** (D - 1) + lm ** (D - 1);
      steep[i] = D > 1 ? D * (D - 1) * Math.max(lp, lm) ** (D - 2) : 0;
      const weight = weightsOf(ap + dp, am + dm);
      widest = Math.max(widest, Math.sqrt(weight));
      ratio = Math.max(ratio, weight / weightsOf(ap, am));
    }
    isInRange &&= residual.every((r) => Math.abs(r) < largestOutput);
    if (isInRange && updates > 0 && updates % batches === 0)
      results.push({
        values: beta.slice(),
        moved: norm(beta.map((value, i) => value - first.beta[i]!)),
        bound: A * D * widest * e + gamma(p) * norm(B) + 2 * u * norm(beta),
      });
    const [epoch, batch] = [Math.floor(updates / batches), updates % batches];
    const order = size < N ? epochOrder(train.seed, epoch, N) : undefined;
    const [from, to] = [batch * size, Math.min(N, (batch + 1) * size)];
    const mean = loss.reduction === "mean" ? 1 / (to - from) : 1;
    const rate = ((2 * train.stepSize) / A) * mean;
    const g = new Float64Array(n);
    const error = new Float64Array(n);
    for (let place = from; place < to; place++) {
      const j = order ? order[place]! : place;
      const r = residual[j]!;
      const rError =
        gamma(n + 1 + p) * magnitude(j, B) + gamma(n + 1) * targets[j]! + gamma(to - from + 4) * Math.abs(r);
      for (let i = 0; i < n; i++) {
        g[i]! += X[j * n + i]! * r;
        error[i]! += Math.abs(X[j * n + i]!) * rError;
      }
    }
    let coupling = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      coupling = Math.max(coupling, rate * steep[i]! * Math.abs(g[i]!));
      const stored = Math.abs(plus[i]!) + Math.abs(minus[i]!);
      const step = rate * D * grown[i]!;
      const weight = a[i]! + a[n + i]! + stored;
      const local =
        step * (error[i]! + (gamma(p) + u) * Math.abs(g[i]!)) + gamma(5) * decay * weight + u * stored;
      squares += 2 * local * local;
    }
    const bend = ((2 * train.stepSize) / (A * A)) * mean * eigenvalue * ratio;
    e = (Math.max(1, decay + bend - 1) + coupling) * e + Math.sqrt(squares);
  });
  return results;
}

/** Multiplications and additions that an epoch of the above takes, about. */
export function operationsOfDiagonal({ run, dataset: { samples, inputs } }: Member): number {
  const batches = Math.ceil(samples / batchSize(run, samples));
  return batches * inputs * (4 * samples + 200 * degreeOf(run.model)) + 6 * samples * inputs;
}
