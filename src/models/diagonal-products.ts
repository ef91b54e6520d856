import { productsOf, tileRows } from "../kernels/predictor-products.ts";
import type { Choice } from "../wgsl/choice.ts";
import type { Kernel } from "../wgsl/kernel.ts";
import type { Tiling } from "../wgsl/lanes.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { OutputLosses } from "./diagonal-losses.ts";
import type { DiagonalCoordinates } from "./diagonal-start.ts";
import type { CohortContext } from "./model.ts";

/** Rows that share data, below which GPUs have too little to share in workgroup memory. */
const FEWEST_ROWS = 12;

/** What a step reads and writes beside the data. */
interface Buffers {
  runs: GPUBuffer;
  beta: GPUBuffer;
  signal: GPUBuffer;
  /** What makes slopes of outputs, where these are not residuals. */
  losses: OutputLosses | undefined;
}

/** The dispatches of a step of descent, or of a flow's slope. */
export interface DiagonalSteps {
  /** Fills `signal` from `beta`. */
  forward(): Promise<Dispatch[]>;
  /** Updates the state, and `beta` with it; of a flow, writes the state's derivative to `derivative` instead. */
  backward(state: GPUBufferBinding, derivative?: GPUBufferBinding): Promise<Dispatch[]>;
}

/** Ways to update: an input an invocation, or sixteen, which read what a run's inputs share once. */
function updatesOf(kernel: Kernel, { software, vector }: Tiling): Choice {
  const [one, sixteen] = [
    { kernel, overrides: { LANES: 64, PER_INVOCATION: 1 } },
    { kernel, overrides: { LANES: vector, PER_INVOCATION: 16 } },
  ];
  return { variants: [one, sixteen], standard: software ? sixteen : one };
}

/**
 * Steps in products of all rows that share data, forwards and back, then the update; on GPUs by an update that makes its
 * own sums, where there is little to share.
 */
export function diagonalSteps(
  context: CohortContext,
  { update, descent, overrides }: DiagonalCoordinates,
  { runs, beta, signal, losses }: Buffers,
): DiagonalSteps {
  const { planner, data, tables, order, horizon, samples, inputs, capacity, shuffled, sweepSize, tiling } =
    context;
  const rows = sweepSize.sharing * tables.channels;
  const shares = tiling.tiled || (!tiling.software && rows >= FEWEST_ROWS);
  const room = tileRows(rows, tiling);
  let tiles: GPUBuffer | undefined;
  let sums: GPUBuffer | undefined;
  const product = (BACK: boolean, columns: number, bind: Record<"rows" | "products", GPUBuffer>) => {
    const { X, stride } = !BACK
      ? { X: data.columns, stride: samples }
      : tiling.fours
        ? data.inFours()
        : { X: data.X, stride: inputs };
    // Back, columns are inputs, which no batch moves.
    const inFours = stride % 4 === 0 && (BACK || (!shuffled && capacity % 4 === 0));
    return planner.dispatch(productsOf(columns, room, tiling, { inFours, plain: !shares }), {
      overrides: { SHUFFLED: shuffled, BACK },
      params: { room, stride },
      bind: { tiles: (tiles ??= tables.largeTiles(room)), order, y: losses?.targets ?? data.y, X, ...bind },
      shape: (plan) => ({ size: capacity, room, tiles: plan.largeTiles }),
    });
  };
  return {
    forward: async () => [
      await product(false, capacity, { rows: beta, products: signal }),
      ...(losses ? [await losses.ofBatch(signal)] : []),
    ],
    async backward(state, derivative) {
      const bind = { tiles: tables.training, order, signal, runs, horizon, state, beta: derivative ?? beta };
      const special = { ...overrides, ...(derivative ? { FLOW: true } : {}) };
      if (descent && !shares)
        return [
          await planner.dispatch(descent, {
            overrides: { LANES: 64, SHUFFLED: shuffled, ...special },
            bind: { ...bind, X: data.X },
          }),
        ];
      sums ??= planner.scratchBuffer(
        "sums over the batch",
        4 * data.placements.length * tables.channels * inputs,
      );
      return Promise.all([
        product(true, inputs, { rows: signal, products: sums }),
        planner.dispatch(updatesOf(update, tiling), {
          overrides: special,
          bind: { ...bind, X: sums },
        }),
      ]);
    },
  };
}
