import type { SparseSignsData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { fillSigns, type Purpose, stream } from "./stream.ts";

/** Makes the data that src/data/sparse-signs.ts tells of. */
export const generate: Generate<SparseSignsData> = (specification) => {
  const { samples, dimension: inputs, testSamples } = specification;
  const { X, y } = drawSet(specification, samples, "inputs", "labels");
  const test = drawSet(specification, testSamples, "testInputs", "testLabels");
  return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
};

function drawSet(
  { seed, dimension }: SparseSignsData,
  rows: number,
  inputPurpose: Purpose,
  labelPurpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const X = new Float64Array(rows * dimension);
  fillSigns(stream(seed, inputPurpose), X);
  const y = new Float64Array(rows);
  fillSigns(stream(seed, labelPurpose), y);
  for (let i = 0; i < rows; i++) X[i * dimension + (y[i] > 0 ? 1 : 0)] = 0;
  return { X, y };
}
