import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { generatedShape, generatedTestSet } from "./generated.ts";
import { defineData } from "./kind.ts";
import { linearEntries } from "./linear.ts";

/** Linear regression with a dense predictor: beta* uniform on [-1, 1]^n. */
export const linearUniform = defineData({
  kind: "linear-uniform",
  schema: v.strictObject({
    kind: kindField(
      "linear-uniform",
      "Standard normal inputs, and a linear truth β* with coefficients uniform in [-1, 1].",
    ),
    ...linearEntries,
  }),
  linear: true,
  inGeneralPosition: true,
  shape: generatedShape,
  lacksTestSet: generatedTestSet,

  generator: async () => (await import("./linear-uniform.dataset.ts")).generate,
});
