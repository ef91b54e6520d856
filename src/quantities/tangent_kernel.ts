import { gram, gramTiled } from "../kernels/gram.ts";
import { gramDrift } from "../kernels/gram_drift.ts";
import { gramRestore } from "../kernels/gram_restore.ts";
import type { Shape } from "../kernels/kernel.ts";
import type { CohortContext } from "../models/model.ts";
import { type Finish, type RawRecord, powerOfTwo } from "../scheduler/recorder.ts";
import { packTiles } from "../scheduler/tiles.ts";

/** Bytes of kernels made at a time: a record's memory does not grow with the number of runs. */
const SCRATCH_BYTES = 32 * 2 ** 20;

/** A tangent kernel K = X diag(weights) Xᵀ, in parts that cancel nothing. */
export interface ElementwiseKernel {
  /** Weights of K0 over the run's unit, [inputs]; runs with the same data and the same weights share one K0. */
  start(position: number): Float32Array;
  /** Fills a [runs, inputs] buffer with the weights of (K − K0) over the run's unit and change scale. */
  change(): GPUBuffer;
  /** Changes are stored over this. */
  changeScale(position: number): number;
  /** `struct RunParameters`, whose kernel_unit is the unit. */
  parameters: GPUBuffer;
}

export interface KernelMeasurement {
  quantities: Record<"ntk_drift" | "ntk_alignment" | "ntk_misalignment", () => Finish>;
  /** Makes each record leave the kernels in a buffer, [runs, samples, samples]. */
  array(): GPUBuffer;
}

/** Drift and turning of elementwise tangent kernels, from Gram matrices of K − K0 and K0 apart. */
export function tangentKernel(context: CohortContext, kernel: ElementwiseKernel): KernelMeasurement {
  const { recorder, planner, samples, inputs, data, members } = context;
  const { singles } = context.tables;
  const entries = samples * samples;
  const slots = Math.max(1, Math.min(members.length, Math.floor(SCRATCH_BYTES / (4 * entries))));
  const kind = context.tiled ? gramTiled : gram;
  const overrides = context.tiled ? { LANES: context.lanes } : {};

  const starts = () =>
    recorder.once("kernel starts", () => {
      const known = new Map<string, number>();
      const weights: Float32Array[] = [];
      const placements: { data: number; targets: number; stream: number }[] = [];
      const startOf = Uint32Array.from(members.keys(), (position) => {
        const own = kernel.start(position);
        const place = data.placements[position]!.data;
        const key = `${place} ${own.join()}`;
        if (!known.has(key)) {
          known.set(key, weights.length);
          weights.push(own);
          placements.push({ data: place, targets: 0, stream: 0 });
        }
        return known.get(key)!;
      });
      const joined = new Float32Array(weights.length * inputs);
      weights.forEach((own, index) => joined.set(own, index * inputs));
      const table = packTiles([...weights.keys()], placements, 1, 1);
      return {
        count: weights.length,
        of: planner.filled("kernel start of run", startOf),
        weights: planner.filled("kernel start weights", joined),
        table: planner.filled("kernel start table", table),
        K: planner.buffer("kernels at the start", 4 * weights.length * entries),
      };
    });

  const restore = context.arrays.includes("ntk");
  const measured = () =>
    recorder.once("kernels", () => {
      const start = starts();
      const column = recorder.reserve(6);
      const changeWeights = kernel.change();
      const change = planner.buffer("kernel change", 4 * slots * entries);
      const K = restore ? planner.buffer("tangent kernels", 4 * members.length * entries) : undefined;
      recorder.prepare(() =>
        planner.dispatch(kind, {
          overrides,
          params: { channels: 1, first: 0 },
          bind: { singles: start.table, X: data.columns, weights: start.weights, K: start.K },
          shape: () => ({ slots: start.count }),
        }),
      );
      for (let first = 0; first < members.length; first += slots) {
        const shape = (plan: Shape) => ({ slots: Math.max(0, Math.min(slots, plan.singles! - first)) });
        recorder.add(() =>
          planner.dispatch(kind, {
            overrides,
            params: { first },
            bind: { singles, X: data.columns, weights: changeWeights, K: change },
            shape,
          }),
        );
        recorder.add(() =>
          planner.dispatch(gramDrift, {
            params: { entries, first, column, record: recorder.columns },
            bind: { singles, change, start: start.K, start_of: start.of, out: recorder.out },
            shape,
          }),
        );
        if (K)
          recorder.add(() =>
            planner.dispatch(gramRestore, {
              params: { entries, first },
              bind: { singles, change, start: start.K, start_of: start.of, runs: kernel.parameters, K },
              shape,
            }),
          );
      }
      return { column, K };
    });

  const products = (record: RawRecord, column: number) => {
    const p = powerOfTwo(record.column(column)) * kernel.changeScale(record.position);
    const q = powerOfTwo(record.column(column + 1));
    const finite = Number.isFinite(record.column(column)) ? 1 : NaN;
    return {
      change: finite * p * Math.sqrt(record.column(column + 2)),
      inner: finite * p * q * record.column(column + 3),
      start: q * Math.sqrt(record.column(column + 4)),
      across: finite * p * Math.sqrt(record.column(column + 5)),
    };
  };
  const misalignment = (record: RawRecord, column: number) => {
    const { change, inner, start, across } = products(record, column);
    const along = inner / start;
    const K = Math.sqrt(start * start + 2 * inner + change * change);
    return (across / K) * (across / (K + start + along));
  };
  return {
    quantities: {
      ntk_drift: () => {
        const { column } = measured();
        return (record) => {
          const { change, start } = products(record, column);
          return change / start;
        };
      },
      ntk_misalignment: () => {
        const { column } = measured();
        return (record) => misalignment(record, column);
      },
      ntk_alignment: () => {
        const { column } = measured();
        return (record) => 1 - misalignment(record, column);
      },
    },
    array: () => measured().K!,
  };
}
