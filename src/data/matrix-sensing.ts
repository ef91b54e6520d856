import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { maxEntries } from "./generated.ts";
import { defineData } from "./kind.ts";
import { checkLowRank, count, lowRankEntries } from "./low-rank.ts";

/**
 * Dense measurements y_i = <A_i, W*> + noise N(0, 1) of a matrix of low rank. The entries of A_i are standard normal; with
 * "symmetric" A_i is (G + G^T) / 2 of such a G, with "diagonal" only its diagonal is not 0. A_i takes the draws from i n on
 * of the inputs stream, n the numbers of one. All entries of W*, with noise of their own, are the test set.
 */
export const matrixSensing = defineData({
  kind: "matrix-sensing",
  schema: v.strictObject({
    kind: kindField("matrix-sensing", "Random measurements of a matrix of low rank."),
    ...lowRankEntries,
    measurements: count("Measurements.", "measurements are a whole number of at least 1"),
    measurement: v.optional(
      field(
        "What measurements are: full Gaussian matrices, symmetric or diagonal ones.",
        'a measurement is "gaussian", "symmetric" or "diagonal"',
        v.picklist(["gaussian", "symmetric", "diagonal"]),
      ),
      "gaussian",
    ),
  }),
  linear: true,
  measuresMatrix: true,
  shape: (specification) => {
    checkLowRank(specification);
    const { rows, columns, measurements, measurement } = specification;
    const inputs = rows * columns;
    if (measurement === "symmetric" && rows !== columns)
      throw new DocumentError(
        "data.measurement",
        `is "symmetric"; symmetric matrices have as many columns as rows, not ${rows} x ${columns}`,
      );
    if (measurements * inputs > maxEntries)
      throw new DocumentError(
        "data.measurements",
        `is ${measurements}; of ${rows} x ${columns} matrices at most ${Math.floor(maxEntries / inputs)} (2^27 entries)`,
      );
    return {
      samples: measurements,
      inputs,
      outputs: 1,
      testSamples: inputs,
      matrix: { rows, columns },
    };
  },
  lacksTestSet: () => undefined,

  generator: async () => (await import("./matrix-sensing.dataset.ts")).generate,
});
