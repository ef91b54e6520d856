import { wholePower } from "../theory/powers.ts";
import { reluActivity, reluPaths } from "../kernels/relu-measures.ts";
import { hiddenUnits } from "../layers/network.ts";
import type { RawRecord } from "../plan/recorder.ts";
import type { Measure, Measured } from "./measured.ts";

/** Columns: how many units are active on some sample, and how many signs are those at w(0). */
const activity = ({ context, model }: Measured): number =>
  context.recorder.once("activity", () => {
    const { recorder, planner, tables } = context;
    const { layers, sizes, base, z } = model.layers;
    const column = recorder.reserve(2);
    recorder.add(() =>
      planner.dispatch(reluActivity, {
        params: { ...sizes, hidden: hiddenUnits(layers), column, record: recorder.columns },
        bind: { singles: tables.singles, base, z, out: recorder.out },
      }),
    );
    return column;
  });

/** A share of units or signs; of weights that are not finite nothing can be counted. */
const share =
  (place: number, each: (measured: Measured) => number): Measure =>
  (measured) => {
    const { layers, sizes } = measured.model.layers;
    const [column, losses] = [activity(measured) + place, measured.model.losses("training")];
    const count = sizes.copies * hiddenUnits(layers) * each(measured);
    return (record: RawRecord) =>
      Number.isFinite(record.norm(losses).max) ? record.column(column) / count : NaN;
  };

/** What is measured on layers and their units. */
export const layerMeasures = {
  active_units: share(0, () => 1),
  activation_stability: share(1, ({ context }) => context.samples),
  path_norm: ({ context, model }) => {
    const { recorder, planner, tables, members } = context;
    const { layers, sizes, unit, weights } = model.layers;
    const { copies, units, outputs } = sizes;
    const paths = recorder.once("paths", () => {
      const buffer = planner.buffer("paths", 4 * members.length * copies * units);
      layers.forEach((layer, l) =>
        recorder.add(() =>
          planner.dispatch(reluPaths, {
            overrides: { FIRST: l === 0 },
            params: { ...sizes, ...layer.sizes },
            bind: { singles: tables.singles, weights, paths: buffer },
            shape: () => ({ ...layer.sizes, copies }),
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
        first: (copy + 1) * units - outputs,
        fields: outputs,
      })),
    );
    const sumOf = (record: RawRecord, first: number) => {
      let sum = 0;
      for (let output = 0; output < outputs; output++) sum += record.norm(first + 3 * output).max;
      return sum;
    };
    return (record) =>
      wholePower(unit(record.position), layers.length) *
      ends.reduce((sum, first) => sum + sumOf(record, first), 0);
  },
} satisfies Record<string, Measure>;
