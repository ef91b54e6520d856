import { factorCholesky, solveCholesky } from "./cholesky.ts";
import { dualLink, type DualLink } from "./dual-link.ts";
import { dualFlowRate } from "./flow-rate.ts";
import {
  checkInitialization,
  initialPredictor,
  initialScale,
  type ApartInitialization,
} from "./initialization.ts";
import { multiply, multiplyTransposed, residualOf, type LinearSystem } from "./linear-system.ts";
import { normalMatrix } from "./normal-matrix.ts";
import { rodas } from "./rosenbrock.ts";

/** The predictor at one time of the flow. */
export interface FlowPoint {
  time: number;
  /** (1/N) |X beta - y|^2. */
  loss: number;
  /** [inputs] */
  beta: Float64Array;
}

/** Where the exact dual flow is, and one Rosenbrock step of it. See `dualFlow`. */
export class DualFlowState {
  time = 0;
  loss: number;
  readonly nu: Float64Array;

  private readonly link: DualLink;
  private readonly rate: number;
  /** The floor of |beta_i| in relative errors, a_i^D. */
  private readonly floor: Float64Array;
  /** beta at the start, and the residual there. */
  private readonly initial: Float64Array;
  private readonly miss: Float64Array;
  private state: Float64Array;
  private trial: Float64Array;
  private readonly beta: Float64Array;
  private readonly slope: Float64Array;
  private readonly velocity: Float64Array;
  private readonly stages: Float64Array[];
  private readonly images: Float64Array[];
  private readonly change: Float64Array;
  private readonly jacobian: Float64Array;
  private readonly factors: Float64Array;
  private readonly scratch: Float64Array;
  private jacobianIsCurrent = false;

  constructor(
    private readonly system: LinearSystem,
    initialization: ApartInitialization,
  ) {
    const { samples, inputs } = system;
    const checked = checkInitialization(initialization, inputs);
    const { depth, alpha, w0, minus } = checked;
    const logScale = (shapes: Float64Array) =>
      shapes.map((shape) => depth * (Math.log(alpha) + Math.log(shape)));
    this.link = dualLink(depth, logScale(w0), w0, minus && { logScale: logScale(minus), w0: minus });
    this.rate = dualFlowRate(depth, alpha, samples);
    this.floor = initialScale(checked);
    this.initial = initialPredictor(checked);
    this.miss = residualOf(system, this.initial);
    this.state = this.link.start();
    this.trial = this.link.start();
    this.nu = new Float64Array(samples);
    this.beta = new Float64Array(inputs);
    this.slope = new Float64Array(inputs);
    this.change = new Float64Array(inputs);
    this.velocity = new Float64Array(samples);
    this.stages = rodas.b.map(() => new Float64Array(samples));
    this.images = rodas.b.map(() => new Float64Array(inputs));
    this.jacobian = new Float64Array(samples * samples);
    this.factors = new Float64Array(samples * samples);
    this.scratch = new Float64Array(samples * inputs);
    this.loss = this.lossAt();
  }

  point(): FlowPoint {
    this.link.predictor(this.state, this.beta);
    return { time: this.time, loss: this.loss, beta: this.beta.map((value, i) => value + this.initial[i]) };
  }

  /** A thousandth of the time in which some Xᵀ nu would move by 1. */
  firstStep(): number {
    this.velocityAt(this.state, this.velocity);
    const speed = multiplyTransposed(this.system.X, this.velocity, this.change);
    const largest = speed.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest > 0 ? 1e-3 / largest : 1;
  }

  /** Prepares the state after a step; returns the largest relative error of a beta_i (Infinity: the step left the domain). */
  tryStep(step: number): number {
    const { X, samples, inputs } = this.system;
    if (!this.jacobianIsCurrent) {
      this.link.slope(this.state, this.slope);
      normalMatrix(X, this.slope, this.scratch, this.jacobian);
      this.jacobianIsCurrent = true;
    }
    const shift = 1 / (rodas.gamma * step);
    for (let k = 0; k < this.factors.length; k++) this.factors[k] = this.rate * this.jacobian[k];
    for (let i = 0; i < samples; i++) this.factors[i * samples + i] += shift;
    factorCholesky(this.factors, samples);
    for (const [stage, k] of this.stages.entries()) {
      if (!this.moveTrial(rodas.a[stage])) return Infinity;
      this.velocityAt(this.trial, k);
      for (const [earlier, c] of rodas.c[stage].entries()) {
        const other = this.stages[earlier];
        for (let i = 0; i < samples; i++) k[i] += (c / step) * other[i];
      }
      solveCholesky(this.factors, k);
      multiplyTransposed(X, k, this.images[stage]);
    }
    if (!this.moveTrial(rodas.b)) return Infinity;
    this.link.predictor(this.trial, this.beta);
    this.link.slope(this.trial, this.slope);
    const error = this.images[this.images.length - 1];
    let largest = 0;
    for (let i = 0; i < inputs; i++) {
      const relative = (this.slope[i] * Math.abs(error[i])) / (Math.abs(this.beta[i]) + this.floor[i]);
      // Written so that a NaN is kept, and rejected.
      if (!(relative <= largest)) largest = relative;
    }
    return Number.isFinite(largest) ? largest : Infinity;
  }

  /** Makes the last step's end the state. */
  accept(time: number): void {
    for (const [stage, b] of rodas.b.entries())
      for (let i = 0; i < this.nu.length; i++) this.nu[i] += b * this.stages[stage][i];
    [this.state, this.trial] = [this.trial, this.state];
    this.time = time;
    this.jacobianIsCurrent = false;
    this.loss = this.lossAt();
  }

  /** The trial state: the state plus this combination of stages. False where it would leave the domain. */
  private moveTrial(weights: readonly number[]): boolean {
    this.change.fill(0);
    for (const [stage, weight] of weights.entries()) {
      const image = this.images[stage];
      for (let i = 0; i < this.change.length; i++) this.change[i] += weight * image[i];
    }
    if (!(this.link.reach(this.state, this.change) > 1)) return false;
    this.link.advance(this.state, this.change, 1, this.trial);
    return true;
  }

  private velocityAt(state: Float64Array, out: Float64Array): void {
    this.link.predictor(state, this.beta);
    multiply(this.system.X, this.beta, out);
    for (let i = 0; i < out.length; i++) out[i] = -this.rate * (out[i] + this.miss[i]);
  }

  private lossAt(): number {
    this.link.predictor(this.state, this.beta);
    const change = multiply(this.system.X, this.beta, this.velocity);
    return change.reduce((sum, value, i) => sum + (value + this.miss[i]) ** 2, 0) / this.system.samples;
  }
}
