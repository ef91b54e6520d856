import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import type { MatrixSensingData } from "../document/types.ts";
import { maxEntries } from "./generated.ts";
import { defineData } from "./kind.ts";
import { checkLowRank, count, lowRankEntries, trueMatrix } from "./low-rank.ts";
import { fillNormal, stream } from "./stream.ts";

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
  generate: (specification) => {
    const { rows, columns, measurements, noise, seed } = specification;
    const inputs = rows * columns;
    const betaStar = trueMatrix(specification);
    const X = drawMeasurements(specification);
    const y = new Float64Array(measurements);
    fillNormal(stream(seed, "noise"), y);
    for (let i = 0; i < measurements; i++) {
      let signal = 0;
      for (let cell = 0; cell < inputs; cell++) signal += X[i * inputs + cell] * betaStar[cell];
      y[i] = signal + noise * y[i];
    }
    const testY = new Float64Array(inputs);
    fillNormal(stream(seed, "testNoise"), testY);
    betaStar.forEach((entry, cell) => (testY[cell] = entry + noise * testY[cell]));
    return {
      samples: measurements,
      inputs,
      outputs: 1,
      X,
      y,
      testSamples: inputs,
      testX: new Float64Array(),
      testY,
      betaStar,
      matrix: { rows, columns, testCells: Uint32Array.from({ length: inputs }, (_, cell) => cell) },
    };
  },
});

/** The A_i, [measurements, rows, columns]. */
function drawMeasurements({
  rows,
  columns,
  measurements,
  measurement,
  seed,
}: MatrixSensingData): Float64Array {
  const inputs = rows * columns;
  const from = stream(seed, "inputs");
  const X = new Float64Array(measurements * inputs);
  if (measurement === "diagonal") {
    const length = Math.min(rows, columns);
    const diagonals = new Float64Array(measurements * length);
    fillNormal(from, diagonals);
    diagonals.forEach((entry, place) => {
      const [i, k] = [Math.floor(place / length), place % length];
      X[i * inputs + k * (columns + 1)] = entry;
    });
    return X;
  }
  fillNormal(from, X);
  if (measurement === "symmetric")
    for (let i = 0; i < measurements; i++)
      for (let a = 0; a < rows; a++)
        for (let b = 0; b < a; b++) {
          const [low, high] = [i * inputs + a * columns + b, i * inputs + b * columns + a];
          X[low] = X[high] = (X[low] + X[high]) / 2;
        }
  return X;
}
