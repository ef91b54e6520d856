import { DocumentError } from "../document/error.ts";
import type { InitialShape, NetworkModel } from "../document/types.ts";
import type { Layer } from "../layers/layer.ts";
import { parametersOf, unitsOf } from "../layers/network.ts";
import { weightsOf } from "../layers/pass.ts";
import { checkTargets } from "../losses/targets.ts";
import { type Member, batchSize } from "../plan/cohort.ts";
import { gaussianWeights, initialFromFile, uniformWeights } from "./initial.ts";
import type { ModelBehaviour } from "./model.ts";
import { layersOf } from "./network-layers.ts";
import { NAMED, SHAPES } from "./network-shapes.ts";
import { compileRelu } from "./relu-network.ts";
import { rowsOf } from "./relu-pass.ts";
import { checkReluRange, linearizationWarning } from "./relu-range.ts";
import { operationsOfRelu } from "./relu-operations.ts";
import { firstTrained, largestEigenvalue } from "./relu-start.ts";
import { type StartLayer, checkZeroLayers, zeroLayerWarning } from "./zero-layers.ts";

/** Standard deviation of the weights of the l-th layer that has any, after He et al. (2015) or Glorot and Bengio (2010). */
function deviationOf(shape: InitialShape, { fan_in, fan_out, window }: Layer, l: number): number {
  // A unit below meets a window of weights of every channel above.
  if (shape === "xavier") return Math.sqrt(2 / (fan_in + fan_out * window ** 2));
  if (typeof shape === "string" || !("std" in shape)) return Math.sqrt(2 / fan_in);
  return typeof shape.std === "number" ? shape.std : (shape.std[l] ?? shape.std[0]);
}

/** Layers that have weights. Rectified units at 0 are at rest: what leads into them has no gradient. */
function startLayers({ run, dataset, w0 }: Member): StartLayer[] {
  const model = run.model as NetworkModel;
  const layers = layersOf(model, dataset);
  const top = layers.length - 1;
  const list = model.layers ? "model.layers" : "model.widths";
  return layers
    .map((layer, place) => ({
      name: place === top ? "the output layer" : `${list}[${place}]`,
      weights: weightsOf(layer, w0),
      escapes: place >= firstTrained(run.train, layers) && (place === top || model.kind === "linear"),
    }))
    .filter(({ weights }) => weights.length > 0);
}

/** What all kinds of networks do alike. */
export const networkBehaviour: ModelBehaviour = {
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
    checkZeroLayers(member, startLayers(member));
    checkReluRange(member);
  },

  warning: linearizationWarning,
  startWarning: (member) => zeroLayerWarning(member, startLayers(member)),

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
    // A sample's activations; of both sets they are kept, and signals from each output where layers below train.
    const activations = needs.has("testKernel") ? 4 * copies * units : 0;
    const signals = firstTrained(run.train, layers) < layers.length - 1 ? outputs : 0;
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
        activations * (1 + signals) * (samples + testSamples),
      largest: Math.max(
        4 * weights * Math.max(1, flow),
        4 * copies * units * outputs * samples,
        activations * Math.max(1, signals) * Math.max(samples, testSamples),
        kernel,
      ),
    };
  },

  largestEigenvalue,
  compile: compileRelu,
  reference: {
    compared: "weights",
    operations: operationsOfRelu,
    train: async (...training) => (await import("./relu.bound.ts")).expectRelu(...training),
  },
};
