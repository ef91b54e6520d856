/** Where a diagonal network starts: w+ = w- = alpha w0, f(x) = <w+^D - w-^D, x> (Woodworth et al. 2020, Section 5). */
export interface Initialization {
  /** Degree of homogeneity D, a whole number >= 1. Default 2. */
  depth?: number;
  /** Scale of the initial WEIGHTS, > 0. */
  alpha: number;
  /** Shape of the initial weights, [inputs], every entry > 0. Default: ones. */
  w0?: ArrayLike<number>;
}

/** Where it starts with copies apart: w+ = alpha w0, w- = alpha minus. */
export interface ApartInitialization extends Initialization {
  /**
   * Shape of w-(0), [inputs], every entry >= 0, for a depth of at least 2. Default: w0. All zeros: no negative copy,
   * f(x) = <w^D, x>, since what starts at 0 stays there.
   */
  minus?: ArrayLike<number>;
}

/** An initialization with its defaults filled in. */
export interface CheckedInitialization {
  depth: number;
  alpha: number;
  w0: Float64Array;
  /** Only where the copies start apart. */
  minus?: Float64Array;
}

/**
 * Fills in defaults.
 * @param inputs length of the predictor
 * @throws RangeError that names what is wrong and what is allowed
 */
export function checkInitialization(
  { depth = 2, alpha, w0, minus }: ApartInitialization,
  inputs: number,
): CheckedInitialization {
  checkDepth(depth);
  if (!(alpha > 0 && Number.isFinite(alpha)))
    throw new RangeError(
      `alpha is ${alpha}; it must be positive and finite (weights that start at 0 never move when D >= 2)`,
    );
  const shape = w0 === undefined ? new Float64Array(inputs).fill(1) : Float64Array.from(w0);
  if (shape.length !== inputs)
    throw new RangeError(`w0 has ${shape.length} entries; it needs one an input, ${inputs}`);
  const entry = shape.findIndex((value) => !(value > 0 && Number.isFinite(value)));
  if (entry >= 0)
    throw new RangeError(`w0[${entry}] is ${shape[entry]}; every entry must be positive and finite`);
  return minus === undefined
    ? { depth, alpha, w0: shape }
    : { depth, alpha, w0: shape, minus: checkMinus(minus, depth, inputs) };
}

function checkMinus(minus: ArrayLike<number>, depth: number, inputs: number): Float64Array {
  if (depth === 1)
    throw new RangeError("minus is given at depth 1; a linear model ends at the same beta from any start");
  if (minus.length !== inputs)
    throw new RangeError(`minus has ${minus.length} entries; it needs one an input, ${inputs}`);
  const shape = Float64Array.from(minus);
  const entry = shape.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (entry >= 0)
    throw new RangeError(`minus[${entry}] is ${shape[entry]}; every entry must be finite and not negative`);
  return shape;
}

/** @throws RangeError unless depth is a whole number >= 1 */
export function checkDepth(depth: number): void {
  if (!Number.isInteger(depth) || depth < 1)
    throw new RangeError(`depth is ${depth}; it must be a whole number >= 1`);
}

/** beta at the start, [inputs]: zeros where the copies start equal. */
export function initialPredictor({ depth, alpha, w0, minus = w0 }: CheckedInitialization): Float64Array {
  return w0.map((shape, i) =>
    shape === minus[i] ? 0 : (alpha * shape) ** depth - (alpha * minus[i]) ** depth,
  );
}

/**
 * a_i^D, [inputs]: beta's scale at the start.
 * @throws RangeError where float64 cannot hold one
 */
export function initialScale({ depth, alpha, w0 }: CheckedInitialization): Float64Array {
  return w0.map((shape, i) => {
    const scale = (alpha * shape) ** depth;
    if (scale >= 2 ** -1022 && Number.isFinite(scale)) return scale;
    throw new RangeError(`alpha = ${alpha}, depth = ${depth}: (alpha w0[${i}])^depth is outside float64`);
  });
}
