import { gramsOf } from "../kernels/gram.ts";
import { gramDrift } from "../kernels/gram-drift.ts";
import { gramRestore } from "../kernels/gram-restore.ts";
import type { Shape } from "../wgsl/kernel.ts";
import { lanczos } from "../kernels/lanczos.ts";
import { addersOf } from "../wgsl/lanes.ts";
import type { CohortContext } from "../models/model.ts";
import type { Dispatch } from "../plan/planner.ts";
import { type Finish, type RawRecord, powerOfTwo } from "../plan/recorder.ts";
import { packTiles } from "../plan/tiles.ts";
import { tridiagonalEigenvalues } from "../theory/tridiagonal.ts";
import type { QuantityName } from "./catalogue.ts";

/** Bytes of kernels made at a time: a record's memory does not grow with the number of runs. */
const SCRATCH_BYTES = 32 * 2 ** 20;
/** Lanczos steps to the largest eigenvalues: one whose distance to the next is 1e-3 of its size is right to 1e-5. */
const LANCZOS_STEPS = 48;
const EIGENVALUES = ["ntk_eigenvalue_1", "ntk_eigenvalue_2", "ntk_eigenvalue_3"] as const;

/** A tangent kernel K = X diag(weights) Xᵀ, in parts that cancel nothing. */
export interface ElementwiseKernel {
  /** Weights of K0 over the run's unit, [inputs]; runs with the same data and the same weights share one K0. */
  start(position: number): Float32Array;
  /** Fills a [runs, inputs] buffer with the weights of (K − K0) over the run's unit and change scale. */
  change(): GPUBuffer;
  /** Changes are stored over this, and over the unit. */
  changeScale(position: number): number;
  /** What every number of a run's kernels is stored over, as `kernel_unit` of `struct RunParameters` too. */
  unit(position: number): number;
  parameters: GPUBuffer;
}

type KernelQuantity = Extract<QuantityName, `ntk_${string}`>;

/** Whether runs that record this have their tangent kernels computed. */
export const measuresKernels = (quantities: readonly string[], arrays: readonly string[]): boolean =>
  arrays.includes("ntk") || quantities.some((name) => name.startsWith("ntk_"));

export interface KernelMeasurement {
  quantities: Record<KernelQuantity, () => Finish>;
  /** Makes each record leave the kernels in a buffer, [runs, samples, samples]. */
  array(): GPUBuffer;
  /** K0 of every start, over the run's unit, once the recorder's preparations have run; and the start of each run. */
  starts(): { K: GPUBuffer; of: GPUBuffer };
}

/** How a model's tangent kernels are made, a few runs at a time. */
export interface KernelParts {
  /** Runs with the same data and key share one K0. */
  key(position: number): string;
  /** K0 of these runs, one after the other. */
  start(positions: readonly number[], K: GPUBuffer): (() => Promise<Dispatch>)[];
  /** Adds what every record's changes need to the recorder, and gives the dispatches of (K - K0) over the change's scale. */
  changes(): (first: number, change: GPUBuffer, shape: (plan: Shape) => Shape) => (() => Promise<Dispatch>)[];
  /** Changes are stored over this, and over the unit. */
  changeScale(position: number): number;
  /** What every number of a run's kernels is stored over, as `kernel_unit` of `struct RunParameters` too. */
  unit(position: number): number;
  parameters: GPUBuffer;
}

/** Drift and turning of elementwise tangent kernels, from Gram matrices of K - K0 and K0 apart. */
export function tangentKernel(context: CohortContext, kernel: ElementwiseKernel): KernelMeasurement {
  const { planner, samples, inputs, data } = context;
  const grams = gramsOf(samples, context.cut);
  return kernelMeasurement(context, {
    key: (position) => kernel.start(position).join(),
    start(positions, K) {
      const joined = new Float32Array(positions.length * inputs);
      positions.forEach((position, index) => joined.set(kernel.start(position), index * inputs));
      const weights = planner.filled("kernel start weights", joined);
      const placements = positions.map((position) => data.placements[position]);
      const table = planner.filled("kernel start table", packTiles([...positions.keys()], placements, 1, 1));
      return [
        () =>
          planner.dispatch(grams, {
            params: { channels: 1, first: 0 },
            bind: { singles: table, X: data.columns, weights, K },
            shape: () => ({ slots: positions.length }),
          }),
      ];
    },
    changes() {
      const weights = kernel.change();
      const { singles } = context.tables;
      return (first, K, shape) => [
        () =>
          planner.dispatch(grams, {
            params: { first },
            bind: { singles, X: data.columns, weights, K },
            shape,
          }),
      ];
    },
    changeScale: (position) => kernel.changeScale(position),
    unit: (position) => kernel.unit(position),
    parameters: kernel.parameters,
  });
}

