import type { LinearData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { generateLinear } from "./linear.dataset.ts";
import { fillNormal, stream } from "./stream.ts";

/** Makes the data that src/data/linear-sparse.ts tells of. */
export const generate: Generate<LinearData & { sparsity: number }> = (specification) => {
  const { sparsity, dimension, norm, entries } = specification;
  const betaStar = new Float64Array(dimension);
  const leading = betaStar.subarray(0, sparsity);
  if (entries === "gaussian") fillNormal(stream(specification.seed, "predictor"), leading);
  else leading.fill((norm ?? 1) / Math.sqrt(sparsity));
  if (entries === "gaussian" && norm !== undefined) {
    const drawn = Math.hypot(...leading);
    leading.forEach((value, i) => (leading[i] = (norm * value) / drawn));
  }
  return generateLinear(specification, betaStar);
};
