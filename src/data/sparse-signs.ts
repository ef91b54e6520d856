import * as v from "valibot";
import { kindField } from "../document/field.ts";
import type { SparseSignsData } from "../document/types.ts";
import { dimension, generatedShape, generatedTestSet, samples, seed, testSamples } from "./generated.ts";
import { defineData } from "./kind.ts";
import { fillSigns, type Purpose, stream } from "./stream.ts";

/**
 * The binary problem of Wei, Lee, Liu and Ma (2019): y is a random sign; x_1 = +-1, x_2 = 0 where y = +1, x_1 = 0,
 * x_2 = +-1 where y = -1; the other inputs are random signs. |x|^2 = n - 1, and no linear predictor beats chance.
 *
 * Sample i takes the draws i n .. i n + n - 1 of its set's input stream (one of x_1 and x_2 is then set to 0) and draw i of
 * its label stream, so a larger `samples` keeps the earlier samples.
 */
export const sparseSigns = defineData({
  kind: "sparse-signs",
  schema: v.strictObject({
    kind: kindField("sparse-signs", "Random signs, two of which tell the class (Wei et al. 2019)."),
    samples,
    dimension: dimension(2),
    seed,
    testSamples,
  }),
  shape: generatedShape,
  lacksTestSet: generatedTestSet,
  generate: (specification) => {
    const { samples, dimension: inputs, testSamples } = specification;
    const { X, y } = drawSet(specification, samples, "inputs", "labels");
    const test = drawSet(specification, testSamples, "testInputs", "testLabels");
    return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
  },
});

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
