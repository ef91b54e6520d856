import type { Sides } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import type { LayerSpecification, NetworkModel } from "../document/types.ts";
import type { WrittenLayer } from "../layers/layer.ts";
import { networkLayers } from "../layers/network.ts";

/** Hidden layers of a network. */
export const hiddenOf = ({ widths, layers }: NetworkModel): readonly LayerSpecification[] =>
  layers ?? widths!.map((dense) => ({ dense }));

/** Widths of the hidden layers, however they are given; undefined where one of them is not dense. */
export function widthsOf(model: NetworkModel): number[] | undefined {
  const widths = hiddenOf(model).flatMap((layer) => ("dense" in layer ? [layer.dense] : []));
  return widths.length === hiddenOf(model).length ? widths : undefined;
}

/**
 * The layers of one network.
 *
 * @throws DocumentError where they do not fit each other or the data
 */
export function layersOf(model: NetworkModel, { inputs, outputs, image }: Sides): WrittenLayer[] {
  const hidden = hiddenOf(model);
  if (!image && hidden.some((layer) => !("dense" in layer)))
    throw new DocumentError(
      "model.layers",
      'has convolutions or pooling, which need images: data of a kind that has them, or a "file" whose inputs are [samples, channels, height, width]',
    );
  try {
    return networkLayers(
      hidden,
      image ?? { channels: inputs, height: 1, width: 1 },
      outputs,
      model.kind === "relu",
    );
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError("model.layers", error.message);
    throw error;
  }
}
