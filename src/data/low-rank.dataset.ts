import type { MatrixCompletionData, MatrixSensingData } from "../document/types.ts";
import { fillNormal, stream } from "./stream.ts";

/**
 * W*, [rows, columns], of the generated kinds of matrices.
 *
 * W* = U V^T (symmetric: U U^T), U [rows, rank] and V [columns, rank] of standard normal entries. U takes the first draws of the
 * seed's predictor stream, row-major, V those after them.
 */
export function trueMatrix({
  rows,
  columns,
  rank,
  norm,
  symmetric,
  seed,
}: MatrixCompletionData | MatrixSensingData): Float64Array {
  const from = stream(seed, "predictor");
  const U = new Float64Array(rows * rank);
  fillNormal(from, U);
  const V = symmetric ? U : new Float64Array(columns * rank);
  if (!symmetric) fillNormal(from, V, U.length);
  const W = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < rank; k++) W[i * columns + j] += U[i * rank + k] * V[j * rank + k];
  if (norm === null) return W;
  const scale = norm / Math.sqrt(W.reduce((sum, entry) => sum + entry * entry, 0));
  return W.map((entry) => scale * entry);
}
