import { l2Norm } from "./norms.ts";

/** A ReLU network without biases, f(x) = W_L [... [W_1 x]+ ...]+, and its Gaussian initial weights. */
export interface ReluInitialization {
  /** Hidden widths m_1 .. m_(L-1). */
  widths: readonly number[];
  /** Standard deviation of the weights of each layer, r_1 .. r_L: one more than hidden widths. */
  deviations: readonly number[];
}

/** He et al.'s standard deviations, sqrt(2 / fan-in) in every layer, the last too. */
export const heDeviations = (inputs: number, widths: readonly number[]): number[] =>
  [inputs, ...widths].map((fanIn) => Math.sqrt(2 / fanIn));

/**
 * The tangent kernel of a wide ReLU network at its random initialization, K(x, x') = E <grad_w f(x), grad_w f(x')>, in closed
 * form (Cho and Saul 2009; Jacot et al. 2018). With one hidden layer this is the mean over initializations at every
 * width, with more it is their limit for large widths.
 *
 *   K = sum over layers of h_(l-1) b_l          H_(l-1) H_(l-1)^T o B_l B_l^T, in expectation
 *   h_0 = x.x',    h_l = m_l p_l (sin t_l + (pi - t_l) cos t_l) / (2 pi),    p_l = r_l^2 |h_(l-1)(x)| |h_(l-1)(x')|
 *   b_L = 1,       b_l = m_l r_(l+1)^2 b_(l+1) (pi - t_l) / (2 pi)
 *
 * with t_1 the angle between x and x', cos t_(l+1) = (sin t_l + (pi - t_l) cos t_l) / pi, and the squared lengths
 * |h_l(x)|^2 = m_l r_l^2 |h_(l-1)(x)|^2 / 2. A zero input has a zero kernel, as ReLU'(0) = 0.
 *
 * An unbiased pair (the difference of two copies) has twice this kernel; weights scaled by alpha, deviations times alpha;
 * an output scaled by alpha, alpha^2 times this kernel.
 *
 * @param left [rows, inputs], row-major
 * @param right [columns, inputs]; left itself where it is left out, which takes half the time
 * @returns [rows, columns]
 * @throws RangeError for wrong lengths, and for numbers that are not finite
 */
export function reluTangentKernel(
  initialization: ReluInitialization,
  inputs: number,
  left: Float64Array,
  right: Float64Array = left,
): Float64Array {
  const kernel = kernelOfAngle(initialization);
  const rows = directionsOf(left, inputs, "left");
  const columns = right === left ? rows : directionsOf(right, inputs, "right");
  const [height, width] = [rows.lengths.length, columns.lengths.length];
  const K = new Float64Array(height * width);
  for (let i = 0; i < height; i++) {
    const end = right === left ? i + 1 : width;
    for (let j = 0; j < end; j++) {
      const angle = angleBetween(rows.units, i * inputs, columns.units, j * inputs, inputs);
      K[i * width + j] = rows.lengths[i] * columns.lengths[j] * kernel(angle);
      if (right === left) K[j * width + i] = K[i * width + j];
    }
  }
  return K;
}

/** The kernel of two inputs of length 1, as a function of the angle between them. */
function kernelOfAngle({ widths, deviations }: ReluInitialization): (angle: number) => number {
  if (deviations.length !== widths.length + 1)
    throw new RangeError(
      `${deviations.length} standard deviations; ${widths.length} hidden layers need ${widths.length + 1}`,
    );
  for (const width of widths)
    if (!(Number.isInteger(width) && width >= 1))
      throw new RangeError(`a width is ${width}; it must be a whole number of at least 1`);
  for (const deviation of deviations)
    if (!(deviation >= 0 && deviation < Infinity))
      throw new RangeError(`a standard deviation is ${deviation}; it must be a finite number of at least 0`);

  // The same sum from the first layer on (Jacot et al.'s recursion), for inputs of length 1: each layer multiplies what is
  // below it by its share of b and adds its own h.
  return (angle) => {
    let t = angle;
    let length = 1; // |h_l|^2
    let covariance = Math.cos(t); // h_l
    let kernel = covariance;
    widths.forEach((width, layer) => {
      const [below, above] = [deviations[layer], deviations[layer + 1]];
      const open = (Math.PI - t) / (2 * Math.PI);
      const turned = Math.sin(t) + (Math.PI - t) * Math.cos(t);
      covariance = (width * below ** 2 * length * turned) / (2 * Math.PI);
      kernel = kernel * width * above ** 2 * open + covariance;
      length *= (width * below ** 2) / 2;
      t = nextAngle(t);
    });
    return kernel;
  };
}

/** The angle behind a ReLU layer. From 1 - cos, not cos, which near 1 has only half of the angle's digits. */
function nextAngle(t: number): number {
  const versine = 2 * Math.sin(t / 2) ** 2 - (Math.sin(t) - t * Math.cos(t)) / Math.PI;
  return 2 * Math.asin(Math.sqrt(Math.max(0, versine) / 2));
}

/** Every row's length, and the row over its length (0 for a zero row). */
function directionsOf(X: Float64Array, inputs: number, name: string) {
  if (!(Number.isInteger(inputs) && inputs >= 1) || X.length % inputs !== 0)
    throw new RangeError(`${name} has ${X.length} entries, not a whole number of rows of ${inputs} inputs`);
  const bad = X.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new RangeError(
      `${name}[${Math.floor(bad / inputs)}, ${bad % inputs}] is ${X[bad]}; it must be finite`,
    );
  const lengths = new Float64Array(X.length / inputs);
  const units = new Float64Array(X.length);
  for (let row = 0; row < lengths.length; row++) {
    const stretch = X.subarray(row * inputs, (row + 1) * inputs);
    lengths[row] = l2Norm(stretch);
    if (lengths[row] > 0) stretch.forEach((value, k) => (units[row * inputs + k] = value / lengths[row]));
  }
  return { lengths, units };
}

/** Kahan's formula, 2 atan2(|u - v|, |u + v|) for unit vectors: right to a few roundings at every angle. */
function angleBetween(left: Float64Array, i: number, right: Float64Array, j: number, inputs: number): number {
  let apart = 0;
  let together = 0;
  for (let k = 0; k < inputs; k++) {
    const [u, v] = [left[i + k], right[j + k]];
    apart += (u - v) * (u - v);
    together += (u + v) * (u + v);
  }
  return 2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
}
