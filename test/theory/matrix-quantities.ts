import { Matrix, SingularValueDecomposition } from "ml-matrix";
import type { Dataset } from "../../src/data/dataset.ts";
import type { KernelPair } from "../../src/models/matrix/making.ts";
import type { MatrixState } from "../../src/models/matrix/matrix.reference.ts";
import { type Matrix as Part, type Operation, evaluate, isView } from "../../src/models/matrix/program.ts";
import type { MatrixStart } from "../../src/models/matrix/start.ts";

const norm = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
};

/** Quantities of a state, in float64. */
export function quantitiesOf(
  state: MatrixState,
  start: MatrixStart,
  dataset: Dataset,
  reduction: "mean" | "sum" = "mean",
) {
  const { numbers, coordinates, factors } = state;
  const { unit, displacement: k, shapes } = start;
  const { parameters, rows, columns } = shapes;
  const field = (place: number) => numbers.slice(place * parameters, (place + 1) * parameters);
  const isPair = coordinates.gap === 3;
  const execute = (operations: readonly Operation[]) => {
    for (const operation of operations) evaluate(operation, numbers, factors);
  };
  execute(coordinates.kernels);
  const half = (x: number, y: number) => Math.hypot(x, y) / Math.SQRT2;
  const kernel = (pairs: readonly KernelPair[], crossed: boolean) => {
    const entry = (part: Part, size: number, i: number, j: number) =>
      isView(part) ? numbers[part.at + i * size + j] : Number(i === j);
    const A = Array.from({ length: dataset.samples }, (_, i) =>
      dataset.matrix!.cells
        ? Float64Array.from({ length: rows * columns }, (_, cell) =>
            Number(cell === dataset.matrix!.cells![i]),
          )
        : dataset.X.subarray(i * rows * columns, (i + 1) * rows * columns),
    );
    const K: number[] = [];
    const places = Array.from({ length: rows * columns }, (_, cell) => cell);
    for (const left of A) {
      // P left Q, of all pairs, then its products with all others.
      const Z = new Float64Array(rows * columns);
      for (const [P, Q] of pairs) {
        const through = new Float64Array(rows * columns);
        for (const cell of places) {
          const [a, b] = [Math.floor(cell / columns), cell % columns];
          if (left[cell] !== 0)
            for (let c = 0; c < rows; c++) through[c * columns + b] += left[cell] * entry(P, rows, c, a);
        }
        for (const cell of places) {
          const [a, b] = [Math.floor(cell / columns), cell % columns];
          for (let d = 0; d < columns; d++) Z[a * columns + d] += through[cell] * entry(Q, columns, b, d);
        }
      }
      for (const right of A) {
        let sum = 0;
        for (const cell of places) {
          const [a, b] = [Math.floor(cell / columns), cell % columns];
          sum += Z[cell] * (right[cell] + (crossed ? right[b * columns + a] : 0));
        }
        K.push(coordinates.kernelFactor * sum);
      }
    }
    return K;
  };
  const crossed = shapes.factors.length === 1 && coordinates.kernelStart[0][1] === "identity";
  const K0 = kernel(coordinates.kernelStart, crossed);
  const dK = kernel(coordinates.kernelChange, crossed);
  const mean = reduction === "mean" ? dataset.samples : 1;
  return {
    loss: norm(state.residual) ** 2 / mean,
    linear_loss: norm(state.residual.map((r, i) => r - state.gap[i])) ** 2 / mean,
    function_distance: norm(state.gap) / Math.sqrt(dataset.samples),
    weight_distance: isPair ? unit * k * half(norm(field(1)), k * norm(field(2))) : unit * norm(field(1)),
    linear_distance: isPair
      ? unit * k * k * half(k * norm(field(3)), norm(field(coordinates.gapSum || 2)))
      : unit * norm(field(2)),
    ntk_drift: (k * k * norm(dK)) / norm(K0),
    predictor_nuclear: new SingularValueDecomposition(
      Matrix.from1DArray(rows, columns, [...state.change]),
    ).diagonal.reduce((sum, value) => sum + value, 0),
  };
}
