import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import type { MajoritySignsData } from "../document/types.ts";
import {
  count,
  dimension,
  generatedShape,
  generatedTestSet,
  samples,
  seed,
  testSamples,
} from "./generated.ts";
import { defineData } from "./kind.ts";
import { fillSigns, type Purpose, stream } from "./stream.ts";

/**
 * Random signs, labelled by what most of the first `sparsity` of them are, an odd number (Lyu et al. 2024): a sparse predictor
 * tells every label.
 *
 * Sample i takes the draws i n .. i n + n - 1 of its set's input stream, so a larger `samples` keeps the earlier samples.
 */
export const majoritySigns = defineData({
  kind: "majority-signs",
  schema: v.strictObject({
    kind: kindField(
      "majority-signs",
      "Random signs; the majority of the first few tells the class (Lyu et al. 2024).",
    ),
    samples,
    dimension: dimension(),
    sparsity: v.optional(count(1, "Inputs whose majority is the label, the first: an odd number."), 3),
    seed,
    testSamples,
  }),
  shape: (specification) => {
    const { sparsity, dimension } = specification;
    if (sparsity % 2 === 0 || sparsity > dimension)
      throw new DocumentError(
        "data.sparsity",
        `is ${sparsity}; an odd number, at most the dimension, ${dimension}`,
      );
    return generatedShape(specification);
  },
  lacksTestSet: generatedTestSet,
  generate: (specification) => {
    const { samples, dimension: inputs, testSamples } = specification;
    const { X, y } = drawSet(specification, samples, "inputs");
    const test = drawSet(specification, testSamples, "testInputs");
    return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
  },
});

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
