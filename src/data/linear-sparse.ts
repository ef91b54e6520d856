import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { generatedShape, generatedTestSet } from "./generated.ts";
import { defineData } from "./kind.ts";
import { linearEntries } from "./linear.ts";

/** Linear regression with a sparse predictor: `sparsity` leading entries, norm/sqrt(sparsity) each or drawn, then zeros. */
export const linearSparse = defineData({
  kind: "linear-sparse",
  schema: v.strictObject({
    kind: kindField(
      "linear-sparse",
      "Standard normal inputs, and a sparse linear truth (Woodworth et al. 2020).",
    ),
    ...linearEntries,
    sparsity: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.description("Nonzero entries of beta*, at most the dimension."),
    ),
    norm: v.exactOptional(
      v.pipe(
        v.number(),
        v.gtValue(0),
        v.maxValue(1e30),
        v.description("l2 norm of beta*; 1 where it is left out, and that of the draws of Gaussian entries."),
      ),
    ),
    entries: v.exactOptional(
      v.pipe(
        v.picklist(["equal", "gaussian"]),
        v.description("Nonzero entries of beta*: all alike, or drawn from N(0, 1)."),
      ),
    ),
  }),
  linear: true,
  inGeneralPosition: true,
  shape: (specification) => {
    const { sparsity, dimension } = specification;
    if (sparsity > dimension) {
      throw new DocumentError("data.sparsity", `is ${sparsity}; at most the dimension, ${dimension}`);
    }
    return generatedShape(specification);
  },
  lacksTestSet: generatedTestSet,

  generator: async () => (await import("./linear-sparse.dataset.ts")).generate,
});
