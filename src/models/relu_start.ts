import type { Dataset } from "../data/dataset.ts";
import type { ReluModel } from "../document/types.ts";
import type { Member } from "../scheduler/cohort.ts";

/** One layer of weights, [above, below] row-major, and where its units' rows lie among all units. */
export interface Layer {
  offset: number;
  fan_in: number;
  fan_out: number;
  /** First rows; the input has none. */
  below: number;
  above: number;
}

/** The layers of one network in order; its units are all hidden ones, then the output. */
export function layersOf({ widths }: ReluModel, inputs: number): Layer[] {
  let [offset, below, above] = [0, 0, 0];
  return [...widths, 1].map((fan_out, index) => {
    const fan_in = widths[index - 1] ?? inputs;
    const layer = { offset, fan_in, fan_out, below, above };
    offset += fan_in * fan_out;
    below = above;
    above += fan_out;
    return layer;
  });
}

/** Weights of one network. */
export const parametersOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { fan_in, fan_out }) => sum + fan_in * fan_out, 0);

/** Where a ReLU network starts: one copy's weights, and the output's scale. */
export function reluStart({ run: { init }, w0 }: Member): { weights: Float64Array; A: number } {
  const output = init.scaling === "output";
  return { weights: output ? w0 : w0.map((value) => init.alpha * value), A: output ? init.alpha : 1 };
}

/** Products beyond which the eigenvalue is not looked for. */
const DEAREST = 1e8;

/**
 * Largest eigenvalue of the tangent kernel at w(0), by power iteration on J (J^T v): never above the true one.
 *
 * @returns 0 where that would take too long
 */
export function largestEigenvalue(member: Member, { X, samples: N, inputs }: Dataset): number {
  const model = member.run.model as ReluModel;
  const layers = layersOf(model, inputs);
  const { weights, A } = reluStart(member);
  const ROUNDS = 30;
  if (2 * ROUNDS * N * parametersOf(layers) > DEAREST) return 0;
  // By layer: activations below [N, fan_in], and signals back above [N, fan_out].
  const below: Float64Array[] = [Float64Array.from(X)];
  for (const { offset, fan_in, fan_out } of layers) {
    const H = below.at(-1)!;
    const Z = new Float64Array(N * fan_out);
    for (let j = 0; j < N; j++)
      for (let u = 0; u < fan_out; u++) {
        let sum = 0;
        for (let i = 0; i < fan_in; i++) sum += weights[offset + u * fan_in + i]! * H[j * fan_in + i]!;
        Z[j * fan_out + u] = Math.max(0, sum);
      }
    below.push(Z);
  }
  const above: Float64Array[] = [new Float64Array(N).fill(1)];
  for (const { offset, fan_in, fan_out } of layers.slice(1).reverse()) {
    const B = above[0]!;
    const H = below[layers.length - above.length]!;
    const back = new Float64Array(N * fan_in);
    for (let j = 0; j < N; j++)
      for (let u = 0; u < fan_out; u++)
        for (let i = 0; i < fan_in; i++)
          if (H[j * fan_in + i]! > 0)
            back[j * fan_in + i]! += weights[offset + u * fan_in + i]! * B[j * fan_out + u]!;
    above.unshift(back);
  }
  let vector: Float64Array = Float64Array.from({ length: N }, (_, j) => 1 + 0.1 * Math.sin(j));
  let eigenvalue = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(N);
    layers.forEach(({ fan_in, fan_out }, l) => {
      const [H, B] = [below[l]!, above[l]!];
      for (let u = 0; u < fan_out; u++)
        for (let i = 0; i < fan_in; i++) {
          let sum = 0;
          for (let j = 0; j < N; j++) sum += vector[j]! * B[j * fan_out + u]! * H[j * fan_in + i]!;
          for (let j = 0; j < N; j++) next[j]! += sum * B[j * fan_out + u]! * H[j * fan_in + i]!;
        }
    });
    const norm = Math.hypot(...next);
    if (!(norm > 0)) return 0;
    vector = next.map((value) => value / norm);
    const settled = Math.abs(norm - eigenvalue) <= 1e-3 * norm;
    eigenvalue = norm;
    if (settled) break;
  }
  return A * A * (model.unbiased ? 2 : 1) * eigenvalue;
}
