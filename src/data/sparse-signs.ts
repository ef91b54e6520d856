import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { dimension, generatedShape, generatedTestSet, samples, seed, testSamples } from "./generated.ts";
import { defineData } from "./kind.ts";

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

  generator: async () => (await import("./sparse-signs.dataset.ts")).generate,
});
