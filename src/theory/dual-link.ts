/**
 * The predictor as a function of the dual variable's image t = Xᵀ nu, one input at a time:
 *
 *     beta_i = b_i h_D(z_i),   z_i = w0_i^(D-2) t_i,   b_i = a_i^D
 *
 * where the copies start equal, and else, each copy with a z and b of its own, the change of
 *
 *     beta_i = b+_i (1 - z+_i)^(-p) - b-_i (1 + z-_i)^(-p),   p = D/(D-2)         (D = 2: b+_i exp t_i - b-_i exp -t_i)
 *
 * It is the gradient flow's exact path (t grows with time) and the stationarity of the minimizers of Q (Woodworth et al.
 * 2020, Theorems 1 and 3), so both are computed through it. A state holds z, and is only ever moved by increments.
 */
export interface DualLink {
  /** The state at nu = 0. */
  start(): Float64Array;
  /** out = the state at t + step * change; `change` is an increment of t, [inputs]. `out` may be `state`. */
  advance(state: Float64Array, change: Float64Array, step: number, out: Float64Array): void;
  /** The step along `change` at which the state would leave the domain (Infinity where it has no end). */
  reach(state: Float64Array, change: Float64Array): number;
  /** beta less its start, [inputs]. */
  predictor(state: Float64Array, beta: Float64Array): void;
  /** d beta / d t, [inputs], positive. */
  slope(state: Float64Array, slope: Float64Array): void;
}

/** Where a copy of the weights starts: ln b_i and the shape, [inputs]. */
interface Copy {
  logScale: Float64Array;
  w0: Float64Array;
}

/**
 * @param depth D >= 1
 * @param logScale ln b_i, [inputs]: logarithms, because b_i itself may leave float64 while beta does not
 * @param w0 shape of the initial weights, [inputs]
 * @param apart the same of w-, where it starts elsewhere (-Infinity and 0: it is not there)
 */
export function dualLink(depth: number, logScale: Float64Array, w0: Float64Array, apart?: Copy): DualLink {
  if (depth === 1) return linearLink(logScale, w0);
  if (apart)
    return depth === 2
      ? exponentialsLink(logScale, apart.logScale)
      : powersLink(depth, { logScale, w0 }, apart);
  return depth === 2 ? hyperbolicLink(logScale) : powerLink(depth, logScale, w0);
}

/** D = 1: beta_i = b_i t_i / w0_i. */
function linearLink(logScale: Float64Array, w0: Float64Array): DualLink {
  const factor = logScale.map((value, i) => Math.exp(value) / w0[i]);
  return {
    start: () => new Float64Array(factor.length),
    advance: addTo,
    reach: () => Infinity,
    predictor: (t, beta) => factor.forEach((value, i) => (beta[i] = value * t[i])),
    slope: (_, slope) => slope.set(factor),
  };
}

/** D = 2: beta_i = 2 b_i sinh t_i. */
function hyperbolicLink(logScale: Float64Array): DualLink {
  const scale = logScale.map(Math.exp);
  const inputs = scale.length;
  return {
    start: () => new Float64Array(inputs),
    advance: addTo,
    reach: () => Infinity,
    predictor(t, beta) {
      // Far out, b may be below the smallest number and e^t above the largest: their logarithms are added first.
      for (let i = 0; i < inputs; i++)
        beta[i] =
          Math.abs(t[i]) < 1
            ? 2 * scale[i] * Math.sinh(t[i])
            : Math.exp(logScale[i] + t[i]) - Math.exp(logScale[i] - t[i]);
    },
    slope(t, slope) {
      for (let i = 0; i < inputs; i++) slope[i] = Math.exp(logScale[i] + t[i]) + Math.exp(logScale[i] - t[i]);
    },
  };
}

/**
 * D >= 3: beta_i = b_i [(1-z)^(-p) - (1+z)^(-p)], p = D/(D-2).
 *
 * For small alpha the active inputs sit at 1 - |z| = O(alpha^(D-2)), below the rounding of z. The state therefore carries
 * 1 - z and 1 + z as numbers of their own: [z, 1 - z, 1 + z]. Moved by increments they keep their relative precision; what
 * rounding makes them disagree with z (1e-16) perturbs Q's gradient by as little, and X beta = y not at all.
 */
