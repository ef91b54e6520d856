/** One network without biases, f(x) = W_L [... [W_1 x]+ ...]+, at given weights. */
export interface DenseNetwork {
  /** Hidden widths. */
  widths: readonly number[];
  /** Layers in order, each [above, below] row-major. */
  weights: Float64Array;
  /** One where left out. */
  outputs?: number;
  /** Its hidden units are not rectified. */
  linear?: boolean;
}

/**
 * What a network makes of some inputs, [rows, outputs]: of every layer of weights what goes in, [rows, below], and what comes
 * back from each output, [rows, outputs, above].
 */
export interface NetworkPass {
  rows: number;
  outputs: Float64Array;
  activations: Float64Array[];
  signals: Float64Array[];
}

/** Outputs of a network, [rows, outputs]. */
export const networkOutputs = (network: DenseNetwork, inputs: number, X: Float64Array): Float64Array =>
  networkPass(network, inputs, X).outputs;

/**
 * The tangent kernel of a network at these weights, K(x, x') = <grad_w f(x), grad_w f(x')>, without its Jacobian: the sum
 * over layers of (H H^T) o (B B^T), Gram matrices of what goes in and of the signals back (Jacot et al. 2018). Of several
 * outputs it is the sum of each one's.
 *
 * An unbiased pair that starts equal has twice this kernel; an output scaled by alpha, alpha^2 times it.
 *
 * @param left [rows, inputs], row-major
 * @param right [columns, inputs]; left itself where it is left out
 * @returns [rows, columns]
 * @throws RangeError for wrong lengths
 */
export function networkKernel(
  network: DenseNetwork,
  inputs: number,
  left: Float64Array,
  right: Float64Array = left,
): Float64Array {
  const rows = networkPass(network, inputs, left);
  const columns = right === left ? rows : networkPass(network, inputs, right);
  const K = new Float64Array(rows.rows * columns.rows);
  rows.activations.forEach((H, l) => {
    const [below, above] = [H.length / rows.rows, rows.signals[l].length / rows.rows];
    for (let i = 0; i < rows.rows; i++)
      for (let j = 0; j < columns.rows; j++) {
        const back = dot(rows.signals[l], i, columns.signals[l], j, above);
        if (back !== 0) K[i * columns.rows + j] += dot(H, i, columns.activations[l], j, below) * back;
      }
  });
  return K;
}

/**
 * Runs a network on some inputs, forward and back.
 *
 * @param X [rows, inputs], row-major
 * @throws RangeError for wrong lengths
 */
export function networkPass(
  { widths, weights, outputs: O = 1, linear = false }: DenseNetwork,
  inputs: number,
  X: Float64Array,
): NetworkPass {
  const sizes = [inputs, ...widths, O];
  const count = sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l], 0);
  if (weights.length !== count)
    throw new RangeError(
      `${weights.length} weights; ${inputs} inputs and widths ${widths.join(", ")} take ${count}`,
    );
  if (X.length % inputs !== 0)
    throw new RangeError(`${X.length} entries are not a whole number of rows of ${inputs} inputs`);
  const rows = X.length / inputs;
  const layers: Float64Array[] = [];
  for (let l = 1, start = 0; l < sizes.length; l++)
    layers.push(weights.subarray(start, (start += sizes[l - 1] * sizes[l])));

  const activations = [X];
  layers.forEach((W, l) => {
    const [below, above] = [sizes[l], sizes[l + 1]];
    const last = l === layers.length - 1;
    const out = new Float64Array(rows * above);
    for (let j = 0; j < rows; j++)
      for (let unit = 0; unit < above; unit++) {
        const z = dot(W, unit, activations[l], j, below);
        out[j * above + unit] = last || linear ? z : Math.max(0, z);
      }
    activations.push(out);
  });
  const outputs = activations.pop()!;

  // From each output 1 to itself.
  const signals = [
    Float64Array.from({ length: rows * O * O }, (_, k) => Number(k % O === Math.floor(k / O) % O)),
  ];
  for (let l = layers.length - 1; l >= 1; l--) {
    const [below, above] = [sizes[l], sizes[l + 1]];
    const B = signals[0];
    const back = new Float64Array(rows * O * below);
    for (let j = 0; j < rows; j++)
      for (let from = j * O; from < (j + 1) * O; from++)
        for (let unit = 0; unit < above; unit++) {
          const signal = B[from * above + unit];
          if (signal === 0) continue;
          for (let i = 0; i < below; i++)
            if (linear || activations[l][j * below + i] > 0)
              back[from * below + i] += layers[l][unit * below + i] * signal;
        }
    signals.unshift(back);
  }
  return { rows, outputs, activations, signals };
}

/** <row i of A, row j of B>, both of `length` entries. */
function dot(A: Float64Array, i: number, B: Float64Array, j: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += A[i * length + k] * B[j * length + k];
  return sum;
}
