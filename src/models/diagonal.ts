import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { deepestModel } from "../document/limits.ts";
import { shown } from "../document/shown.ts";
import type { DiagonalModel, Json } from "../document/types.ts";
import { lossOf } from "../losses/registry.ts";
import { degreeOf } from "./degree.ts";
import { SHAPES } from "./diagonal-shapes.ts";
import type { ModelKind } from "./model.ts";

/**
 * Diagonal networks f(x) = <w+^D - w-^D, x> (Woodworth et al. 2020, Section 4), in coordinates without cancellation:
 * diagonal-equal.ts where the copies start equal, diagonal-split.ts where they do not.
 */
export const diagonal = {
  kind: "diagonal",
  schema: v.strictObject({
    kind: kindField("diagonal", "f(x) = ⟨w₊ᴰ − w₋ᴰ, x⟩ (Woodworth et al. 2020)."),
    depth: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.description("Power D of the weights in f(x) = <w+^D - w-^D, x>."),
      ),
      2,
    ),
  }),

  weights: (_, { inputs }) => 2 * inputs,

  checkRun({ model, init: { shape }, loss }) {
    const refuse = (path: string, value: Json, allowed: string) =>
      new DocumentError(path, `is ${shown(value)}; ${allowed}`);
    if (model.depth > deepestModel)
      throw refuse("model.depth", model.depth, `a depth is a whole number from 1 to ${deepestModel}`);
    if (typeof shape === "string" && shape !== "ones") throw refuse("init.shape", shape, SHAPES);
    if (typeof shape === "object" && "std" in shape && Array.isArray(shape.std) && shape.std.length !== 1)
      throw refuse("init.shape.std", shape.std, "a diagonal model has one layer, so one standard deviation");
    if (lossOf(loss).joint)
      throw refuse("loss.kind", loss.kind, 'a diagonal model has one output: "squared" or "logistic"');
  },

  provides: ({ model, loss, train }) => ({
    losses: true,
    outputs: true,
    weights: true,
    linearized: true,
    conserved: true,
    effectiveStart:
      train.method === "gradient-flow"
        ? "a flow ends where its start says: it is of gradient descent"
        : degreeOf(model) === 2 || "the effective start is known of depth 2 alone",
    averagePredictor:
      train.method === "gradient-flow"
        ? "the average along a flow is not kept: it is of gradient descent"
        : loss.kind === "squared" || `the lasso is that of the "squared" loss`,
    predictor: true,
    tangentKernel: true,
    testKernel: true,
    implicitBias: loss.kind === "squared" || `the functional Q is that of the "squared" loss`,
    finalPredictor: true,
    finalWeights: true,
  }),

  behaviour: async () => (await import("./diagonal-behaviour.ts")).diagonalBehaviour,
} satisfies ModelKind<DiagonalModel>;
