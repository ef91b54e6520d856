import type { Dataset } from "../../src/data/dataset.ts";
import { generate } from "../../src/data/linear-sparse.dataset.ts";
import { fillNormal, stream } from "../../src/data/stream.ts";

/** Figure 7's data with a seed of our own: X standard normal, beta* with five leading entries 1/sqrt(5). */
export function sparseRegression(samples: number, dimension: number, seed: number, noise = 0.1): Dataset {
  const sparsity = Math.min(5, dimension);
  return generate(
    { kind: "linear-sparse", samples, dimension, sparsity, noise, seed, testSamples: 0 },
    new Map(),
  );
}

/** Standard normal numbers, [length], of a seed. */
export function normals(length: number, seed: number): Float64Array {
  const values = new Float64Array(length);
  fillNormal(stream(seed, "initialWeights"), values);
  return values;
}

/** A positive shape of the initial weights, [inputs], whose entries lie within a factor `spread` of one another. */
export function unevenShape(inputs: number, spread: number, seed: number): Float64Array {
  return normals(inputs, seed).map((value) => spread ** (Math.tanh(value) / 2));
}
