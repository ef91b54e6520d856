import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import {
  count,
  dimension,
  generatedShape,
  generatedTestSet,
  maxEntries,
  noise,
  samples,
  seed,
  testSamples,
} from "./generated.ts";
import { constant } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { layersOf } from "./teacher-layers.ts";

/**
 * A Gaussian teacher: x ~ N(0, I), or uniform on the unit sphere, y = f*(x) + noise N(0, 1) or its sign (+1 where it is not negative). f* is a ReLU
 * network without biases whose weights are N(0, 2 / fan-in) in every layer, the last too: over teachers,
 * E f*(x)^2 = 2 |x|^2 / n. One teacher's signs need not be balanced, the less the deeper it is.
 * `scale` makes |output weight| |input weights| of every unit of one hidden layer 1 (Chizat et al. 2019), or the root mean square of f*
 * on the training inputs a number: positive factors, which move no sign.
 *
 * The teacher takes one draw a weight of the seed's teacher stream: the layers in order, each row-major [out, in]. Inputs
 * and noise are drawn as those of the linear kinds: with one seed they are the same, and a larger `samples` keeps them.
 */
export const teacher = defineData({
  kind: "teacher",
  inGeneralPosition: true,
  schema: v.strictObject({
    kind: kindField("teacher", "Random inputs, labelled by a random ReLU network."),
    samples,
    dimension: dimension(),
    widths: field(
      "Hidden widths of the teacher.",
      `widths are a list of the teacher's hidden widths, whole numbers from 1 to ${maxEntries}`,
      v.pipe(v.array(count(1, "Units of a hidden layer.")), v.nonEmpty(), v.maxLength(1000)),
    ),
    inputs: v.exactOptional(
      field(
        'Inputs: "gaussian", N(0, I), or uniform on the unit "sphere"; of two that is a circle.',
        'inputs are "gaussian" or "sphere"',
        v.picklist(["gaussian", "sphere"]),
      ),
    ),
    scale: v.exactOptional(
      field(
        'The teacher\'s scale: "unit", |output weight| |input weights| = 1 of every hidden unit, or the root mean square of its training targets.',
        'a scale is "unit" or a positive number, the root mean square of the training targets',
        v.union([v.literal("unit"), v.pipe(v.number(), v.gtValue(0), v.maxValue(1e37))]),
      ),
    ),
    labels: v.optional(
      field(
        'Targets: the teacher\'s "values", or their "signs".',
        'labels are "values" or "signs"',
        v.picklist(["values", "signs"]),
      ),
      "values",
    ),
    constant,
    noise: noise("Standard deviation of the noise on the teacher's values, before signs are taken."),
    seed,
    testSamples,
  }),

  shape: (specification) => {
    const weights = layersOf(specification).reduce((sum, { fanIn, fanOut }) => sum + fanIn * fanOut, 0);
    if (weights > maxEntries) {
      throw new DocumentError(
        "data.widths",
        `is ${shown(specification.widths)}; that makes ${weights} weights, and at most ${maxEntries} are allowed`,
      );
    }
    if (specification.scale === "unit" && specification.widths.length > 1)
      throw new DocumentError(
        "data.scale",
        `is "unit"; that is said of one hidden layer, and data.widths are ${shown(specification.widths)}`,
      );
    return generatedShape(specification);
  },

  lacksTestSet: generatedTestSet,

  generator: async () => (await import("./teacher.dataset.ts")).generate,
});
