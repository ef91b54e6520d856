/** Whole steps of small matrix models in registers (shaders/matrix_quads.wgsl). */

import { matrixQuads } from "../../kernels/matrix-quads.ts";
import type { Dispatch } from "../../plan/planner.ts";
import type { CohortContext } from "../model.ts";
import type { MatrixFeatures } from "./making.ts";
import type { FactorShapes } from "./shape.ts";
import { targetsLeft } from "./start.ts";

/** Rows or columns that fit into the registers of four neighbours (shaders/matrix_quads.wgsl). */
const MOST_OF_QUADS = 12;
/** Steps of a run, in all of a training, that cost less than compiling these: some ten seconds. */
const FEW_RUN_STEPS = 2 ** 18;

/** Whether four neighbours may own a run: software adapters that let them trade, and models that fit into their registers. */
export const quadsOwn = (
  { tiling, fused, sweepSize: { runs, epochs } }: CohortContext,
  { unbiased, symmetric, twin, decay }: MatrixFeatures,
  factors: FactorShapes["factors"],
): boolean =>
  tiling.software &&
  tiling.quads &&
  (fused === true || runs * epochs > FEW_RUN_STEPS) &&
  !(unbiased || symmetric || twin || decay) &&
  (factors.length === 2 || factors.length === 3) &&
  factors.every(({ rows, columns }) => Math.max(rows, columns) <= MOST_OF_QUADS);

interface Owned {
  runs: GPUBuffer;
  state: GPUBuffer;
  stride: number;
  parameters: number;
  factors: FactorShapes["factors"];
  starting: readonly (Float64Array | undefined)[];
}

/** Many steps a dispatch, four neighbours a run. */
export function stepsOfQuads(
  { planner, data, members, inputs, tables, horizon }: CohortContext,
  { runs, state, stride, parameters, factors, starting }: Owned,
): Promise<Dispatch> {
  const { rows, columns } = members[0].dataset.matrix!;
  const count = Math.max(...data.placements.map(({ targets }) => targets)) + 1;
  const [targets, seen] = [new Float32Array(count * inputs), new Float32Array(data.datasets.length * inputs)];
  members.forEach(({ dataset }, position) => {
    const placement = data.placements[position];
    const left = targetsLeft(dataset, starting[position]);
    dataset.matrix!.cells!.forEach((cell, i) => {
      targets[placement.targets * inputs + cell] = left[i];
      seen[placement.data * inputs + cell] = 1;
    });
  });
  const sides = factors.flatMap((factor) => [factor.rows, factor.columns]);
  return planner.dispatch(matrixQuads, {
    overrides: { BLOCKS: Math.ceil(Math.max(...sides) / 4), DEPTH: factors.length },
    params: { stride, parameters, rows, columns, first: factors[0].rows, second: factors[1].rows },
    bind: {
      tiles: tables.trainedRunTiles,
      targets: planner.filled("targets by entry", targets),
      seen: planner.filled("entries seen", seen),
      ...{ runs, state, horizon },
    },
    shape: (plan) => ({ entries: plan.trained_run_tiles }),
  });
}
