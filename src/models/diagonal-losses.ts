import { diagonalLoss } from "../kernels/diagonal-loss.ts";
import type { Dispatch } from "../plan/planner.ts";
import { evaluateOn } from "./diagonal-outputs.ts";
import type { SampleSet } from "./measurable.ts";
import type { CohortContext } from "./model.ts";

/** What outputs become losses with. */
interface Given {
  runs: GPUBuffer;
  beta: GPUBuffer;
  channels: number;
}

/** Losses of outputs that are not residuals: f comes from products without targets, and a pass makes losses and slopes of it. */
export interface OutputLosses {
  /** In the targets' place: zeros. */
  targets: GPUBuffer;
  /** Roots of the batch's losses, [rows, capacity]. */
  roots: GPUBuffer;
  /** Fills them; leaves half the slopes in place of the outputs. */
  ofBatch(signal: GPUBuffer): Promise<Dispatch>;
  /** Fills `roots` [rows, samples] of all training or test samples, whose outputs it leaves in `outputs`. */
  ofAll(set: SampleSet, outputs: GPUBuffer, roots: GPUBuffer): Promise<Dispatch[]>;
}

/** Compiles the logistic loss of diagonal networks, which start where all outputs are 0. */
export function outputLosses(context: CohortContext, { runs, beta, channels }: Given): OutputLosses {
  const { planner, members, data, tables, order, samples, testSamples, capacity, shuffled } = context;
  const rows = members.length * channels;
  const targets = planner.buffer("no targets", 4 * data.datasets.length * Math.max(samples, testSamples));
  const roots = planner.scratchBuffer("roots of losses", 4 * rows * capacity);
  return {
    targets,
    roots,
    ofBatch: (signal) =>
      planner.dispatch(diagonalLoss, {
        overrides: { SHUFFLED: shuffled, SLOPES: true },
        bind: { run_tiles: tables.trainedRunTiles, order, y: data.y, runs, signal, roots },
        shape: (plan) => ({ size: capacity, entries: plan.trained_run_tiles }),
      }),
    ofAll: async (set, outputs, roots) => {
      const test = set === "test";
      const count = test ? testSamples : samples;
      return [
        await evaluateOn(context, set, { channels, beta }, outputs, targets),
        await planner.dispatch(diagonalLoss, {
          params: { samples: count, capacity: count, streams: 1 },
          bind: {
            run_tiles: tables.runTiles,
            order,
            y: test ? data.testY : data.y,
            runs,
            signal: outputs,
            roots,
          },
          shape: (plan) => ({ size: count, entries: plan.run_tiles }),
          test,
        }),
      ];
    },
  };
}
