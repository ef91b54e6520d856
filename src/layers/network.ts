import type { Extent, LayerSpecification } from "../document/types.ts";
import { type CompiledLayer, type Layer, type LayerSizes, type WrittenLayer, sizeOf } from "./layer.ts";
import { layerKindOf } from "./registry.ts";

/**
 * The layers of one network in order, its output layer last. Its units are all that can be rectified, then those that are
 * pooled, then the outputs.
 *
 * @param hidden the layers below the output's
 * @param input of each sample
 * @param rectifies whether hidden units are rectified where their layer says so
 * @throws RangeError naming the layer that does not fit the one below
 */
export function networkLayers(
  hidden: readonly LayerSpecification[],
  input: Extent,
  outputs: number,
  rectifies: boolean,
): WrittenLayer[] {
  let extent = input;
  const list = [...hidden, { dense: outputs }].map((specification, place) => {
    const below = extent;
    try {
      const { kernels, reference, shape: shapeOf } = layerKindOf(specification);
      const shape = shapeOf(specification as never, below);
      extent = shape.above;
      return { kernels, reference, shape, below, isDense: "dense" in specification };
    } catch (error) {
      if (error instanceof RangeError) throw new RangeError(`layer ${place}: ${error.message}`);
      throw error;
    }
  });
  const top = list.length - 1;
  let units = 0;
  const rows = new Array<number>(list.length);
  for (const takes of [
    (place: number) => place < top && list[place].shape.rectified,
    (place: number) => place < top && !list[place].shape.rectified,
    (place: number) => place === top,
  ])
    list.forEach(({ shape }, place) => {
      if (takes(place)) units = (rows[place] = units) + sizeOf(shape.above);
    });
  let offset = 0;
  return list.map(({ kernels, reference, below, shape, isDense }, place) => {
    const { above, fan_in, fan_out, window, stride, padding } = shape;
    const sizes = {
      offset,
      fan_in,
      fan_out,
      below: place === 0 ? 0 : rows[place - 1],
      above: rows[place],
      window,
      window_stride: stride,
      padding,
      height: below.height,
      width: below.width,
      height_above: above.height,
      width_above: above.width,
      // A dense layer sees units, whatever their positions.
      channels_below: isDense ? fan_in : below.channels,
      positions_below: isDense ? 1 : below.height * below.width,
      positions: above.height * above.width,
    };
    offset += fan_in * fan_out;
    return {
      ...shape,
      kernels,
      reference,
      rectified: rectifies && shape.rectified && place < top,
      gated: rectifies && (place === 0 || list[place - 1].shape.rectified),
      sizes,
    };
  });
}

/** Layers with what they compute with. */
export const withKernels = (layers: readonly WrittenLayer[]): Promise<CompiledLayer[]> =>
  Promise.all(layers.map(async (layer) => ({ ...layer, kernels: await layer.kernels() })));

/** Units of a network that may be rectified: the first ones. */
export const hiddenUnits = (layers: readonly Layer[]): number =>
  layers.slice(0, -1).reduce((sum, { fan_out, above }) => sum + (fan_out > 0 ? sizeOf(above) : 0), 0);

/** Units of all layers. */
export const unitsOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { above }) => sum + sizeOf(above), 0);

/** Weights of one network. */
export const parametersOf = (layers: readonly Pick<LayerSizes, "fan_in" | "fan_out">[]): number =>
  layers.reduce((sum, { fan_in, fan_out }) => sum + fan_in * fan_out, 0);

/** Layers that have weights: the degree of homogeneity. */
export const depthOf = (layers: readonly Layer[]): number =>
  layers.filter(({ fan_out }) => fan_out > 0).length;

/** Multiplications of one sample's pass. */
export const productsOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { fan_in, fan_out, sizes }) => sum + fan_in * fan_out * sizes.positions, 0);
