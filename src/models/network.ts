import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import type {
  InitialShape,
  Json,
  NetworkModel,
  RunSpecification,
  TrainSpecification,
} from "../document/types.ts";
import { checkTargets } from "../losses/targets.ts";
import { batchSize } from "../plan/cohort.ts";
import { degreeOf } from "./degree.ts";
import { gaussianWeights, initialFromFile, uniformWeights } from "./initial.ts";
import type { Provided } from "./measurable.ts";
import type { ModelKind } from "./model.ts";
import { expectRelu, operationsOfRelu } from "./relu.bound.ts";
import { compileRelu } from "./relu-network.ts";
import { rowsOf } from "./relu-pass.ts";
import { checkReluRange, linearizationWarning } from "./relu-range.ts";
import type { Layer } from "../layers/layer.ts";
import { mostUnits } from "../layers/limits.ts";
import { parametersOf, unitsOf } from "../layers/network.ts";
import { layerKindOf, layerSchema } from "../layers/registry.ts";
import { largestEigenvalue, layersOf, widthsOf } from "./relu-start.ts";

const SHAPES =
  'an initial shape of a network is "he", "fan-in-uniform", "xavier", {"std": a positive number or one per layer} or {"file": "w0.npy"}';

/** Initial shapes that are named. */
const NAMED = ["he", "fan-in-uniform", "xavier"];

/** What tells a kind of network of dense layers from the next. */
interface Description<Kind extends NetworkModel["kind"]> {
  kind: Kind;
  /** What it is, in a sentence. */
  description: string;
  /** Hidden layers that it has at least. */
  fewest: number;
  /** What it can be measured on beside what all networks can; or why not. */
  provides: Provided;
}

/** Networks of dense layers without biases, or the difference of two that start equal. */
export const networkKind = <Kind extends NetworkModel["kind"]>({
  kind,
  description,
  fewest,
  provides,
}: Description<Kind>) => ({
  kind,
  schema: v.strictObject({
    kind: kindField(kind, description),
    widths: v.exactOptional(
      field(
        "Units of each dense hidden layer.",
        `widths are a list of whole numbers from 1 to ${mostUnits}, one per hidden layer`,
        v.pipe(
          v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostUnits))),
          v.minLength(fewest),
          v.maxLength(100),
        ),
      ),
    ),
    layers: v.exactOptional(
      field(
        "Hidden layers in order, in place of widths.",
        "layers are a list of hidden layers",
        v.pipe(v.array(layerSchema), v.minLength(1), v.maxLength(100)),
      ),
    ),
    unbiased: v.optional(
      field(
        "The difference of two copies that start equal, so that f(w(0), x) = 0.",
        "unbiased is true or false",
        v.boolean(),
      ),
      false,
    ),
  }),

  provides: ({ model, init: { shape, layerScales }, train: { layers } }: RunSpecification): Provided => ({
    losses: true,
    outputs: true,
    weights: true,
    linearized: true,
    tangentKernel: true,
    jacobian: true,
    testKernel: true,
    layers: true,
    paths: true,
    ...(widthsOf(model as NetworkModel)?.length === 1 && { neurons: true }),
    conserved:
      widthsOf(model as NetworkModel)?.length !== 1
        ? "it is measured on networks with one hidden layer"
        : layers === "last"
          ? 'it is kept where all layers train: set train.layers to "all"'
          : true,
    finalWeights: true,
    ...provides,
    ...(!widthsOf(model as NetworkModel) && withoutDense),
    ...(provides.wideKernel === true && wideKernelProblem(shape, layerScales, layers)),
    ...(layers === "last" && { testKernel: 'it is that of all layers: set train.layers to "all"' }),
  }),

  ...behaviour,
});

/** Why the infinitely wide kernel is not to be had, where it is not. */
function wideKernelProblem(
  shape: InitialShape,
  layerScales: number[] | undefined,
  layers: TrainSpecification["layers"],
): Provided {
  if (typeof shape === "object" && "file" in shape)
    return { wideKernel: "initial weights from a file have no infinitely wide limit" };
  if (shape === "fan-in-uniform" || shape === "xavier" || layerScales)
    return { wideKernel: 'it is that of Gaussian weights: set init.shape to "he" or {"std": ...}' };
  return layers === "last" ? { wideKernel: 'it is that of all layers: set train.layers to "all"' } : {};
}

/** Standard deviation of the weights of the l-th layer that has any, after He et al. (2015) or Glorot and Bengio (2010). */
function deviationOf(shape: InitialShape, { fan_in, fan_out, window }: Layer, l: number): number {
  // A unit below meets a window of weights of every channel above.
  if (shape === "xavier") return Math.sqrt(2 / (fan_in + fan_out * window ** 2));
  if (typeof shape === "string" || !("std" in shape)) return Math.sqrt(2 / fan_in);
  return typeof shape.std === "number" ? shape.std : (shape.std[l] ?? shape.std[0]);
}

/** What is not measured where positions share weights. */
const withoutDense: Provided = {
  testKernel: "it is measured on networks of dense layers",
  paths: "it is measured on networks of dense layers",
  wideKernel: "the infinitely wide kernel is that of dense networks",
};