/** Drift and turning of tangent kernels, from K - K0 and K0 apart. */
export function kernelMeasurement(context: CohortContext, kernel: KernelParts): KernelMeasurement {
  const { recorder, planner, samples, data, members } = context;
  const { singles } = context.tables;
  const entries = samples * samples;
  const slots = Math.max(1, Math.min(members.length, Math.floor(SCRATCH_BYTES / (4 * entries))));

  const starts = () =>
    recorder.once("kernel starts", () => {
      const known = new Map<string, number>();
      const positions: number[] = [];
      const startOf = Uint32Array.from(members.keys(), (position) => {
        const key = `${data.placements[position].data} ${kernel.key(position)}`;
        if (!known.has(key)) known.set(key, positions.push(position) - 1);
        return known.get(key)!;
      });
      const K = planner.buffer("kernels at the start", 4 * positions.length * entries);
      for (const make of kernel.start(positions, K)) recorder.prepare(make);
      return { of: planner.filled("kernel start of run", startOf), K };
    });

  const restore = context.arrays.includes("ntk");
  const wants = (names: readonly KernelQuantity[]) => names.some((name) => context.quantities.includes(name));
  const drifts = wants([
    "ntk_drift",
    "ntk_alignment",
    "ntk_misalignment",
    "ntk_change_lowest",
    "ntk_change_highest",
  ]);
  const labelled = wants(["ntk_label_alignment"]);
  const steps = wants(EIGENVALUES) ? Math.min(samples, LANCZOS_STEPS) : labelled ? 1 : 0;
  const measured = () =>
    recorder.once("kernels", () => {
      const start = starts();
      const column = drifts ? recorder.reserve(8) : 0;
      const tridiagonal = steps ? recorder.reserve(2 + 2 * steps) : 0;
      const basis = steps ? planner.buffer("Lanczos basis", 4 * slots * (steps + 1) * samples) : undefined;
      const changes = kernel.changes();
      const change = planner.buffer("kernel change", 4 * slots * entries);
      const K = restore ? planner.buffer("tangent kernels", 4 * members.length * entries) : undefined;
      for (let first = 0; first < members.length; first += slots) {
        const shape = (plan: Shape) => ({ slots: Math.max(0, Math.min(slots, plan.singles - first)) });
        for (const make of changes(first, change, shape)) recorder.add(make);
        if (drifts)
          recorder.add(() =>
            // One of four lanes adds up rows, then a quarter of them.
            planner.dispatch(addersOf(gramDrift, context.cut.software, 5 * samples), {
              params: { first, column, record: recorder.columns },
              bind: { singles, change, start: start.K, start_of: start.of, out: recorder.out },
              shape,
            }),
          );
        if (basis)
          recorder.add(() =>
            planner.dispatch(lanczos, {
              overrides: { LANES: 64 },
              params: { first, steps, column: tridiagonal, record: recorder.columns },
              bind: {
                singles,
                change,
                start: start.K,
                start_of: start.of,
                y: data.y,
                runs: kernel.parameters,
                basis,
                out: recorder.out,
              },
              shape,
            }),
          );
        if (K)
          recorder.add(() =>
            planner.dispatch(gramRestore, {
              overrides: context.cut.software ? { LANES: 4, EACH: 16 } : { LANES: 64, EACH: 1 },
              params: { first },
              bind: { singles, change, start: start.K, start_of: start.of, runs: kernel.parameters, K },
              shape,
            }),
          );
      }
      return { column, tridiagonal, K };
    });

  /** Neither the largest change nor the largest entry of K0 has left float32: sums over these say nothing else. */
  const isFinite = (record: RawRecord, column: number) =>
    Number.isFinite(record.column(column)) && Number.isFinite(record.column(column + 1));
  const products = (record: RawRecord, column: number) => {
    const p = powerOfTwo(record.column(column)) * kernel.changeScale(record.position);
    const q = powerOfTwo(record.column(column + 1));
    const finite = isFinite(record, column) ? 1 : NaN;
    return {
      change: finite * p * Math.sqrt(record.column(column + 2)),
      inner: finite * p * q * record.column(column + 3),
      start: finite * q * Math.sqrt(record.column(column + 4)),
      across: finite * p * Math.sqrt(record.column(column + 5)),
    };
  };
  const misalignment = (record: RawRecord, column: number) => {
    const { change, inner, start, across } = products(record, column);
    const along = inner / start;
    const K = Math.sqrt(start * start + 2 * inner + change * change);
    return (across / K) * (across / (K + start + along));
  };
  // Three quantities finish the same matrix.
  const known = new WeakMap<RawRecord, Float64Array>();
  const eigenvalues = (record: RawRecord, tridiagonal: number) => {
    if (!known.has(record)) {
      const at = (place: number, step: number) => record.column(tridiagonal + 2 + 2 * step + place);
      const T = { diagonal: new Float64Array(steps), beside: new Float64Array(steps - 1) };
      for (let step = 0; step < steps; step++) T.diagonal[step] = at(0, step);
      for (let step = 0; step + 1 < steps; step++) T.beside[step] = at(1, step);
      const unit = kernel.unit(record.position) * record.column(tridiagonal);
      known.set(
        record,
        tridiagonalEigenvalues(T).map((value) => unit * value),
      );
    }
    return known.get(record)!;
  };
  const extreme = (place: number) => () => {
    const { column } = measured();
    return (record: RawRecord) => {
      const { position } = record;
      const finite = isFinite(record, column) ? 1 : NaN;
      return finite * kernel.unit(position) * kernel.changeScale(position) * record.column(column + place);
    };
  };
  const eigenvalue = (place: number) => () => {
    const { tridiagonal } = measured();
    return (record: RawRecord) => eigenvalues(record, tridiagonal)[place];
  };
  return {
    quantities: {
      ntk_label_alignment: () => {
        const { tridiagonal } = measured();
        return (record) =>
          record.member.dataset.y.some((label) => label !== 0)
            ? record.column(tridiagonal + 2) / record.column(tridiagonal + 1)
            : NaN;
      },
      ntk_eigenvalue_1: eigenvalue(0),
      ntk_eigenvalue_2: eigenvalue(1),
      ntk_eigenvalue_3: eigenvalue(2),
      ntk_drift: () => {
        const { column } = measured();
        return (record) => {
          const { change, start } = products(record, column);
          return change / start;
        };
      },
      ntk_change_lowest: extreme(6),
      ntk_change_highest: extreme(7),
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
    starts,
  };
}
