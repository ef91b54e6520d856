import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { MatrixFileData } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import { maxEntries } from "./generated.ts";
import type { Files, Generate } from "./kind.ts";
import { describeShape, readNpy } from "./npy.ts";
import { precisionProblem } from "./precision.ts";

/** Makes the data that src/data/matrix-file.ts tells of. */
export const generate: Generate<MatrixFileData> = (specification, files) => {
  const measured = specification.entries === undefined ? readDense : readEntries;
  const { rows, columns, samples, X, cells } = measured(specification, files);
  const inputs = rows * columns;
  const source = specification.entries ?? specification.measurements!;
  const y = read("targets", specification, files);
  if (y.shape.length !== 1 || y.shape[0] !== samples)
    throw new DocumentError(
      specification.targets,
      `has shape ${describeShape(y.shape)}; ${source} has ${samples} measurements, so targets are (${samples},)`,
    );
  const truth = specification.truth === undefined ? undefined : read("truth", specification, files);
  if (truth && (truth.shape.length !== 2 || truth.shape[0] !== rows || truth.shape[1] !== columns))
    throw new DocumentError(
      specification.truth!,
      `has shape ${describeShape(truth.shape)}; the matrix is (${rows}, ${columns})`,
    );
  const seen = new Set(cells);
  const testCells = Uint32Array.from({ length: truth ? inputs : 0 }, (_, cell) => cell).filter(
    (cell) => !seen.has(cell),
  );
  return {
    samples,
    inputs,
    outputs: 1,
    X,
    y: y.values,
    testSamples: testCells.length,
    testX: new Float64Array(),
    testY: Float64Array.from(testCells, (cell) => truth!.values[cell]),
    ...(truth && { betaStar: truth.values }),
    matrix: { rows, columns, ...(cells && { cells }), testCells },
  };
};

type Role = "entries" | "measurements" | "targets" | "truth";

type Measured = Pick<Dataset, "samples" | "X"> & { rows: number; columns: number; cells?: Uint32Array };

function readDense(specification: MatrixFileData, files: Files): Measured {
  const { shape, values } = read("measurements", specification, files);
  const [samples, rows, columns] = shape;
  if (shape.length !== 3 || values.length === 0)
    throw new DocumentError(
      specification.measurements!,
      `has shape ${describeShape(shape)}; measurements are [measurements, rows, columns], at least one of each`,
    );
  if (values.length > maxEntries)
    throw new DocumentError(
      specification.measurements!,
      `has ${values.length} entries; at most 2^27 are allowed`,
    );
  return { samples, rows, columns, X: values };
}

function readEntries(specification: MatrixFileData, files: Files): Measured {
  const { rows = 0, columns = 0, entries: file = "" } = specification;
  const { shape, values } = read("entries", specification, files);
  const [samples, pair] = shape;
  if (shape.length !== 2 || samples === 0 || pair !== 2)
    throw new DocumentError(
      file,
      `has shape ${describeShape(shape)}; entries are [measurements, 2], row and column of each`,
    );
  const firstAt = new Map<number, number>();
  const cells = Uint32Array.from({ length: samples }, (_, i) => {
    const [row, column] = values.subarray(2 * i, 2 * i + 2);
    const inside = (place: number, length: number) => Number.isInteger(place) && place >= 0 && place < length;
    if (!inside(row, rows) || !inside(column, columns))
      throw new DocumentError(
        file,
        `entry ${i} is (${row}, ${column}); rows are from 0 to ${rows - 1}, columns from 0 to ${columns - 1}`,
      );
    const cell = row * columns + column;
    const before = firstAt.get(cell);
    if (before !== undefined)
      throw new DocumentError(
        file,
        `entry ${i} is (${row}, ${column}), as entry ${before} is; each is named once`,
      );
    firstAt.set(cell, i);
    return cell;
  });
  return { samples, rows, columns, X: new Float64Array(), cells };
}

/** An array's shape and its numbers in float64, each finite in training's float32. */
function read(
  role: Role,
  specification: MatrixFileData,
  files: Files,
): { shape: number[]; values: Float64Array } {
  const name = specification[role]!;
  const bytes = files.get(name);
  if (!bytes) throw new DocumentError(`data.${role}`, `is ${shown(name)}; no such file was given`);
  const { shape, values } = readNpy(bytes, name);
  const bad = values.findIndex((value) => precisionProblem(value) !== undefined);
  if (bad >= 0)
    throw new DocumentError(name, `number ${bad} is ${values[bad]}; ${precisionProblem(values[bad])}`);
  return { shape, values: Float64Array.from(values) };
}
