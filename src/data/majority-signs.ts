import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
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

  generator: async () => (await import("./majority-signs.dataset.ts")).generate,
});