function powerLink(depth: number, logScale: Float64Array, w0: Float64Array): DualLink {
  const power = depth / (depth - 2);
  const inputs = logScale.length;
  const scale = logScale.map(Math.exp);
  const weight = w0.map((shape) => shape ** (depth - 2));
  return {
    start: () => new Float64Array(3 * inputs).fill(1, inputs),
    advance(state, change, step, out) {
      for (let i = 0; i < inputs; i++) {
        const move = step * weight[i] * change[i];
        out[i] = state[i] + move;
        out[inputs + i] = state[inputs + i] - move;
        out[2 * inputs + i] = state[2 * inputs + i] + move;
      }
    },
    reach(state, change) {
      let reach = Infinity;
      for (let i = 0; i < inputs; i++) {
        const move = weight[i] * change[i];
        if (move > 0) reach = Math.min(reach, state[inputs + i] / move);
        if (move < 0) reach = Math.min(reach, -state[2 * inputs + i] / move);
      }
      return reach;
    },
    predictor(state, beta) {
      for (let i = 0; i < inputs; i++) {
        const z = state[i];
        if (Math.abs(z) < 0.5) {
          const v = Math.atanh(z);
          beta[i] = 2 * scale[i] * Math.cosh(v) ** power * Math.sinh(power * v);
        } else beta[i] = scale[i] * (state[inputs + i] ** -power - state[2 * inputs + i] ** -power);
      }
    },
    slope(state, slope) {
      for (let i = 0; i < inputs; i++)
        slope[i] =
          power *
          weight[i] *
          scale[i] *
          (state[inputs + i] ** (-power - 1) + state[2 * inputs + i] ** (-power - 1));
    },
  };
}

/** D = 2, copies apart: each moves its own way, and neither change cancels the other. */
function exponentialsLink(logPlus: Float64Array, logMinus: Float64Array): DualLink {
  const inputs = logPlus.length;
  return {
    start: () => new Float64Array(inputs),
    advance: addTo,
    reach: () => Infinity,
    predictor(t, beta) {
      for (let i = 0; i < inputs; i++) beta[i] = rise(logPlus[i], t[i]) - rise(logMinus[i], -t[i]);
    },
    slope(t, slope) {
      for (let i = 0; i < inputs; i++) slope[i] = Math.exp(logPlus[i] + t[i]) + Math.exp(logMinus[i] - t[i]);
    },
  };
}

/** b (e^t - 1), where b may be below the smallest number and e^t above the largest. */
const rise = (logScale: number, t: number) =>
  Math.abs(t) < 1 ? Math.exp(logScale) * Math.expm1(t) : Math.exp(logScale + t) - Math.exp(logScale);

/** D >= 3, copies apart: the state is [t, 1 - z+, 1 + z-], as in `powerLink`. */
function powersLink(depth: number, plus: Copy, minus: Copy): DualLink {
  const power = depth / (depth - 2);
  const inputs = plus.w0.length;
  const copies = [plus, minus].map(({ logScale, w0 }, copy) => ({
    sign: copy === 0 ? 1 : -1,
    rest: (1 + copy) * inputs,
    scale: logScale.map(Math.exp),
    weight: w0.map((shape) => shape ** (depth - 2)),
  }));
  return {
    start: () => new Float64Array(3 * inputs).fill(1, inputs),
    advance(state, change, step, out) {
      for (let i = 0; i < inputs; i++) {
        out[i] = state[i] + step * change[i];
        for (const { sign, rest, weight } of copies)
          out[rest + i] = state[rest + i] - sign * step * weight[i] * change[i];
      }
    },
    reach(state, change) {
      let reach = Infinity;
      for (const { sign, rest, weight } of copies)
        for (let i = 0; i < inputs; i++) {
          const move = sign * weight[i] * change[i];
          if (move > 0) reach = Math.min(reach, state[rest + i] / move);
        }
      return reach;
    },
    predictor(state, beta) {
      beta.fill(0);
      for (const { sign, rest, scale, weight } of copies)
        for (let i = 0; i < inputs; i++) {
          const z = sign * weight[i] * state[i];
          const grown =
            Math.abs(z) < 0.5 ? Math.expm1(-power * Math.log1p(-z)) : state[rest + i] ** -power - 1;
          beta[i] += sign * scale[i] * grown;
        }
    },
    slope(state, slope) {
      slope.fill(0);
      for (const { rest, scale, weight } of copies)
        for (let i = 0; i < inputs; i++)
          slope[i] += power * weight[i] * scale[i] * state[rest + i] ** (-power - 1);
    },
  };
}

function addTo(state: Float64Array, change: Float64Array, step: number, out: Float64Array): void {
  for (let i = 0; i < state.length; i++) out[i] = state[i] + step * change[i];
}
