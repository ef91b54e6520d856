import { readFileSync } from "node:fs";
import { readNpy } from "../../src/data/npy.ts";
import type { LinearSystem } from "../../src/theory/index.ts";

const read = (name: string) => {
  const file = `experiments/data/seed500-${name}.npy`;
  return Float64Array.from(readNpy(readFileSync(file), file).values);
};

/** The thesis's ten samples of twenty inputs. */
export const seed500: LinearSystem = { samples: 10, inputs: 20, X: read("inputs"), y: read("targets") };
