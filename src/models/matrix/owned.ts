/** Whole steps of small matrix models in registers (shaders/matrix_owned.wgsl, shaders/matrix_quads.wgsl). */

import { matrixOwned, matrixQuads } from "../../kernels/matrix-owned.ts";
import type { Dispatch } from "../../plan/planner.ts";
import type { Tiling } from "../../wgsl/lanes.ts";
import type { CohortContext } from "../model.ts";
import type { MatrixFeatures } from "./making.ts";
import type { FactorShapes } from "./shape.ts";
import { targetsLeft } from "./start.ts";

/** Rows or columns that one invocation, or four neighbours, have room for. */
const MOST = 12;
/** Sides that an invocation's matrices are rounded up to. */
const SIDES = [4, 8, 10, MOST];
/** Steps of a run, in all of a training, that cost less than compiling these: some ten seconds. */
const FEW_RUN_STEPS = 2 ** 18;

/** Lanes of a software adapter whose compiler takes seconds for all products of a step written out; LLVM's takes minutes. */
const FOUR = 4;
const isWrittenOut = ({ vector }: Tiling): boolean => vector === FOUR;

/** Whether an invocation, or four neighbours that may trade, own a run: software adapters, and models that fit into their registers. */
export const ownsMatrices = (
  { tiling, fused, sweepSize: { runs, epochs } }: CohortContext,
  { unbiased, symmetric, twin, decay }: MatrixFeatures,
  factors: FactorShapes["factors"],
): boolean =>
  tiling.software &&
  (isWrittenOut(tiling) || tiling.quads) &&
  (fused === true || runs * epochs > FEW_RUN_STEPS) &&
  !(unbiased || symmetric || twin || decay) &&
  (factors.length === 2 || factors.length === 3) &&
  factors.every(({ rows, columns }) => Math.max(rows, columns) <= MOST);

interface Owned {
  runs: GPUBuffer;
  state: GPUBuffer;
  stride: number;
  parameters: number;
  factors: FactorShapes["factors"];
  starting: readonly (Float64Array | undefined)[];
}

/** Many steps a dispatch, an invocation a run, or four. */
export function ownedSteps(context: CohortContext, owned: Owned): Promise<Dispatch> {
  const { planner, members, tables, horizon, data, inputs, tiling } = context;
  const { runs, state, stride, parameters, factors } = owned;
  const { rows, columns } = members[0].dataset.matrix!;
  const { targets, seen } = observed(context, owned);
  const side = Math.max(...factors.flatMap((factor) => [factor.rows, factor.columns]));
  const params = { stride, parameters, rows, columns, first: factors[0].rows, second: factors[1].rows };
  const DEPTH = factors.length;
  if (!isWrittenOut(tiling))
    return planner.dispatch(matrixQuads, {
      overrides: { BLOCKS: Math.ceil(side / 4), DEPTH },
      params,
      bind: {
        tiles: tables.trainedRunTiles,
        targets: planner.filled("targets by entry", targets),
        seen: planner.filled("entries seen", seen),
        ...{ runs, state, horizon },
      },
      shape: (plan) => ({ entries: plan.trained_run_tiles }),
    });
  const places = data.placements.flatMap((placement) => [
    placement.targets * inputs,
    targets.length + placement.data * inputs,
  ]);
  return planner.dispatch(matrixOwned, {
    overrides: { SIDE: SIDES.find((length) => side <= length)!, DEPTH, LANES: FOUR },
    params,
    bind: {
      tiles: tables.groupsOfRuns(FOUR),
      places: planner.filled("places of what is observed", Uint32Array.from(places)),
      observed: planner.filled("targets, and entries seen", Float32Array.from([...targets, ...seen])),
      ...{ runs, state, horizon },
    },
  });
}

/** By entry of the matrix, what is left of targets at the start, and 1 where it is seen. */
function observed({ data, members, inputs }: CohortContext, { starting }: Owned) {
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
  return { targets, seen };
}
