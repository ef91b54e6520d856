import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import type { TeacherData } from "../document/types.ts";
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
import { defineData } from "./kind.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

/**
 * A Gaussian teacher: x ~ N(0, I), y = f*(x) + noise N(0, 1) or its sign (+1 where it is not negative). f* is a ReLU
 * network without biases whose weights are N(0, 2 / fan-in) in every layer, the last too: over teachers,
 * E f*(x)^2 = 2 |x|^2 / n. One teacher's signs need not be balanced, the less the deeper it is.
 *
 * The teacher takes one draw a weight of the seed's teacher stream: the layers in order, each row-major [out, in]. Inputs
 * and noise are drawn as those of the linear kinds: with one seed they are the same, and a larger `samples` keeps them.
 */
export const teacher = defineData({
  kind: "teacher",
  inGeneralPosition: true,
  schema: v.strictObject({
    kind: v.literal("teacher"),
    samples,
    dimension: dimension(),
    widths: field(
      "Hidden widths of the teacher.",
      `widths are a list of the teacher's hidden widths, whole numbers from 1 to ${maxEntries}`,
      v.pipe(v.array(count(1, "Units of a hidden layer.")), v.nonEmpty(), v.maxLength(1000)),
    ),
    labels: v.optional(
      field(
        'Targets: the teacher\'s "values", or their "signs".',
        'labels are "values" or "signs"',
        v.picklist(["values", "signs"]),
      ),
      "values",
    ),
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
    return generatedShape(specification);
  },

  lacksTestSet: generatedTestSet,

  generate: (specification) => {
    const { samples, dimension: inputs, testSamples } = specification;
    const layers = drawLayers(specification);
    const { X, y } = drawSet(specification, layers, samples, "inputs", "noise");
    const test = drawSet(specification, layers, testSamples, "testInputs", "testNoise");
    return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
  },
});

interface LayerSizes {
  fanIn: number;
  fanOut: number;
}

interface Layer extends LayerSizes {
  /** [fanOut, fanIn], row-major. */
  W: Float64Array;
}

const layersOf = ({ dimension, widths }: TeacherData): LayerSizes[] =>
  [...widths, 1].map((fanOut, layer) => ({ fanIn: layer === 0 ? dimension : widths[layer - 1], fanOut }));

function drawLayers(specification: TeacherData): Layer[] {
  let drawn = 0;
  return layersOf(specification).map(({ fanIn, fanOut }) => {
    const W = new Float64Array(fanOut * fanIn);
    fillNormal(stream(specification.seed, "teacher"), W, drawn);
    drawn += W.length;
    const deviation = Math.sqrt(2 / fanIn);
    for (let k = 0; k < W.length; k++) W[k] *= deviation;
    return { fanIn, fanOut, W };
  });
}

function drawSet(
  { seed, noise, labels, dimension }: TeacherData,
  layers: readonly Layer[],
  rows: number,
  inputPurpose: Purpose,
  noisePurpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const X = new Float64Array(rows * dimension);
  fillNormal(stream(seed, inputPurpose), X);
  const y = new Float64Array(rows);
  fillNormal(stream(seed, noisePurpose), y);
  for (let i = 0; i < rows; i++) {
    const value = teach(layers, X.subarray(i * dimension, (i + 1) * dimension)) + noise * y[i];
    y[i] = labels === "values" ? value : value < 0 ? -1 : 1;
  }
  return { X, y };
}

/** f*(x); sums run over inputs in index order. */
function teach(layers: readonly Layer[], x: Float64Array): number {
  let signals = x;
  layers.forEach(({ fanIn, fanOut, W }, index) => {
    const next = new Float64Array(fanOut);
    for (let unit = 0; unit < fanOut; unit++) {
      let sum = 0;
      for (let k = 0; k < fanIn; k++) sum += W[unit * fanIn + k] * signals[k];
      next[unit] = index < layers.length - 1 ? Math.max(0, sum) : sum;
    }
    signals = next;
  });
  return signals[0];
}
