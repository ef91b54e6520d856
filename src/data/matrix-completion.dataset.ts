import type { MatrixCompletionData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { trueMatrix } from "./low-rank.dataset.ts";
import { fillNormal, randomOrder, stream } from "./stream.ts";

/** Makes the data that src/data/matrix-completion.ts tells of. */
export const generate: Generate<MatrixCompletionData> = (specification) => {
  const { rows, columns, observed, noise, seed } = specification;
  const inputs = rows * columns;
  const betaStar = trueMatrix(specification);
  const noisy = new Float64Array(inputs);
  fillNormal(stream(seed, "noise"), noisy);
  betaStar.forEach((entry, cell) => (noisy[cell] = entry + noise * noisy[cell]));
  const order = randomOrder(stream(seed, "inputs"), inputs);
  const cells = order.slice(0, observed);
  const testCells = order.slice(observed).sort();
  const values = (places: Uint32Array) => Float64Array.from(places, (cell) => noisy[cell]);
  return {
    samples: observed,
    inputs,
    outputs: 1,
    X: new Float64Array(),
    y: values(cells),
    testSamples: testCells.length,
    testX: new Float64Array(),
    testY: values(testCells),
    betaStar,
    matrix: { rows, columns, cells, testCells },
  };
};
