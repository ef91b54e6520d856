import type { Dataset } from "../data/dataset.ts";
import type { Run } from "../document/types.ts";
import { batchSize, epochDraws, stepSize, scalesOf, startWeights } from "../plan/cohort.ts";
import { lossOfOutput } from "../losses/registry.ts";
import { degreeOf } from "./degree.ts";
import { follow } from "./flow.reference.ts";

/** A run in float64; vectors are [inputs] unless said. */
export interface DiagonalState {
  updates: number;
  /** Under a flow: which slope of the step is about to be found here, counted from 0; else 0. */
  stage: number;
  /** Displacements of w+ and w- from their start. */
  plus: Float64Array;
  minus: Float64Array;
  /** Those less the linearized twin's. */
  gapPlus: Float64Array;
  gapMinus: Float64Array;
  /** w+^(2D-2) + w-^(2D-2) less that at the start. */
  kernelChange: Float64Array;
  /** I / I(0) - 1 of the conserved quantity. */
  invariant: Float64Array;
  /** Outputs f, residuals f - y and gaps f - fbar at these weights, [samples]. */
  outputs: Float64Array;
  residual: Float64Array;
  gap: Float64Array;
  /** Half the loss's slopes by f, and what of them is not the twin's; of the squared loss the same as the two before. */
  force: Float64Array;
  forceGap: Float64Array;
  beta: Float64Array;
}

/** Coordinates of one input, and in the same order what a step or a time adds to them. */
type Four = readonly [number, number, number, number];
const FOUR = 4;

/** What follows from one input's coordinates. */
interface Coordinates {
  /** What a step along g = (2 step size / A) X^T force and q, the same for forceGap, adds; mu is what decay takes off. */
  change(at: Four, g: number, q: number, mu: number): Four;
  /** beta / A and the coefficient of h / A. */
  predictor(at: Four): [number, number];
  /** Displacements of w+ and w-, their gaps, the kernel's change. */
  read(at: Four): [number, number, number, number, number];
}

/**
 * The float64 twin of the diagonal model (docs/mathematics.md): explicit binomial sums, each copy on its own where the
 * copies start apart, and in d = w+ - w- and s = w+ + w- - 2a where they start equal, since there f - fbar and K - K0
 * are differences of the copies that even float64 loses at large alpha and depth.
 *
 * @param w0 [2 inputs]: w+, then w-, before alpha
 * @param visit called before every update, or every slope of a flow, and after the last with the state, which changes
 *   afterwards
 * @param steps sizes of a flow's steps
 * @param apart treat equal copies as if they started apart: another way to the same numbers, for tests
 */
export function trainDiagonal(
  run: Run,
  dataset: Dataset,
  w0: Float64Array,
  visit: (state: DiagonalState) => void,
  { steps = [], apart = false }: { steps?: readonly number[]; apart?: boolean } = {},
): void {
  const { samples: N, inputs: n, X, y } = dataset;
  const loss = lossOfOutput(run.loss);
  const D = degreeOf(run.model);
  const { A } = scalesOf(run);
  const a = startWeights({ run, w0 });
  const size = batchSize(run, N);
  const mu = 2 * stepSize(run) * run.loss.l2;
  const coordinates = Array.from({ length: n }, (_, i) =>
    a[i] === a[n + i] && !apart ? equalCopies(D, a[i]) : copiesApart(D, a[i], a[n + i]),
  );
  const vector = () => new Float64Array(n);
  const all = new Float64Array(FOUR * n);
  const own = (i: number) => all.subarray(FOUR * i, FOUR * (i + 1)) as unknown as Four;
  const state: DiagonalState = {
    updates: 0,
    stage: 0,
    plus: vector(),
    minus: vector(),
    gapPlus: vector(),
    gapMinus: vector(),
    kernelChange: vector(),
    invariant: vector(),
    outputs: new Float64Array(N),
    residual: new Float64Array(N),
    gap: new Float64Array(N),
    force: new Float64Array(N),
    forceGap: new Float64Array(N),
    beta: vector(),
  };
  const evaluate = () => {
    const gamma = vector();
    coordinates.forEach((input, i) => {
      const [beta, h] = input.predictor(own(i));
      const start = run.init.subtract ? a[i] ** D - a[n + i] ** D : 0;
      state.beta[i] = A * (beta - start);
      gamma[i] = A * h;
      const [plus, minus, gapPlus, gapMinus, kernelChange] = input.read(own(i));
      state.plus[i] = plus;
      state.minus[i] = minus;
      state.gapPlus[i] = gapPlus;
      state.gapMinus[i] = gapMinus;
      state.kernelChange[i] = kernelChange;
      const [ap, am] = [a[i], a[n + i]];
      state.invariant[i] = conserved(D, ap + plus, am + minus) / conserved(D, ap, am) - 1;
    });
    for (let j = 0; j < N; j++) {
      let f = 0;
      let h = 0;
      for (let i = 0; i < n; i++) {
        f += X[j * n + i] * state.beta[i];
        h += X[j * n + i] * gamma[i];
      }
      state.outputs[j] = f;
      state.residual[j] = f - y[j];
      state.gap[j] = h;
      state.force[j] = loss.at(f, y[j]).slope / 2;
      state.forceGap[j] = loss.slopeChange(f, h, y[j]) / 2;
    }
  };
  const changes = (batch: Uint32Array, noise?: Float64Array) => {
    visit(state);
    const rate = ((2 * stepSize(run)) / A) * (run.loss.reduction === "mean" ? 1 / batch.length : 1);
    const added = new Float64Array(FOUR * n);
    coordinates.forEach((input, i) => {
      let g = 0;
      let q = 0;
      for (const j of batch) {
        g += X[j * n + i] * (state.force[j] - (noise?.[j] ?? 0));
        q += X[j * n + i] * state.forceGap[j];
      }
      added.set(input.change(own(i), rate * g, rate * q, mu), FOUR * i);
    });
    return added;
  };
  const samples = Uint32Array.from({ length: N }, (_, j) => j);
  evaluate();
  if (run.train.method === "gradient-flow")
    follow(all, steps, {
      slope: () => changes(samples),
      moved(updates, stage) {
        Object.assign(state, { updates, stage });
        evaluate();
      },
    });
  else
    for (let epoch = 0; epoch < run.train.epochs; epoch++) {
      const { order, noise } = epochDraws(run, epoch, N);
      for (let first = 0; first < N; first += size) {
        const added = changes(order.subarray(first, first + size), noise);
        for (let q = 0; q < all.length; q++) all[q] += added[q];
        state.updates += 1;
        evaluate();
      }
    }
  visit(state);
}

