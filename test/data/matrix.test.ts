import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape } from "../../src/data/registry.ts";
import type { MatrixCompletionData, MatrixFileData, MatrixSensingData } from "../../src/document/types.ts";
import { npyFile } from "./bytes.ts";
import { problem } from "./problem.ts";

const lowRank = { rows: 6, columns: 5, rank: 2, norm: null, symmetric: false, noise: 0, seed: 3 };
const completion = (fields: Partial<MatrixCompletionData> = {}): MatrixCompletionData => ({
  kind: "matrix-completion",
  observed: 20,
  ...lowRank,
  ...fields,
});
const sensing = (fields: Partial<MatrixSensingData> = {}): MatrixSensingData => ({
  kind: "matrix-sensing",
  measurements: 7,
  measurement: "gaussian",
  ...lowRank,
  ...fields,
});
const load = (specification: MatrixCompletionData | MatrixSensingData): Dataset =>
  loadDataset(specification, new Map());

const pick = ({ samples, inputs, outputs, testSamples }: Omit<Dataset, "matrix" | "y" | "testY">) => ({
  samples,
  inputs,
  outputs,
  testSamples,
});

test("completion sees some entries of the truth, and is tested on the others", () => {
  const { matrix, y, testY, betaStar, ...sizes } = load(completion());
  const { cells, testCells } = matrix!;
  expect(sizes).toMatchObject({ samples: 20, inputs: 30, outputs: 1, testSamples: 10 });
  expect(dataShape(completion())).toEqual({ ...pick(sizes), matrix: { rows: 6, columns: 5 } });
  expect(new Set([...cells!, ...testCells]).size).toBe(30);
  expect(y).toEqual(Float64Array.from(cells!, (cell) => betaStar![cell]));
  expect(testY).toEqual(Float64Array.from(testCells, (cell) => betaStar![cell]));
});

test("more observed entries keep the earlier ones, and noise stays with its entry", () => {
  const [few, many] = [completion({ noise: 0.1 }), completion({ noise: 0.1, observed: 28 })].map(load);
  expect(many.matrix!.cells!.subarray(0, 20)).toEqual(few.matrix!.cells);
  expect(many.y.subarray(0, 20)).toEqual(few.y);
  expect(many.y[0]).not.toBe(many.betaStar![many.matrix!.cells![0]]);
});

test("the truth has its rank, its norm, and is symmetric where asked", () => {
  const W = load(completion({ rank: 1, norm: 7 })).betaStar!;
  expect(Math.hypot(...W)).toBeCloseTo(7, 12);
  for (let i = 1; i < 6; i++) expect(W[i * 5] * W[1] - W[i * 5 + 1] * W[0]).toBeCloseTo(0, 12);
  const S = load(completion({ columns: 6, symmetric: true })).betaStar!;
  for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) expect(S[6 * i + j]).toBe(S[6 * j + i]);
});

test("measurements are those of the truth, symmetric or diagonal where asked", () => {
  for (const measurement of ["gaussian", "symmetric", "diagonal"] as const) {
    const { X, y, betaStar, testY } = load(sensing({ columns: 6, measurement }));
    expect(testY).toEqual(betaStar);
    for (let i = 0; i < 7; i++) {
      const A = X.subarray(36 * i, 36 * (i + 1));
      expect(y[i]).toBeCloseTo(
        A.reduce((sum, entry, k) => sum + entry * betaStar![k], 0),
        12,
      );
      for (let a = 0; a < 6; a++)
        for (let b = 0; b < a; b++)
          if (measurement !== "gaussian") {
            expect(A[6 * a + b]).toBe(A[6 * b + a]);
            if (measurement === "diagonal") expect(A[6 * a + b]).toBe(0);
          }
    }
    expect(y.every((value) => value !== 0)).toBe(true);
  }
});

