import type { MajoritySignsData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { fillSigns, type Purpose, stream } from "./stream.ts";

/** Makes the data that src/data/majority-signs.ts tells of. */
export const generate: Generate<MajoritySignsData> = (specification) => {
  const { samples, dimension: inputs, testSamples } = specification;
  const { X, y } = drawSet(specification, samples, "inputs");
  const test = drawSet(specification, testSamples, "testInputs");
  return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
};

function drawSet(
  { seed, dimension, sparsity }: MajoritySignsData,
  rows: number,
  purpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const X = new Float64Array(rows * dimension);
  fillSigns(stream(seed, purpose), X);
  const y = Float64Array.from({ length: rows }, (_, i) =>
    Math.sign(X.subarray(i * dimension, i * dimension + sparsity).reduce((sum, sign) => sum + sign, 0)),
  );
  return { X, y };
}
