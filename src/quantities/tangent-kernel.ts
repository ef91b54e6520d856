import { gramDrift } from "../kernels/gram-drift.ts";
import { gramRestore } from "../kernels/gram-restore.ts";
import type { Shape } from "../wgsl/kernel.ts";
import { lanczos } from "../kernels/lanczos.ts";
import { addersOf } from "../wgsl/lanes.ts";
import { type RawRecord, powerOfTwo } from "../plan/recorder.ts";
import type { QuantityName } from "./catalogue.ts";
import type { Measure, Measured } from "./measured.ts";

/** Bytes of kernels made at a time: a record's memory does not grow with the number of runs. */
const SCRATCH_BYTES = 32 * 2 ** 20;
/** Lanczos steps to the largest eigenvalues: one whose distance to the next is 1e-3 of its size is right to 1e-5. */
const LANCZOS_STEPS = 48;
export const EIGENVALUES = [
  "ntk_eigenvalue_1",
  "ntk_eigenvalue_2",
  "ntk_eigenvalue_3",
  "ntk_eigenvalue_outputs",
  "ntk_eigenvalue_beyond",
  "ntk_spectral_gap",
  "sharpness",
] as const;

type KernelQuantity = Extract<QuantityName, `ntk_${string}` | "sharpness">;

/** Drift and turning of tangent kernels, from K - K0 and K0 apart: where their raw columns are. */
function kernels(measured: Measured) {
  const { context, model, quantities, arrays } = measured;
  const { recorder, planner, samples, outputs, data, members, fullKernels } = context;
  const { runTiles } = context.tables;
  const { parts: kernel, starts } = model.tangentKernel;
  const side = samples * (fullKernels ? outputs : 1);
  const entries = side * side;
  const slots = Math.max(1, Math.min(members.length, Math.floor(SCRATCH_BYTES / (4 * entries))));

  const restore = arrays.includes("ntk");
  const wants = (names: readonly KernelQuantity[]) => names.some((name) => quantities.includes(name));
  const drifts = wants([
    "ntk_drift",
    "ntk_alignment",
    "ntk_misalignment",
    "ntk_change_lowest",
    "ntk_change_highest",
  ]);
  const labelled = wants(["ntk_label_alignment"]);
  const steps = wants(EIGENVALUES) ? Math.min(side, LANCZOS_STEPS) : labelled ? 1 : 0;
  return recorder.once("kernels", () => {
    const start = starts();
    const column = drifts ? recorder.reserve(8) : 0;
    const tridiagonal = steps ? recorder.reserve(2 + 2 * steps) : 0;
    const basis = steps ? planner.buffer("Lanczos basis", 4 * slots * (steps + 1) * side) : undefined;
    const changes = kernel.changes(fullKernels);
    const change = planner.buffer("kernel change", 4 * slots * entries);
    const K = restore ? planner.buffer("tangent kernels", 4 * members.length * entries) : undefined;
    for (let first = 0; first < members.length; first += slots) {
      const shape = (plan: Shape) => ({ slots: Math.max(0, Math.min(slots, plan.run_tiles - first)) });
      const own = (plan: Shape) => ({ ...shape(plan), samples: side });
      for (const make of changes(first, change, shape)) recorder.add(make);
      if (drifts)
        recorder.add(() =>
          // One of four lanes adds up rows, then a quarter of them.
          planner.dispatch(addersOf(gramDrift, context.tiling.software, 5 * side), {
            params: { samples: side, first, column, record: recorder.columns },
            bind: { run_tiles: runTiles, change, start: start.K, start_of: start.of, out: recorder.out },
            shape: own,
          }),
        );
      if (basis)
        recorder.add(() =>
          planner.dispatch(lanczos, {
            overrides: { LANES: 64 },
            params: {
              samples: side,
              labels: outputs * samples,
              first,
              steps,
              column: tridiagonal,
              record: recorder.columns,
            },
            bind: {
              run_tiles: runTiles,
              change,
              start: start.K,
              start_of: start.of,
              y: data.y,
              runs: kernel.parameters,
              basis,
              out: recorder.out,
            },
            shape: own,
          }),
        );
      if (K)
        recorder.add(() =>
          planner.dispatch(gramRestore, {
            overrides: context.tiling.software
              ? { LANES: 4, PER_INVOCATION: 16 }
              : { LANES: 64, PER_INVOCATION: 1 },
            params: { samples: side, first },
            bind: {
              run_tiles: runTiles,
              change,
              start: start.K,
              start_of: start.of,
              runs: kernel.parameters,
              K,
            },
            shape: own,
          }),
        );
    }
    return { column, tridiagonal, steps, kernel, K };
  });
}

/** Makes each record leave the tangent kernels in a buffer, [runs, samples, samples]. */
export const tangentKernels = (measured: Measured): GPUBuffer => kernels(measured).K!;

export type Kernels = ReturnType<typeof kernels>;

/** Neither the largest change nor the largest entry of K0 has left float32: sums over these say nothing else. */
const isFinite = (record: RawRecord, { column }: Kernels) =>
  Number.isFinite(record.column(column)) && Number.isFinite(record.column(column + 1));

function products(record: RawRecord, kernels: Kernels) {
  const { column, kernel } = kernels;
  const p = powerOfTwo(record.column(column)) * kernel.changeScale(record.position);
  const q = powerOfTwo(record.column(column + 1));
  const finite = isFinite(record, kernels) ? 1 : NaN;
  return {
    change: finite * p * Math.sqrt(record.column(column + 2)),
    inner: finite * p * q * record.column(column + 3),
    start: finite * q * Math.sqrt(record.column(column + 4)),
    across: finite * p * Math.sqrt(record.column(column + 5)),
  };
}

function misalignment(record: RawRecord, kernels: Kernels): number {
  const { change, inner, start, across } = products(record, kernels);
  const along = inner / start;
  const K = Math.sqrt(start * start + 2 * inner + change * change);
  return (across / K) * (across / (K + start + along));
}

/** A quantity that is finished from the kernels' columns. */
export const ofKernels =
  (finish: (record: RawRecord, kernels: Kernels) => number): Measure =>
  (measured) => {
    const found = kernels(measured);
    return (record) => finish(record, found);
  };

const extreme = (place: number) =>
  ofKernels((record, kernels) => {
    const { column, kernel } = kernels;
    const finite = isFinite(record, kernels) ? 1 : NaN;
    const { position } = record;
    return finite * kernel.unit(position) * kernel.changeScale(position) * record.column(column + place);
  });

/** Drift, turning and extremes of tangent kernels. */
export const kernelMeasures = {
  ntk_label_alignment: ofKernels((record, { tridiagonal }) =>
    record.member.dataset.y.some((label) => label !== 0)
      ? record.column(tridiagonal + 2) / record.column(tridiagonal + 1)
      : NaN,
  ),
  ntk_drift: ofKernels((record, kernels) => {
    const { change, start } = products(record, kernels);
    return change / start;
  }),
  ntk_change_lowest: extreme(6),
  ntk_change_highest: extreme(7),
  ntk_misalignment: ofKernels(misalignment),
  ntk_alignment: ofKernels((record, kernels) => 1 - misalignment(record, kernels)),
} satisfies Record<string, Measure>;
