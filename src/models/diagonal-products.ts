import type { Choice } from "../wgsl/choice.ts";
import { diagonalUpdate } from "../kernels/diagonal-descent.ts";
import type { Overrides } from "../wgsl/kernel.ts";
import { groupsOfRows, productsOf } from "../kernels/products.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { CohortContext } from "./model.ts";

/** Rows that share data, below which there is too little to share in registers or workgroup memory. */
const FEWEST_ROWS = 12;

/** What a step reads and writes beside the data. */
interface Buffers {
  runs: GPUBuffer;
  state: GPUBuffer;
  beta: GPUBuffer;
  signal: GPUBuffer;
}

/**
 * Steps of descent in products of many rows at a time, then the update: where enough runs share their data, on GPUs by
 * workgroup memory, on software adapters by neighbours that trade registers, if they can.
 *
 * @param choice ways to take a step from the residuals alone
 * @param overrides of the descent kernel
 * @returns nothing where that does not pay
 */
export async function stepsByProducts(
  context: CohortContext,
  choice: Choice,
  overrides: Overrides,
  { signal, ...buffers }: Buffers,
): Promise<{ forward: Dispatch[]; backward: Dispatch[] } | undefined> {
  const { planner, data, tables, order, horizon, inputs, capacity, shuffled, sweepSize, cut } = context;
  const rows = sweepSize.sharing * tables.channels;
  const pays =
    (!cut.software || (cut.tiled && cut.quads)) &&
    choice.variants.some(({ kernel }) => kernel.file === diagonalUpdate.file) &&
    rows >= FEWEST_ROWS;
  if (!pays) return undefined;
  const groups = groupsOfRows(rows);
  const shared = { tiles: tables.largeTiles(4 * groups), order, y: data.y };
  const sums = planner.scratchBuffer(
    "sums over the batch",
    4 * data.placements.length * tables.channels * inputs,
  );
  const product = (BACK: boolean, columns: number, bind: Record<"X" | "rows" | "products", GPUBuffer>) =>
    planner.dispatch(productsOf(columns, groups, cut), {
      overrides: { SHUFFLED: shuffled, BACK },
      bind: { ...shared, ...bind },
      shape: () => ({ size: capacity }),
    });
  const [forward, back, update] = await Promise.all([
    product(false, capacity, { X: data.columns, rows: buffers.beta, products: signal }),
    product(true, inputs, { X: data.X, rows: signal, products: sums }),
    planner.dispatch(diagonalUpdate, {
      overrides: { ...(cut.software ? { LANES: 4, EACH: 16 } : { LANES: 64, EACH: 1 }), ...overrides },
      bind: { tiles: tables.training, order, X: sums, signal, horizon, ...buffers },
    }),
  ]);
  return { forward: [forward], backward: [back, update] };
}
