import { type Member, batchSize, epochDraws, stepSize, scalesOf, startWeights } from "../plan/cohort.ts";
import { lossOf } from "../losses/registry.ts";
import { degreeOf } from "./degree.ts";
import { type DiagonalState, trainDiagonal } from "./diagonal.reference.ts";
import { largestDiagonalEigenvalue, startPredictor } from "./diagonal-start.ts";
import { descentErrors, flowErrors } from "./error-growth.ts";
import type { Expectation } from "./model.ts";
import { eigenvalueMargin, gamma, largestOutput, norm, u } from "./roundoff.ts";

/**
 * Trains a diagonal network in float64, and beside it a bound e on the l2 distance of (w+, w-) from what float32 makes
 * of it, to first order in u = 2^-24 (error-growth.ts); p = 8 D + 16 counts the roundings of a polynomial of the weights:
 *
 *   |G| = decay + (c step / A^2) lambda_max(K),   |C| = max |rate D (D-1) w^(D-2) X^T r|,   rounding = d
 *
 * r is half the slope of the loss, which bends by c at most: 2 for the squared one, whose r is f - y.
 * The Hessian is the decay, c/2 J^T J at most, and a diagonal part bounded by C; K(t) is at most K(0) times the largest ratio of its
 * weights. Where each w^(D-1) of an input moves within a step of a flow, by at most m of what they are, J^T J moves by
 * m (2 + m) of its norm. d is what one step, or one slope of a flow (step 1), rounds, with sums in any order:
 *
 *   of beta   gamma(p) B,  B = A sum over copies of (a + |delta|)^D - a^D
 *   of r      c/2 times gamma(n + 1 + p) |X| B + gamma(n + 2) (|y| + |noise|), and gamma(40) |r| where it is not f - y
 *   of X^T r  gamma(size + 4) |X|^T |r|, and the error of r through |X|^T
 *   of w      rate D (a + |delta|)^(D-1) times the error of X^T r and gamma(p) |X^T r|; u |delta| where it is stored
 *
 * Copies that start equal are stored as their sum and difference: either is off by no more than both sizes would be.
 * The predictor is then off by at most A D max (w+^(2D-2) + w-^(2D-2))^(1/2) e, and by gamma(p) B once more.
 *
 * @param member data and initial weights already rounded to float32
 * @param steps sizes of a flow's steps, off by no more than 2 u of the time at their end
 * @returns the linear predictor after every epoch, or every step of a flow, as long as float32 holds the run
 */