test("sizes that contradict one another are refused", () => {
  for (const [specification, message] of [
    [completion({ rank: 6 }), "data.rank is 6; a 6 x 5 matrix has a rank of at most 5"],
    [completion({ observed: 31 }), "data.observed is 31; a 6 x 5 matrix has 30 entries"],
    [
      completion({ symmetric: true }),
      "data.symmetric is true; a symmetric matrix has as many columns as rows, not 6 x 5",
    ],
    [
      sensing({ measurement: "symmetric" }),
      'data.measurement is "symmetric"; symmetric matrices have as many columns as rows, not 6 x 5',
    ],
    [
      sensing({ rows: 4096, columns: 4096, measurements: 9 }),
      "data.measurements is 9; of 4096 x 4096 matrices at most 8 (2^27 entries)",
    ],
  ] as const)
    expect(problem(() => load(specification))).toBe(message);
});

const entriesFile: MatrixFileData = {
  kind: "matrix-file",
  rows: 2,
  columns: 3,
  entries: "entries.npy",
  targets: "targets.npy",
};
const filesOf = (entries: number[], own: Record<string, Uint8Array> = {}) =>
  new Map(
    Object.entries({
      "entries.npy": npyFile([entries.length / 2, 2], entries),
      "targets.npy": npyFile([2], [7, 8]),
      "truth.npy": npyFile([2, 3], [1, 2, 3, 4, 5, 6]),
      ...own,
    }),
  );

test("entries and dense measurements are read from files", () => {
  const { y, matrix, testY, betaStar } = loadDataset(
    { ...entriesFile, truth: "truth.npy" },
    filesOf([1, 0, 0, 2]),
  );
  expect([...matrix!.cells!]).toEqual([3, 2]);
  expect([...y]).toEqual([7, 8]);
  expect([...matrix!.testCells]).toEqual([0, 1, 4, 5]);
  expect([...testY]).toEqual([1, 2, 5, 6]);
  expect([...betaStar!]).toEqual([1, 2, 3, 4, 5, 6]);
  const dense = loadDataset(
    { kind: "matrix-file", measurements: "a.npy", targets: "targets.npy" },
    filesOf([], { "a.npy": npyFile([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]) }),
  );
  expect(dense).toMatchObject({ samples: 2, inputs: 4, testSamples: 0 });
  expect(dense.matrix).toMatchObject({ rows: 2, columns: 2 });
  expect(dense.matrix!.cells).toBeUndefined();
  expect([...dense.X]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("files that disagree are refused", () => {
  const refused = (specification: MatrixFileData, files: ReturnType<typeof filesOf>) =>
    problem(() => loadDataset(specification, files));
  const dense: MatrixFileData = { kind: "matrix-file", measurements: "a.npy", targets: "targets.npy" };
  expect(refused(entriesFile, filesOf([1, 0, 2, 0]))).toBe(
    "entries.npy entry 1 is (2, 0); rows are from 0 to 1, columns from 0 to 2",
  );
  expect(refused(entriesFile, filesOf([1, 0, 0.5, 0]))).toBe(
    "entries.npy entry 1 is (0.5, 0); rows are from 0 to 1, columns from 0 to 2",
  );
  expect(refused(entriesFile, filesOf([1, 0, 1, 0]))).toBe(
    "entries.npy entry 1 is (1, 0), as entry 0 is; each is named once",
  );
  expect(refused(entriesFile, filesOf([1, 0]))).toBe(
    "targets.npy has shape (2,); entries.npy has 1 measurements, so targets are (1,)",
  );
  expect(refused(dense, filesOf([], { "a.npy": npyFile([2, 2], [1, 2, 3, 4]) }))).toBe(
    "a.npy has shape (2, 2); measurements are [measurements, rows, columns], at least one of each",
  );
  expect(refused({ ...entriesFile, truth: "truth.npy", columns: 4 }, filesOf([1, 0, 0, 2]))).toBe(
    "truth.npy has shape (2, 3); the matrix is (2, 4)",
  );
  expect(refused({ ...entriesFile, measurements: "a.npy" }, filesOf([]))).toBe(
    'data names two files of measurements; it takes "entries" with "rows" and "columns", or "measurements"',
  );
  const { rows: _, ...rowless } = entriesFile;
  expect(refused(rowless, filesOf([]))).toBe(
    "data.rows is missing; entries need the matrix's rows and columns",
  );
  expect(refused({ ...dense, rows: 2 }, filesOf([]))).toBe(
    "data.rows is 2; measurements have it in their shape",
  );
});
