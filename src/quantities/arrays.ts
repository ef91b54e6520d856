import type { ArrayName } from "../document/types.ts";
import type { Need } from "./catalogue.ts";

/** What an axis of an array is as long as. */
export type Axis =
  | "kernel rows"
  | "training samples"
  | "test samples"
  | "inputs"
  | "rows"
  | "columns"
  | "singular values"
  | "hidden units"
  | "inputs and output"
  | "weights";

/** An array that results can hold, one of each run: at every record [runs, records, ...axes], or at its end [runs, ...axes]. */
export interface ArrayKind {
  when: "record" | "end";
  axes: readonly Axis[];
  needs: readonly Need[];
}

/** Every array, by its name in documents and folders. */
export const arrayKinds: Record<ArrayName, ArrayKind> = {
  ntk: { when: "record", axes: ["kernel rows", "kernel rows"], needs: ["tangentKernel"] },
  test_ntk: { when: "record", axes: ["test samples", "training samples"], needs: ["testKernel", "testSet"] },
  singular_values: { when: "record", axes: ["singular values"], needs: ["matrix"] },
  neurons: { when: "record", axes: ["hidden units", "inputs and output"], needs: ["neurons", "oneOutput"] },
  outputs: { when: "record", axes: ["training samples"], needs: ["outputs", "oneOutput"] },
  function: { when: "record", axes: ["test samples"], needs: ["outputs", "testSet", "oneOutput"] },
  predictor: { when: "end", axes: ["inputs"], needs: ["finalPredictor", "oneOutput"] },
  weights: { when: "end", axes: ["weights"], needs: ["finalWeights"] },
};

export const arrayNames = Object.keys(arrayKinds) as ArrayName[];