/** By copy: displacements of w+ and w-, and their gaps. */
function copiesApart(D: number, a: number, b: number): Coordinates {
  const slope = (from: number) => D * from ** (D - 1);
  return {
    change([plus, minus, gapPlus, gapMinus], g, q, mu) {
      const changePlus = D * rest(D - 1, 1, a, plus);
      const changeMinus = D * rest(D - 1, 1, b, minus);
      return [
        -(slope(a) + changePlus) * g - mu * (a + plus),
        (slope(b) + changeMinus) * g - mu * (b + minus),
        -(changePlus * g + slope(a) * q) - mu * gapPlus,
        changeMinus * g + slope(b) * q - mu * gapMinus,
      ];
    },
    predictor: ([plus, minus, gapPlus, gapMinus]) => [
      a ** D - b ** D + (rest(D, 1, a, plus) - rest(D, 1, b, minus)),
      rest(D, 2, a, plus) - rest(D, 2, b, minus) + slope(a) * gapPlus - slope(b) * gapMinus,
    ],
    read: ([plus, minus, gapPlus, gapMinus]) => [
      plus,
      minus,
      gapPlus,
      gapMinus,
      rest(2 * D - 2, 1, a, plus) + rest(2 * D - 2, 1, b, minus),
    ],
  };
}

/** d and s, then their gaps. */
function equalCopies(D: number, a: number): Coordinates {
  // Sums over every other j of C(k, j) m^(k-j) (d/2)^(j - odd), from j = low.
  const part = (d: number, s: number, k: number, low: number) => {
    const m = a + s / 2;
    let sum = 0;
    for (let j = low; j <= k; j += 2) sum += binomial(k, j) * m ** (k - j) * (d / 2) ** (j - (low % 2));
    return sum;
  };
  // m^k - a^k
  const rise = (s: number, k: number) => rest(k, 1, a, s / 2);
  const E = (d: number, s: number, k: number) => 2 * (rise(s, k) + part(d, s, k, 2));
  const O = (d: number, s: number, k: number) => part(d, s, k, 1);
  return {
    change([d, s, e, eSum], g, q, mu) {
      const [dO, change, base] = [d * O(d, s, D - 1), E(d, s, D - 1), a ** (D - 1)];
      const ds = -D * g * dO;
      return [
        -D * g * (2 * base + change) - mu * d,
        ds - mu * (2 * a + s),
        -2 * D * base * q - D * g * change - mu * e,
        ds - mu * eSum,
      ];
    },
    predictor: ([d, s, e]) => [
      d * O(d, s, D),
      D * a ** (D - 1) * e + d * (D * rise(s, D - 1) + part(d, s, D, 3)),
    ],
    read: ([d, s, e, eSum]) => [(s + d) / 2, (s - d) / 2, (eSum + e) / 2, (eSum - e) / 2, E(d, s, 2 * D - 2)],
  };
}

/** (a + delta)^k less its first binomial terms: sum over j = low .. k of C(k, j) a^(k-j) delta^j. */
function rest(k: number, low: number, a: number, delta: number): number {
  let sum = 0;
  for (let j = low; j <= k; j++) sum += binomial(k, j) * a ** (k - j) * delta ** j;
  return sum;
}

function binomial(k: number, j: number): number {
  let value = 1;
  for (let i = 1; i <= j; i++) value = (value * (k - j + i)) / i;
  return value;
}

/** What the flow conserves: w+ + w- (D = 1), w+ w- (D = 2), w+^(2-D) + w-^(2-D). */
const conserved = (D: number, plus: number, minus: number): number =>
  D === 1 ? plus + minus : D === 2 ? plus * minus : plus ** (2 - D) + minus ** (2 - D);