/** What all kinds of networks do alike. */
const behaviour: Omit<ModelKind<NetworkModel>, "kind" | "schema" | "provides"> = {
  weights: (model, sides) => (model.unbiased ? 2 : 1) * parametersOf(layersOf(model, sides)),

  checkRun({ model, init: { shape, layerScales } }) {
    const refuse = (path: string, value: Json, allowed: string) =>
      new DocumentError(path, `is ${shown(value)}; ${allowed}`);
    if (!model.widths === !model.layers)
      throw new DocumentError(
        "model.widths",
        model.layers
          ? "and model.layers are both given; leave one out"
          : "is missing; give the widths of dense hidden layers, or model.layers",
      );
    model.layers?.forEach((layer, place) => {
      if (model.kind === "linear" && !layerKindOf(layer).isLinear)
        throw refuse(
          `model.layers[${place}]`,
          layer as unknown as Json,
          'a linear network pools by "average"',
        );
    });
    if (model.layers && !layerKindOf(model.layers[0]).hasWeights)
      throw refuse("model.layers[0]", model.layers[0] as unknown as Json, "the first layer has weights");
    const layers = degreeOf(model);
    if (typeof shape === "string" && !NAMED.includes(shape)) throw refuse("init.shape", shape, SHAPES);
    if (
      typeof shape === "object" &&
      "std" in shape &&
      Array.isArray(shape.std) &&
      shape.std.length !== layers
    )
      throw refuse(
        "init.shape.std",
        shape.std,
        `the network has ${layers} layers, so ${layers} numbers or one`,
      );
    if (layerScales && layerScales.length !== layers)
      throw refuse("init.layerScales", layerScales, `the network has ${layers} layers, so ${layers} numbers`);
  },

  initial(run, sides, files) {
    const model = run.model as NetworkModel;
    const layers = layersOf(model, sides);
    const count = parametersOf(layers);
    const { shape, layerScales } = run.init;
    const weighted = layers.filter(({ fan_out }) => fan_out > 0);
    const scaled = (values: Float64Array, scaleOf: (layer: Layer, l: number) => number): Float64Array => {
      weighted.forEach((layer, l) => {
        const { offset, fan_in, fan_out } = layer.sizes;
        const scale = scaleOf(layer, l) * (layerScales?.[l] ?? 1);
        for (let i = offset; i < offset + fan_in * fan_out; i++) values[i] *= scale;
      });
      return values;
    };
    if (typeof shape === "string" && !NAMED.includes(shape))
      throw new DocumentError("init.shape", `is "${shape}"; ${SHAPES}`);
    if (typeof shape === "object" && "file" in shape) {
      const values = initialFromFile(shape.file, files);
      if (values.length !== count)
        throw new DocumentError(
          shape.file,
          `holds ${values.length} weights; ${sides.inputs} inputs${sides.outputs > 1 ? `, ${sides.outputs} outputs` : ""} and ` +
            `${model.layers ? "these layers" : `widths ${model.widths!.join(", ") || "none"}`} take ${count}` +
            (model.unbiased ? ", those of one copy" : ""),
        );
      if (values.every((value) => value === 0))
        throw new DocumentError(
          shape.file,
          "holds zeros alone: where all initial weights are 0, so is every gradient, and nothing trains",
        );
      return scaled(values, () => 1);
    }
    if (shape === "fan-in-uniform")
      return scaled(uniformWeights(run, count), ({ fan_in }) => 1 / Math.sqrt(fan_in));
    return scaled(gaussianWeights(run, count, 1), (layer, l) => deviationOf(shape, layer, l));
  },

  variant: ({ run }) => (run.init.subtract ? "less its start" : ""),
  startPredictor: () => undefined,

  check(member) {
    checkTargets(member.run.loss, member.dataset);
    checkReluRange(member);
  },

  warning: linearizationWarning,

  channels: rowsOf,

  bytes({ run, dataset }, needs) {
    const { samples, testSamples, inputs, outputs } = dataset;
    const model = run.model as NetworkModel;
    const layers = layersOf(model, dataset);
    const copies = model.unbiased ? 2 : 1;
    const units = unitsOf(layers);
    const rows = outputs * rowsOf(needs);
    const weights = copies * parametersOf(layers) + outputs * samples + 1;
    const predictor = needs.has("predictor") ? (units * (copies + 1) + rows + 1) * inputs : 0;
    const batch = batchSize(run, samples);
    const isFull = outputs > 1 && (needs.has("linearized") || run.record.kernelOutputs === "full");
    const kernel = 4 * ((isFull ? outputs : 1) * samples) ** 2;
    const flow = run.train.method === "gradient-flow" ? 6 : 0;
    // Activations and signals of both sets.
    const sides = needs.has("testKernel") ? 4 * (1 + outputs) * copies * units : 0;
    const floats =
      weights * (5 + flow) +
      copies * units * (2 * batch + samples + testSamples) +
      units * ((1 + outputs) * samples + testSamples) +
      copies * units * outputs * samples +
      (rows + outputs) * (batch + samples + testSamples) +
      predictor;
    return {
      // Weights once more for a checkpoint, and for what a run ends with.
      total:
        4 * (floats + weights * (1 + flow + Number(needs.has("finalWeights")))) +
        2 * kernel +
        sides * (samples + testSamples),
      largest: Math.max(
        4 * weights * Math.max(1, flow),
        4 * copies * units * outputs * samples,
        sides * Math.max(samples, testSamples),
        kernel,
      ),
    };
  },

  largestEigenvalue,
  compile: compileRelu,
  reference: { compared: "weights", operations: operationsOfRelu, train: expectRelu },
};
