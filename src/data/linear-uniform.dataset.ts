import type { LinearData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { generateLinear } from "./linear.dataset.ts";
import { fillUniform, stream } from "./stream.ts";

/** Makes the data that src/data/linear-uniform.ts tells of. */
export const generate: Generate<LinearData> = (specification) => {
  const betaStar = new Float64Array(specification.dimension);
  fillUniform(stream(specification.seed, "predictor"), betaStar, -1, 1);
  return generateLinear(specification, betaStar);
};
