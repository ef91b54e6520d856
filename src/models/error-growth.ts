import { gamma, u } from "./roundoff.ts";

/**
 * What is known where weights are moved by F(w), whose Jacobian is -(G + C) with G symmetric and not negative: by F itself
 * in a step of descent, by slopes F in a flow. Norms are Euclidean, over all weights.
 */
export interface Local {
  /** Of what float32 makes of F at the same weights, less F: its rounding, and what it jumps by. */
  rounding: number;
  /** Of what float32 stores: displacements from w(0), and F. Each is off by u of that where it is stored. */
  stored: number;
  change: number;
  /** Bounds of |G| and |C|, and of |G - G of the flow's step|. */
  bend: number;
  coupling: number;
  drift: number;
}

/**
 * Bounds on the distance of weights from what float32 makes of them, to first order in u: yields each, given what is known
 * at the weights before.
 */
export type ErrorGrowth = Generator<number, number, Local>;

/** By gradient descent: I - G lies between 1 - |G| and 1. */
export function* descentErrors(): ErrorGrowth {
  let e = 0;
  for (;;) {
    const { rounding, stored, bend, coupling } = yield e;
    e = (Math.max(1, bend - 1) + coupling) * e + rounding + u * stored;
  }
}

/**
 * By a gradient flow, stage by stage. G is that of a step's first stage; f_i = (C_i + G_i - G) e_i and the rounding of F is
 * what else moves the slope of stage i, s_i what is rounded on the way to it. The error is then multiplied by polynomials
 * of h G alone, whose eigenvalues z lie between 0 and Z = h |G|:
 *
 *   e_2  = (1 - z/2) e + h/2 f_1 + s_2
 *   e_3  = (1 - 3z/4 + 3z^2/8) e - 3/8 h z f_1 + 3/4 h f_2 - 3/4 z s_2 + s_3
 *   e   <- (1 - z + z^2/2 - z^3/6) e + h (2/9 - z/6 + z^2/6) f_1 + h/3 (1 - z) f_2 + 4/9 h f_3
 *          - z/3 (1 - z) s_2 - 4/9 z s_3 + s_4
 *
 * Each is largest at z = 0 or at Z: up to Z = 2.5, where the pair itself becomes unstable, no error grows but by f. s_i
 * is gamma(7) of the sum of absolute slopes times their weights and h, u of what is stored, and the slopes' sum times
 * 2 u t: of steps only the times t at their ends are known, in float32.
 */
export function* flowErrors(steps: readonly number[]): ErrorGrowth {
  let [e, time] = [0, 0];
  for (const h of steps) {
    time += h;
    const first = yield e;
    const Z = h * first.bend;
    const moved = (slopes: number) => (gamma(7) * h + 2 * u * time) * slopes + u * first.stored;
    const force = ({ coupling, drift, rounding }: Local, error: number) =>
      (coupling + drift) * error + rounding;
    const [f1, s2] = [force(first, e), moved(first.change / 2)];

    const e2 = Math.max(1, Z / 2 - 1) * e + (h / 2) * f1 + s2;
    const second = yield e2;
    const [f2, s3] = [force(second, e2), moved((3 / 4) * second.change)];

    const e3 =
      Math.max(1, 1 - (3 / 4) * Z + (3 / 8) * Z ** 2) * e +
      (3 / 8) * h * Z * f1 +
      (3 / 4) * (h * f2 + Z * s2) +
      s3;
    const third = yield e3;
    const f3 = force(third, e3);
    const s4 = moved((2 / 9) * first.change + (1 / 3) * second.change + (4 / 9) * third.change);

    const last = Math.max(1, Z - 1) / 3;
    e =
      Math.max(1, Z ** 3 / 6 - Z ** 2 / 2 + Z - 1) * e +
      h * (Math.max(2 / 9, 2 / 9 - Z / 6 + Z ** 2 / 6) * f1 + last * f2 + (4 / 9) * f3) +
      Z * (last * s2 + (4 / 9) * s3) +
      s4;
  }
  return e;
}
