import { Matrix, QrDecomposition } from "ml-matrix";
import type { Files } from "../../data/kind.ts";
import { DocumentError } from "../../document/error.ts";
import type { MatrixModel, RunSpecification } from "../../document/types.ts";
import { gaussianWeights, initialFromFile } from "../initial.ts";
import { type FactorShapes, SHAPES } from "./shape.ts";

/**
 * Factors of one copy, [parameters], before alpha.
 *
 * @throws DocumentError where the document's shape or file does not fit them
 */
export function drawn(run: RunSpecification, shapes: FactorShapes, files: Files): Float64Array {
  const { shape } = run.init;
  if (shape === "identity") return eyes(shapes);
  if (shape === "orthogonal") return orthogonal(run, shapes);
  if (typeof shape === "string") throw new DocumentError("init.shape", `is "${shape}"; ${SHAPES}`);
  if ("file" in shape) {
    const values = initialFromFile(shape.file, files);
    if (values.length !== shapes.parameters)
      throw new DocumentError(
        shape.file,
        `holds ${values.length} weights; the factors ${sizesText(shapes)} take ${shapes.parameters}` +
          ((run.model as MatrixModel).unbiased ? ", those of one copy" : ""),
      );
    if (values.every((value) => value === 0))
      throw new DocumentError(
        shape.file,
        "holds zeros alone: where all initial weights are 0, so is every gradient, and nothing trains",
      );
    return values;
  }
  const { std } = shape;
  const values = gaussianWeights(run, shapes.parameters, 1);
  shapes.factors.forEach(({ rows, columns, offset }, l) => {
    const deviation = typeof std === "number" ? std : std[l];
    for (let i = offset; i < offset + rows * columns; i++) values[i] *= deviation;
  });
  return values;
}

const sizesText = ({ factors }: FactorShapes): string =>
  factors.map(({ rows, columns }) => `${rows} x ${columns}`).join(", ");

/** Ones on every factor's diagonal. */
function eyes({ factors, parameters }: FactorShapes): Float64Array {
  const values = new Float64Array(parameters);
  for (const { rows, columns, offset } of factors)
    for (let i = 0; i < Math.min(rows, columns); i++) values[offset + i * columns + i] = 1;
  return values;
}

/** Factors with orthonormal rows or columns, whichever are fewer, uniformly distributed (Mezzadri 2007). */
function orthogonal(run: RunSpecification, { factors, parameters }: FactorShapes): Float64Array {
  const values = gaussianWeights(run, parameters, 1);
  for (const { rows, columns, offset } of factors) {
    const [tall, narrow] = [Math.max(rows, columns), Math.min(rows, columns)];
    const G = Matrix.from1DArray(tall, narrow, [...values.subarray(offset, offset + rows * columns)]);
    const { orthogonalMatrix: Q, upperTriangularMatrix: R } = new QrDecomposition(G);
    for (let i = 0; i < tall; i++)
      for (let j = 0; j < narrow; j++) {
        const entry = Q.get(i, j) * (R.get(j, j) < 0 ? -1 : 1);
        values[offset + (rows >= columns ? i * columns + j : j * columns + i)] = entry;
      }
  }
  return values;
}
