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
  | "outputs"
  | "units of the first layer"
  | "incoming weights"
  | "weights";

/** An array that results can hold, one of each run: at every record [runs, records, ...axes], or at its end [runs, ...axes]. */
export interface ArrayKind {
  /** Plain words, for descriptions. */
  title: string;
  when: "record" | "end";
  axes: readonly Axis[];
  needs: readonly Need[];
}

/** Every array, by its name in documents and folders. */
export const arrayKinds: Record<ArrayName, ArrayKind> = {
  ntk: {
    title: "Tangent kernels on the training inputs",
    when: "record",
    axes: ["kernel rows", "kernel rows"],
    needs: ["tangentKernel"],
  },
  test_ntk: {
    title: "Tangent kernels between test and training inputs",
    when: "record",
    axes: ["test samples", "training samples"],
    needs: ["testKernel", "testSet"],
  },
  singular_values: {
    title: "Singular values of the matrix, the largest first",
    when: "record",
    axes: ["singular values"],
    needs: ["matrix"],
  },
  neurons: {
    title: "Incoming weights and outgoing weight of each hidden unit",
    when: "record",
    axes: ["hidden units", "inputs and output"],
    needs: ["neurons", "oneOutput"],
  },
  first_layer: {
    title: "Incoming weights of each unit of the first layer, or of each filter",
    when: "record",
    axes: ["units of the first layer", "incoming weights"],
    needs: ["layers"],
  },
  outputs: {
    title: "Outputs on the training inputs",
    when: "record",
    axes: ["training samples", "outputs"],
    needs: ["outputs"],
  },
  function: {
    title: "Outputs on the test inputs",
    when: "record",
    axes: ["test samples", "outputs"],
    needs: ["outputs", "testSet"],
  },
  predictor: {
    title: "The linear predictor at the end",
    when: "end",
    axes: ["inputs"],
    needs: ["finalPredictor", "oneOutput"],
  },
  weights: { title: "All weights at the end", when: "end", axes: ["weights"], needs: ["finalWeights"] },
};

export const arrayNames = Object.keys(arrayKinds) as ArrayName[];

/** The axes of arrays of a kind: inputs that are the entries of a matrix have its two, one output has none. */
export const axesOf = (name: ArrayName, { isMatrix, isOne }: { isMatrix: boolean; isOne: boolean }): Axis[] =>
  arrayKinds[name].axes.flatMap((axis): Axis[] => {
    if (axis === "inputs" && isMatrix) return ["rows", "columns"];
    return axis === "outputs" && isOne ? [] : [axis];
  });

/** The axes by their number, for readers that have the array alone. */
export const axesByRank = (name: ArrayName): ReadonlyMap<number, Axis[]> =>
  new Map(
    [
      { isMatrix: false, isOne: false },
      { isMatrix: true, isOne: false },
      { isMatrix: false, isOne: true },
    ].map((own) => [axesOf(name, own).length, axesOf(name, own)] as const),
  );
