import type { Highs, InitOptions, Model } from "highs";
import { ConvergenceError } from "./errors.ts";

// HiGHS is 3.5 MB of WebAssembly: it is loaded on first use, once. Its own loader finds `highs.wasm` beside its module, in
// Node and in pages served by Vite; where a bundler moves the file, name it before the first solve.

/** How long a program may take. */
const SECONDS = 300;

let options: InitOptions = {};
let loading: Promise<Highs> | undefined;

/**
 * Says where HiGHS's WebAssembly is (in a page: `import url from "highs/runtime?url"`), or hands over its bytes.
 * Call it before the first solve; afterwards it has no effect.
 */
export function setLinearProgramRuntime(source: string | ArrayBuffer | ArrayBufferView): void {
  options = typeof source === "string" ? { locateFile: () => source } : { wasmBinary: source };
}

/** Minimize costs . x subject to A x = targets, x >= lowest (0, or -Infinity). */
export interface LinearProgram {
  /** How messages call it. */
  name: string;
  /** [columns]. */
  costs: Float64Array;
  lowest: Float64Array;
  /** [rows]. */
  targets: Float64Array;
  /** A's entries, all of which may be other than 0. */
  entry(row: number, column: number): number;
}

/**
 * Solves a program (HiGHS, simplex).
 *
 * @param read takes what is wanted of the solved model, which is gone after that
 * @throws ConvergenceError where there is no optimum, or the solver stops at its limit (300 s)
 */
export async function solveProgram<Wanted>(
  { name, costs, lowest, targets, entry }: LinearProgram,
  read: (model: Model, highs: Highs) => Wanted,
): Promise<Wanted> {
  const highs = await solver();
  const [columns, rows] = [costs.length, targets.length];
  const values = new Float64Array(columns * rows);
  const indices = new Int32Array(columns * rows);
  const starts = Int32Array.from({ length: columns + 1 }, (_, column) => column * rows);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) {
      indices[column * rows + row] = row;
      values[column * rows + row] = entry(row, column);
    }
  const model = highs.createModel({
    numCols: columns,
    numRows: rows,
    colCost: costs,
    colLower: lowest.map((bound) => (bound === -Infinity ? -highs.infinity : bound)),
    colUpper: new Float64Array(columns).fill(highs.infinity),
    rowLower: targets,
    rowUpper: targets,
    matrix: { format: "csc", numRows: rows, numCols: columns, starts, indices, values },
  });
  try {
    model.options.set({
      output_flag: false,
      solver: "simplex",
      // On dense rows it finds nothing, and takes as long as the solve.
      presolve: "off",
      time_limit: SECONDS,
      // The smallest that HiGHS takes: an entry that it drops, or a bound that it bends, could move the basis.
      small_matrix_value: 1e-12,
      primal_feasibility_tolerance: 1e-10,
      dual_feasibility_tolerance: 1e-10,
    });
    const { modelStatus } = model.run();
    const named = highs.constants.modelStatus;
    if (modelStatus === named.optimal) return read(model, highs);
    const status = Object.entries(named).find(([, value]) => value === modelStatus)?.[0];
    throw new ConvergenceError(
      `the ${name} linear program (${rows} rows, ${columns} columns) ended with "${status}", not with an optimum`,
      Number(model.info.get("simplex_iteration_count")),
      NaN,
    );
  } finally {
    model.dispose();
  }
}

/** HiGHS, loaded on first use. A failed load is tried again at the next call. */
function solver(): Promise<Highs> {
  loading ??= import("highs")
    .then(({ default: load }) => load(options))
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}
