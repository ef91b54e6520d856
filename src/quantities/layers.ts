import { wholePower } from "../theory/powers.ts";
import { reluActivity } from "../kernels/relu-measures.ts";
import { sizeOf } from "../layers/layer.ts";
import { depthOf, hiddenUnits } from "../layers/network.ts";
import { unusedParams } from "../layers/params.ts";
import type { RawRecord } from "../plan/recorder.ts";
import type { Measure, Measured } from "./measured.ts";

/** Units that lie beside each other. */
interface Units {
  first: number;
  count: number;
}

/** Columns: how many of some units are active on some sample, and how many signs are those at w(0). */
const activity = ({ context, model }: Measured, { first, count }: Units): number =>
  context.recorder.once(`activity of ${count} units from ${first}`, () => {
    const { recorder, planner, tables } = context;
    const { sizes, base, z } = model.layers;
    const column = recorder.reserve(2);
    recorder.add(() =>
      planner.dispatch(reluActivity, {
        params: { ...sizes, first, count, column, record: recorder.columns },
        bind: { run_tiles: tables.runTiles, base, z, out: recorder.out },
      }),
    );
    return column;
  });

/** The mean over groups of units of shares that are active, or of signs; of weights that are not finite nothing can be counted. */
function mean(measured: Measured, place: number, groups: readonly Units[], each: number) {
  const { copies } = measured.model.layers.sizes;
  const losses = measured.model.losses("training");
  const shares = groups.map((units) => ({ column: activity(measured, units) + place, units }));
  return (record: RawRecord) =>
    Number.isFinite(record.norm(losses).max)
      ? shares.reduce(
          (sum, { column, units }) => sum + record.column(column) / (copies * units.count * each),
          0,
        ) / shares.length
      : NaN;
}

/** A share of all units, or of their signs on all samples. */
const share =
  (place: number, each: (measured: Measured) => number): Measure =>
  (measured) => {
    const { layers } = measured.model.layers;
    return mean(measured, place, [{ first: 0, count: hiddenUnits(layers) }], each(measured));
  };

/** What is measured on layers and their units. */
export const layerMeasures = {
  active_units: share(0, () => 1),
  activation_stability: share(1, ({ context }) => context.samples),
  layer_activation_stability: (measured) => {
    const rectified = measured.model.layers.layers.slice(0, -1).filter(({ fan_out }) => fan_out > 0);
    const groups = rectified.map(({ sizes, above }) => ({ first: sizes.above, count: sizeOf(above) }));
    return mean(measured, 1, groups, measured.context.samples);
  },
  last_layer_distance: ({ model }) => model.layers.lastDistance(),
  path_norm: ({ context, model }) => {
    const { recorder, planner, tables, members } = context;
    const { layers, sizes, unit, weights } = model.layers;
    const { copies, units, outputs } = sizes;
    const paths = recorder.once("paths", () => {
      const buffer = planner.buffer("paths", 4 * members.length * copies * units);
      layers.forEach((layer, l) =>
        recorder.add(() =>
          planner.dispatch(layer.kernels.paths, {
            overrides: { ...layer.overrides, ...(l === 0 ? { FIRST: true } : {}) },
            params: { ...unusedParams, ...sizes, ...layer.sizes },
            bind: { run_tiles: tables.runTiles, weights, paths: buffer },
            shape: (plan) => ({ ...layer.sizes, networks: copies * plan.run_tiles }),
          }),
        ),
      );
      return buffer;
    });
    // Of each copy, an output a vector of one number.
    const ends = Array.from({ length: copies }, (_, copy) =>
      recorder.norms(`paths of copy ${copy}`, () => ({
        buffer: paths,
        length: 1,
        stride: copies * units,
        offset: (copy + 1) * units - outputs,
        fields: outputs,
      })),
    );
    const sumOf = (record: RawRecord, first: number) => {
      let sum = 0;
      for (let output = 0; output < outputs; output++) sum += record.norm(first + 3 * output).max;
      return sum;
    };
    return (record) =>
      wholePower(unit(record.position), depthOf(layers)) *
      ends.reduce((sum, first) => sum + sumOf(record, first), 0);
  },
} satisfies Record<string, Measure>;
