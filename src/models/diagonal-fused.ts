import { diagonalDescentMany, diagonalRuns } from "../kernels/diagonal-descent.ts";
import { type Overrides, ceilDiv } from "../wgsl/kernel.ts";
import { addingLanes, ownStepsPay, ownsRuns, runsAlone } from "../wgsl/lanes.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { CohortContext } from "./model.ts";

/** Inputs whose weights and sums an invocation can hold (shaders/diagonal_runs.wgsl). */
const MOST_INPUTS = 32;

/** What updates read and write beside the data. */
interface Buffers {
  runs: GPUBuffer;
  state: GPUBuffer;
  beta: GPUBuffer;
  signal: GPUBuffer;
}

/**
 * Many updates of full batches in one dispatch, of networks whose copies start equal: an invocation a run, where all of
 * one fits into its registers and the training is long enough, else a workgroup a run.
 *
 * @param overrides of the descent kernel
 * @returns whether they are taken, undefined where they cannot be, and the dispatch; the bits are those of single steps
 */
export async function fusedSteps(
  context: CohortContext,
  overrides: Overrides,
  { runs, state, beta, signal }: Buffers,
): Promise<{ isFused: boolean | undefined; dispatch?: Dispatch }> {
  const { planner, members, tables, data, samples, inputs, horizon, sweepSize, tiling } = context;
  const { train, loss } = members[0].run;
  const stops = train.stopLoss !== null;
  // A loss that runs through an epoch is added up between forward and back.
  const fits =
    train.method === "gradient-descent" &&
    loss.kind === "squared" &&
    !context.shuffled &&
    !(stops && train.stopRule === "keras");
  if (!fits) return { isFused: undefined };
  const lanes = addingLanes(tiling.software, samples, 64);
  const ownable = inputs <= MOST_INPUTS && ownsRuns(tiling, samples);
  const products = sweepSize.runs * tables.channels * samples * inputs;
  const own = ownable && (context.fused ?? ownStepsPay(products * sweepSize.epochs));
  const isFused = context.fused ?? (own || runsAlone(products));
  if (!isFused) return { isFused };
  // What the kernels read of the order are the targets' bits.
  const bind = { order: data.y, X: data.X, signal, runs, state, beta, horizon };
  const dispatch = own
    ? await planner.dispatch(diagonalRuns, {
        overrides: { LANES: tiling.vector, BLOCKS: ceilDiv(inputs, 4), STOPS: stops, ...overrides },
        bind: { tiles: tables.tilesOfRuns(tiling.vector), ...bind },
      })
    : await planner.dispatch(diagonalDescentMany, {
        overrides: { LANES: lanes, JUDGES: lanes, STOPS: stops, ...overrides },
        bind: { tiles: tables.trainedRunTiles, ...bind },
      });
  return { isFused, dispatch };
}
