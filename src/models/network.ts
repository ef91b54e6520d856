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
import { degreeOf } from "./degree.ts";
import type { Provided } from "./measurable.ts";
import type { ModelKind } from "./model.ts";
import { mostUnits } from "../layers/limits.ts";
import { parametersOf } from "../layers/network.ts";
import { layerKindOf, layerSchema } from "../layers/registry.ts";
import { NAMED, SHAPES } from "./network-shapes.ts";
import { layersOf, widthsOf } from "./network-layers.ts";

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
  }),

  ...described,
  behaviour: async () => (await import("./network-behaviour.ts")).networkBehaviour,
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

/** What is not measured on other networks than dense ones. */
const withoutDense: Provided = {
  wideKernel: "the infinitely wide kernel is that of dense networks",
};

/** What documents of all kinds of networks have in common. */
const described: Pick<ModelKind<NetworkModel>, "weights" | "checkRun"> = {
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
};
