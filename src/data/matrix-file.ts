import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { MatrixFileData } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import { maxEntries } from "./generated.ts";
import { defineData, type Files } from "./kind.ts";
import { side } from "./low-rank.ts";
import { describeShape, readNpy } from "./npy.ts";
import { precisionProblem } from "./precision.ts";

const path = (description: string) => v.pipe(v.string(), v.minLength(1), v.description(description));

const roles = ["entries", "measurements", "targets", "truth"] as const;
type Role = (typeof roles)[number];

/** The user's own measurements of a matrix: entries seen, or dense A_i; the entries of `truth` not seen are the test set. */
export const matrixFile = defineData({
  kind: "matrix-file",
  schema: v.strictObject({
    kind: kindField("matrix-file", "Your own measurements or entries of a matrix."),
    rows: v.exactOptional(side("Rows of the matrix, where entries are given.")),
    columns: v.exactOptional(side("Columns of the matrix, where entries are given.")),
    entries: v.exactOptional(path("Entries seen: an .npy file, [measurements, 2], row and column from 0.")),
    measurements: v.exactOptional(path("Dense measurements: an .npy file, [measurements, rows, columns].")),
    targets: path("What was measured: an .npy file, [measurements]."),
    truth: v.exactOptional(path("The true matrix: an .npy file, [rows, columns].")),
  }),
  linear: ({ truth }) => truth !== undefined,
  measuresMatrix: true,

  shape: ({ rows, columns, entries, measurements }) => {
    if ((entries === undefined) === (measurements === undefined))
      throw new DocumentError(
        "data",
        `names ${entries === undefined ? "no" : "two files of"} measurements; it takes "entries" with "rows" and "columns", or "measurements"`,
      );
    for (const [name, length] of Object.entries({ rows, columns })) {
      if (entries !== undefined && length === undefined)
        throw new DocumentError(`data.${name}`, `is missing; entries need the matrix's rows and columns`);
      if (entries === undefined && length !== undefined)
        throw new DocumentError(`data.${name}`, `is ${length}; measurements have it in their shape`);
    }
    return undefined;
  },

  lacksTestSet: ({ truth }) => (truth === undefined ? "name the true matrix in data.truth" : undefined),

  files: (specification) => roles.flatMap((role) => specification[role] ?? []),

  generate: (specification, files) => {
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
  },
});

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