export function expectDiagonal(member: Member, steps: readonly number[] = []): Expectation[] {
  const { run, dataset, w0 } = member;
  const { samples: N, inputs: n, X, y } = dataset;
  const { train, loss } = run;
  const D = degreeOf(run.model);
  const { A } = scalesOf(run);
  const a = startWeights({ run, w0 });
  const size = batchSize(run, N);
  const batches = Math.ceil(N / size);
  const decay = 2 * stepSize(run) * loss.l2;
  const p = 8 * D + 16;
  const eigenvalue = eigenvalueMargin * largestDiagonalEigenvalue(member, dataset);
  const start = startPredictor(member);
  const magnitude = (j: number, of: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(X[j * n + i] * of[i]);
    return sum;
  };
  const targets = y.map((value, j) => Math.abs(value) + (start ? magnitude(j, start) : 0));
  const results: Expectation[] = [];
  const first = { beta: new Float64Array(n), isKnown: false };
  const vector = () => new Float64Array(n);
  const [B, grown, steep] = [vector(), vector(), vector()];
  // w^(D-1), w+ first, now and where the step began.
  const [powers, from] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  const weightsOf = (plus: number, minus: number) => plus ** (2 * D - 2) + minus ** (2 * D - 2);
  // Of a vector that both copies have.
  const pairNorm = (values: Float64Array) => Math.SQRT2 * norm(values);
  const errors = train.method === "gradient-flow" ? flowErrors(steps) : descentErrors();
  let e = errors.next().value;
  let isInRange = true;
  const { largestCurvature: curvature, roundings } = lossOf(loss);
  const visit = ({ plus, minus, outputs, force, updates, stage, beta }: DiagonalState) => {
    if (!first.isKnown) Object.assign(first, { beta: beta.slice(), isKnown: true });
    let [ratio, widest, strayed] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [ap, am, dp, dm] = [a[i], a[n + i], plus[i], minus[i]];
      const [lp, lm] = [ap + Math.abs(dp), am + Math.abs(dm)];
      B[i] = A * (lp ** D - ap ** D + (lm ** D - am ** D));
      grown[i] = lp ** (D - 1) + lm ** (D - 1);
      steep[i] = D > 1 ? D * (D - 1) * Math.max(lp, lm) ** (D - 2) : 0;
      const weight = weightsOf(ap + dp, am + dm);
      widest = Math.max(widest, Math.sqrt(weight));
      ratio = Math.max(ratio, weight / weightsOf(ap, am));
      powers[i] = (ap + dp) ** (D - 1);
      powers[n + i] = (am + dm) ** (D - 1);
    }
    if (stage === 0) from.set(powers);
    for (let i = 0; i < n; i++) {
      const [fp, fm] = [from[i], from[n + i]];
      const away = Math.hypot(powers[i] - fp, powers[n + i] - fm);
      if (away > 0) strayed = Math.max(strayed, away / Math.hypot(fp, fm));
    }
    isInRange &&= outputs.every((f) => Math.abs(f) < largestOutput);
    if (isInRange && stage === 0 && updates > 0 && updates % batches === 0)
      results.push({
        values: beta.slice(),
        moved: norm(beta.map((value, i) => value - first.beta[i])),
        bound: A * D * widest * e + gamma(p) * norm(B) + 2 * u * norm(beta),
      });
    const [epoch, batch] = [Math.floor(updates / batches), updates % batches];
    const { order, noise } = epochDraws(run, epoch, N);
    const [begin, end] = [batch * size, Math.min(N, (batch + 1) * size)];
    const mean = loss.reduction === "mean" ? 1 / (end - begin) : 1;
    const rate = ((2 * stepSize(run)) / A) * mean;
    const [g, error] = [vector(), vector()];
    for (let place = begin; place < end; place++) {
      const j = order[place];
      const r = force[j] - noise[j];
      const outputError =
        gamma(n + 1 + p) * magnitude(j, B) + gamma(n + 2) * (targets[j] + Math.abs(noise[j]));
      const rError =
        (curvature / 2) * outputError +
        gamma(end - begin + 4 + (loss.kind === "squared" ? 0 : roundings(1))) * Math.abs(r);
      for (let i = 0; i < n; i++) {
        g[i] += X[j * n + i] * r;
        error[i] += Math.abs(X[j * n + i]) * rError;
      }
    }
    let coupling = 0;
    const [rounding, stored, change] = [vector(), vector(), vector()];
    for (let i = 0; i < n; i++) {
      const along = Math.abs(g[i]);
      coupling = Math.max(coupling, rate * steep[i] * along);
      stored[i] = Math.abs(plus[i]) + Math.abs(minus[i]);
      const step = rate * D * grown[i];
      const shrunk = decay * (a[i] + a[n + i] + stored[i]);
      rounding[i] = step * (error[i] + (gamma(p) + u) * along) + gamma(5) * shrunk;
      change[i] = step * along + shrunk;
    }
    const bend = ((curvature * stepSize(run)) / (A * A)) * mean * eigenvalue * ratio;
    e = errors.next({
      rounding: pairNorm(rounding),
      stored: pairNorm(stored),
      change: pairNorm(change),
      bend: decay + bend,
      coupling,
      drift: bend * strayed * (2 + strayed),
    }).value;
  };
  trainDiagonal(run, dataset, w0, visit, { steps });
  return results;
}
