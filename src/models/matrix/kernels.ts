import { scalesOf } from "../../plan/cohort.ts";
import { matrixKernel, matrixKernelSides, matrixSides } from "../../kernels/matrix-kernel.ts";
import type { Dispatch } from "../../plan/planner.ts";
import { packTiles } from "../../plan/tiles.ts";
import type { Shape } from "../../wgsl/kernel.ts";
import type { MatrixModel } from "../../document/types.ts";
import type { KernelParts } from "../kernel-starts.ts";
import type { CohortContext } from "../model.ts";
import type { Executor } from "./compile.ts";
import type { Coordinates } from "./coordinates.ts";
import type { KernelPair } from "./making.ts";
import { isView } from "./program.ts";
import { type MatrixStart, runNumbers } from "./start.ts";

/** Where the shader finds no matrix, but the identity. */
const NONE = 0xffffffff;
/** Bytes of measurements times Gram matrices that are made at a time. */
const SCRATCH_BYTES = 32 * 2 ** 20;

interface Given {
  starts: readonly MatrixStart[];
  /** Entries seen, or dense measurements. */
  measurements: GPUBuffer;
  isDense: boolean;
  parameters: GPUBuffer;
}

/** Kernels of the runs that a table names, from its entry `first` on: as many slots as `shape` says. */
interface Asked {
  runTiles: GPUBuffer;
  first: number;
  K: GPUBuffer;
  shape(plan: Shape): Shape;
  slots: number;
}

/** Floats of `matrixSides` that a run's kernel takes. */
export const sidesOf = (samples: number, inputs: number, pairs: number): number =>
  2 * samples * inputs * Math.max(1, pairs);

/** Tangent kernels from pairs of Gram matrices of factors. */
export function kernelParts(
  context: CohortContext,
  executor: Executor,
  coordinates: Coordinates,
  { starts, measurements, isDense, parameters }: Given,
): KernelParts {
  const { planner, recorder, members, data, samples, inputs, tables } = context;
  const { rows, columns } = starts[0].shapes;
  const { size, kernelFactor: factor } = coordinates;
  const CROSSED = (members[0].run.model as MatrixModel).symmetric;
  const ids = new Map<Float64Array, number>();
  for (const { w0 } of members) if (!ids.has(w0)) ids.set(w0, ids.size);
  const make = (
    name: string,
    listed: readonly KernelPair[],
    { runTiles, first, K, shape, slots }: Asked,
  ): (() => Promise<Dispatch>)[] => {
    const pairs = recorder.once(`pairs of the kernel's ${name}`, () =>
      planner.filled(
        `pairs of the kernel's ${name}`,
        Uint32Array.from(listed.flat().map((matrix) => (isView(matrix) ? matrix.at : NONE))),
      ),
    );
    const params = { first, size, rows, columns, pairs: listed.length, factor };
    const bind = { run_tiles: runTiles, pairs, work: executor.work };
    if (!isDense)
      return [
        () =>
          planner.dispatch(matrixKernel, {
            overrides: { CROSSED },
            params,
            bind: { ...bind, cells: measurements, K },
            shape,
          }),
      ];
    const floats = sidesOf(samples, inputs, listed.length);
    const room = Math.max(1, Math.min(slots, Math.floor(SCRATCH_BYTES / (4 * floats))));
    const sides = recorder.once(`sides of the kernel's ${name}`, () =>
      planner.buffer(`sides of the kernel's ${name}`, 4 * room * floats),
    );
    return Array.from({ length: Math.ceil(slots / room) }, (_, part) => part * room).flatMap((slot) => {
      const own = (plan: Shape) => ({
        slots: Math.max(0, Math.min(room, shape(plan).slots - slot)),
      });
      return [
        () =>
          planner.dispatch(matrixSides, {
            overrides: { CROSSED },
            params: { ...params, first: first + slot },
            bind: { ...bind, X: data.X, sides },
            shape: own,
          }),
        () =>
          planner.dispatch(matrixKernelSides, {
            params: { ...params, slot },
            bind: { sides, K },
            shape: own,
          }),
      ];
    });
  };
  return {
    key: (position) =>
      `${ids.get(members[position].w0)} ${scalesOf(members[position].run).weights / starts[position].unit}`,
    start: (positions, K) => [
      ...executor.makers("load", "forward"),
      ...executor.makers("kernels", "kernels"),
      ...make("start", coordinates.kernelStart, {
        runTiles: planner.filled(
          "kernel start table",
          packTiles(positions, data.placements, tables.channels, tables.channels),
        ),
        ...{ first: 0, K, slots: positions.length },
        shape: () => ({ slots: positions.length }),
      }),
    ],
    changes() {
      for (const maker of executor.makers("kernels", "kernels")) recorder.add(maker);
      return (first, K, shape) =>
        make("change", coordinates.kernelChange, {
          ...{ runTiles: tables.runTiles, first, K, shape },
          slots: K.size / (4 * samples * samples),
        });
    },
    changeScale: (position) => starts[position].displacement ** 2,
    unit: (position) => runNumbers(members[position], starts[position]).kernel_unit,
    parameters,
  };
}
