import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import {
  count,
  dimension,
  generatedShape,
  generatedTestSet,
  maxEntries,
  samples,
  seed,
  testSamples,
} from "./generated.ts";
import { constant } from "./inputs.ts";
import { defineData } from "./kind.ts";

/**
 * A smooth function of inputs that are uniform in the unit ball, whose Fourier transform is known (Barron 1993): exp(-|x|^2/2), or the
 * mean of `cosines` waves cos(omega . x + phase), every |omega| = `frequency`, directions and phases uniform.
 *
 * Sample i takes the draws i (n + 2) .. of its set's input stream: n of the n + 2 coordinates of a uniform point on a sphere are
 * uniform in the ball. Wave k takes the draws k (n + 2) .. of the teacher stream: n for its direction, 2 for its phase.
 */
export const ball = defineData({
  kind: "ball",
  inGeneralPosition: true,
  schema: v.strictObject({
    kind: kindField(
      "ball",
      "Inputs uniform in the unit ball, and a function whose Fourier transform is known (Barron 1993).",
    ),
    samples,
    dimension: dimension(),
    cosines: v.exactOptional(
      count(1, "Waves whose mean is learned; the Gaussian exp(-|x|^2/2) where it is left out."),
    ),
    frequency: v.exactOptional(
      v.pipe(v.number(), v.gtValue(0), v.maxValue(1e6), v.description("|omega| of every wave.")),
    ),
    constant,
    seed,
    testSamples,
  }),

  shape: (specification) => {
    const { cosines, frequency, dimension } = specification;
    if ((cosines === undefined) !== (frequency === undefined))
      throw new DocumentError(
        `data.${cosines === undefined ? "cosines" : "frequency"}`,
        "is missing; waves have data.cosines, how many, and data.frequency; the Gaussian has neither",
      );
    if (cosines !== undefined && cosines * (dimension + 2) > maxEntries)
      throw new DocumentError(
        "data.cosines",
        `is ${cosines}; with ${dimension} inputs at most ${Math.floor(maxEntries / (dimension + 2))}`,
      );
    return generatedShape(specification);
  },

  lacksTestSet: generatedTestSet,

  generator: async () => (await import("./ball.dataset.ts")).generate,
});
