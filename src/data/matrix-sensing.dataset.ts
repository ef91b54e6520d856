import type { MatrixSensingData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { trueMatrix } from "./low-rank.dataset.ts";
import { fillNormal, stream } from "./stream.ts";

/** Makes the data that src/data/matrix-sensing.ts tells of. */
export const generate: Generate<MatrixSensingData> = (specification) => {
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
};

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
