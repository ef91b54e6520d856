import * as v from "valibot";
import { DocumentError } from "../../document/error.ts";
import { field, kindField } from "../../document/field.ts";
import { shown } from "../../document/shown.ts";
import type { Json, MatrixModel, RunSpecification } from "../../document/types.ts";
import type { ModelKind } from "../model.ts";
import { SHAPES, factorsOf } from "./shape.ts";

/** Deeper products have more operations than a program holds. */
const MOST_FACTORS = 12;
const WIDEST = 1e6;

const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(WIDEST));

/**
 * Factorized matrices W = W_D .. W_1, or U U^T, on measurements <A_i, W>: f(A) = <A, W> (Gunasekar et al. 2017, Arora et al.
 * 2019, Woodworth et al. 2020, Section 6), in coordinates without cancellation (coordinates.ts).
 */
export const matrix = {
  kind: "matrix",
  measuresMatrix: true,
  schema: v.strictObject({
    kind: kindField("matrix", "W = W_D ... W_1, or U Uᵀ, on measurements of a matrix."),
    factors: v.optional(
      field(
        "Factors D of W = W_D ... W_1.",
        `factors are a whole number from 1 to ${MOST_FACTORS}`,
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_FACTORS)),
      ),
      2,
    ),
    width: v.exactOptional(
      field(
        "Width between any two factors; the larger side of the matrix where it is left out.",
        `a width is a whole number from 1 to ${WIDEST}`,
        width,
      ),
    ),
    widths: v.exactOptional(
      field(
        "Widths between the factors, the rightmost factor's first.",
        `widths are a list of whole numbers from 1 to ${WIDEST}, one less than factors`,
        v.array(width),
      ),
    ),
    symmetric: v.optional(field("W = U U^T.", "symmetric is true or false", v.boolean()), false),
    unbiased: v.optional(
      field(
        "The difference of two copies that start equal, so that W(0) = 0.",
        "unbiased is true or false",
        v.boolean(),
      ),
      false,
    ),
  }),

  weights: (model, sides) => (model.unbiased ? 2 : 1) * factorsOf(model, sides).parameters,

  checkRun({ model, init: { shape }, loss }) {
    const refuse = (path: string, value: Json, allowed: string) =>
      new DocumentError(path, `is ${shown(value)}; ${allowed}`);
    const { factors, width, widths, symmetric } = model;
    if (width !== undefined && widths) throw refuse("model.widths", widths, 'it cannot stand beside "width"');
    if (widths && widths.length !== factors - 1)
      throw refuse("model.widths", widths, `${factors} factors have ${factors - 1} widths between them`);
    if (symmetric && factors !== 2)
      throw refuse("model.factors", factors, "a symmetric model U U^T has 2 factors");
    const count = symmetric ? 1 : factors;
    if (shape === "ones" || shape === "he") throw refuse("init.shape", shape, SHAPES);
    if (typeof shape === "object" && "std" in shape && Array.isArray(shape.std) && shape.std.length !== count)
      throw refuse(
        "init.shape.std",
        shape.std,
        count === 1 ? "U U^T has one standard deviation" : `${count} factors take ${count} numbers or one`,
      );
    if (loss.kind !== "squared")
      throw refuse("loss.kind", loss.kind, 'a matrix model is trained on the "squared" loss');
  },

  provides: ({ model, init }: RunSpecification) => {
    const { symmetric, unbiased, factors } = model as MatrixModel;
    return {
      losses: true,
      weights: true,
      linearized: true,
      conserved: symmetric && !unbiased ? "one copy of U U^T conserves nothing" : true,
      predictor: true,
      matrix: true,
      implicitBias:
        factors === 2 && unbiased && !symmetric && init.shape === "identity"
          ? true
          : "a matrix model's flow has a functional Q with 2 factors of two copies from the identity alone",
      tangentKernel: true,
      finalPredictor: true,
      finalWeights: true,
    };
  },

  behaviour: async () => (await import("./behaviour.ts")).matrixBehaviour,
} satisfies ModelKind<MatrixModel>;
