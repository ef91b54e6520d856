import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
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
import { constant } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";

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

  generate: (specification) => {
    const { samples, dimension: inputs, testSamples } = specification;
    const layers = scaled(specification, drawLayers(specification));
    const { X, y } = drawSet(specification, layers, samples, "inputs", "noise");
    const test = drawSet(specification, layers, testSamples, "testInputs", "testNoise");
    return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
  },
});

/**
 * The teacher's units, where it has one hidden layer.
 *
 * @returns `incoming` [units, inputs] and `outgoing` [units]: targets are sum_j outgoing_j [incoming_j . x]+, before noise and signs
 * @throws RangeError for a deeper one
 */
export function teacherUnits(specification: TeacherData): {
  incoming: Float64Array;
  outgoing: Float64Array;
} {
  if (specification.widths.length !== 1)
    throw new RangeError(
      `the teacher has ${specification.widths.length} hidden layers; units are those of one`,
    );
  const [{ W: incoming }, { W: outgoing }] = scaled(specification, drawLayers(specification));
  return { incoming, outgoing };
}

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

/** The same teacher at the scale that the document asks for. */
function scaled(specification: TeacherData, layers: Layer[]): Layer[] {
  const { scale, samples, dimension: inputs } = specification;
  if (scale === undefined) return layers;
  const [first, second] = layers;
  const top = layers.at(-1)!;
  if (scale === "unit") {
    for (let unit = 0; unit < first.fanOut; unit++) {
      const row = first.W.subarray(unit * inputs, (unit + 1) * inputs);
      second.W[unit] /= Math.abs(second.W[unit]) * norm(row);
    }
    return layers;
  }
  const X = drawInputs(specification, samples, "inputs");
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += teach(layers, X.subarray(i * inputs, (i + 1) * inputs)) ** 2;
  // A teacher without an active unit stays at 0.
  const factor = sum > 0 ? scale / Math.sqrt(sum / samples) : 0;
  return [...layers.slice(0, -1), { ...top, W: top.W.map((value) => factor * value) }];
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function drawInputs({ seed, dimension, inputs }: TeacherData, rows: number, purpose: Purpose): Float64Array {
  const X = new Float64Array(rows * dimension);
  fillNormal(stream(seed, purpose), X);
  if (inputs === "sphere")
    for (let i = 0; i < rows; i++) {
      const row = X.subarray(i * dimension, (i + 1) * dimension);
      const length = norm(row);
      for (let k = 0; k < dimension; k++) row[k] /= length;
    }
  return X;
}

function drawSet(
  specification: TeacherData,
  layers: readonly Layer[],
  rows: number,
  inputPurpose: Purpose,
  noisePurpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const { seed, noise, labels, dimension } = specification;
  const X = drawInputs(specification, rows, inputPurpose);
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
