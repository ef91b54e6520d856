import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { file } from "../../src/data/file.ts";
import { readNpy } from "../../src/data/npy.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape, referencedFiles } from "../../src/data/registry.ts";
import type { FileData } from "../../src/document/types.ts";
import { npyFile, utf8 } from "./bytes.ts";
import { problem } from "./problem.ts";

const files = new Map<string, Uint8Array>(
  Object.entries({
    "train.txt": utf8("a,b,y\n1,2,3\n4,5,6\n"),
    "named.csv": utf8("a,price,b,weight\n1,3,2,30\n4,6,5,60\n"),
    "inputs.csv": utf8("a,b\n1,2\n4,5\n"),
    "bare.csv": utf8("1,2\n4,5\n"),
    "targets.csv": utf8("3\n6\n"),
    "ten.csv": utf8(`x,y\n${Array.from({ length: 10 }, (_, k) => `${k},${100 + k}\n`).join("")}`),
    "flat.csv": utf8("x,y1,y2\n1,2,5\n2,4,5\n"),
    "train.csv": utf8("a,b,y\n1,2,3\n4,5,6\n"),
    "test.csv": utf8("a,y,b\n7,8,9\n"),
    "swapped.csv": utf8("b,a,y\n1,2,3\n"),
    "narrow.csv": utf8("a,y\n1,2\n"),
    "wide.csv": utf8("a,b,c,y\n1,2,3,4\n"),
    "X.npy": npyFile([2, 2], [1, 2, 4, 5]),
    "X32.npy": npyFile([2, 2], [1, 2, 4, 0.1], "f4"),
    "y.npy": npyFile([2], [3, 6]),
    "column.npy": npyFile([2, 1], [3, 6]),
    "testX.npy": npyFile([1, 2], [7, 9]),
    "testY.npy": npyFile([1], [8]),
    "several.npy": npyFile([2, 3], [3, 4, 5, 6, 7, 8]),
    "several.csv": utf8("y2,a,y1,b,y3\n4,1,3,2,5\n7,4,6,5,8\n"),
    "testSeveral.npy": npyFile([1, 3], [9, 10, 11]),
    "pair.csv": utf8("a,b,y1,y2\n7,9,1,2\n"),
    "three.npy": npyFile([3], [1, 2, 3]),
    "cube.npy": npyFile([2, 1, 1], [3, 6]),
    "scalar.npy": npyFile([], [3]),
    "nobody.npy": npyFile([0, 2], []),
    "nothing.npy": npyFile([2, 0], []),
    "nan.npy": npyFile([2, 2], [1, 2, NaN, 5]),
    "huge.npy": npyFile([2], [3, 1e300]),
    "tiny.npy": npyFile([2], [3, 1e-300]),
    "wideX.npy": npyFile([1, 3], [7, 8, 9]),
  }),
);

const load = (fields: Omit<FileData, "kind">) => loadDataset({ kind: "file", ...fields }, files);
const refusal = (fields: Omit<FileData, "kind">): string => problem(() => load(fields));

const training = {
  samples: 2,
  inputs: 2,
  outputs: 1,
  X: Float64Array.of(1, 2, 4, 5),
  y: Float64Array.of(3, 6),
};
const withoutTest = { ...training, testSamples: 0, testX: new Float64Array(), testY: new Float64Array() };
const withTest = { ...training, testSamples: 1, testX: Float64Array.of(7, 9), testY: Float64Array.of(8) };

test("a CSV file is a training set", () => {
  expect(load({ train: "train.csv" })).toEqual(withoutTest);
});

test("a second CSV file is the test set, its target anywhere", () => {
  expect(load({ train: "train.csv", test: "test.csv" })).toEqual(withTest);
});

test("two .npy files are a training set", () => {
  expect(load({ inputs: "X.npy", targets: "y.npy" })).toEqual(withoutTest);
});

test("two more .npy files are the test set", () => {
  const fields = { inputs: "X.npy", targets: "y.npy", testInputs: "testX.npy", testTargets: "testY.npy" };
  expect(load(fields)).toEqual(withTest);
});

test("targets may be a column", () => {
  expect(load({ inputs: "X.npy", targets: "column.npy" })).toEqual(withoutTest);
});

test("targets of several outputs are columns y1, y2, ... in the order of their numbers, or a matrix", () => {
  const several = { ...withoutTest, outputs: 3, y: Float64Array.of(3, 4, 5, 6, 7, 8) };
  expect(load({ inputs: "X.npy", targets: "several.npy" })).toEqual(several);
  expect(load({ train: "several.csv" })).toEqual(several);
  const fields = { inputs: "X.npy", targets: "several.npy", testInputs: "testX.npy" };
  expect(load({ ...fields, testTargets: "testSeveral.npy" })).toEqual({
    ...several,
    ...{ testSamples: 1, testX: Float64Array.of(7, 9), testY: Float64Array.of(9, 10, 11) },
  });
  expect(refusal({ ...fields, testTargets: "testY.npy" })).toBe(
    "testY.npy has 1 targets a sample; several.npy has 3",
  );
  expect(refusal({ train: "several.csv", test: "pair.csv" })).toBe(
    "pair.csv has 2 targets a sample; several.csv has 3",
  );
});

test("a CSV file with its targets in it may be called inputs, too", () => {
  expect(load({ inputs: "train.csv" })).toEqual(withoutTest);
  expect(load({ inputs: "train.csv", testInputs: "test.csv" })).toEqual(withTest);
});

test("inputs and targets may be CSV files, with names or without, or one of each kind", () => {
  for (const inputs of ["inputs.csv", "bare.csv", "X.npy"])
    for (const targets of ["targets.csv", "y.npy"]) expect(load({ inputs, targets })).toEqual(withoutTest);
});

test("targets are the columns that the document names, in its order", () => {
  const { X, y, outputs } = load({ train: "named.csv", target: "price" });
  expect([[...X], [...y], outputs]).toEqual([[1, 2, 30, 4, 5, 60], [3, 6], 1]);
  expect(load({ train: "named.csv", target: ["weight", "price"] })).toMatchObject({
    ...{ inputs: 2, outputs: 2, X: Float64Array.of(1, 2, 4, 5), y: Float64Array.of(30, 3, 60, 6) },
  });
});

test("a share of the samples becomes the test set, the same for a seed, each sample once", () => {
  const of = (splitSeed?: number) =>
    load({ train: "ten.csv", testShare: 0.3, ...(splitSeed !== undefined && { splitSeed }) });
  const { samples, testSamples, X, y, testX, testY } = of();
  expect([samples, testSamples]).toEqual([7, 3]);
  expect([...X, ...testX].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // Rows stay whole, in the file's order.
  expect([[...y], [...testY]]).toEqual([[...X].map((x) => 100 + x), [...testX].map((x) => 100 + x)]);
  expect([...testX]).toEqual([...testX].sort((a, b) => a - b));
  expect(of(1)).toEqual(of());
  const sets = new Set([1, 2, 3, 4, 5].map((seed) => of(seed).testX.join()));
  expect(sets.size).toBeGreaterThan(1);
});

test("targets are standardized by the training set alone", () => {
  // Deviations of 3 and 6 about 4.5 are 1.5; 8 is 3.5 above.
  expect(load({ train: "train.csv", test: "test.csv", standardizeTargets: true })).toMatchObject({
    y: Float64Array.of(-1, 1),
    testY: Float64Array.of(3.5 / 1.5),
  });
  expect(
    [...load({ train: "ten.csv", testShare: 0.5, standardize: true }).X].reduce((a, b) => a + b),
  ).toBeCloseTo(0, 12);
});

test("float32 files give the float64 of their numbers", () => {
  expect([...load({ inputs: "X32.npy", targets: "y.npy" }).X]).toEqual([1, 2, 4, Math.fround(0.1)]);
});

test("numbers that become 0 in float32 are kept", () => {
  expect([...load({ inputs: "X.npy", targets: "tiny.npy" }).y]).toEqual([3, 1e-300]);
});

test("the files of a document are named as it names them", () => {
  expect(referencedFiles({ kind: "file", train: "a/../train.csv", test: "test.csv" })).toEqual([
    "a/../train.csv",
    "test.csv",
  ]);
  expect(
    referencedFiles({ kind: "file", inputs: "1", targets: "2", testInputs: "3", testTargets: "4" }),
  ).toEqual(["1", "2", "3", "4"]);
  expect(
    referencedFiles({
      kind: "linear-uniform",
      samples: 1,
      dimension: 1,
      noise: 0,
      seed: 1,
      testSamples: 0,
    }),
  ).toEqual([]);
});

test("the sizes of files are unknown before they are read", () => {
  expect(dataShape({ kind: "file", train: "train.csv" })).toBeUndefined();
});

describe("which files go together is checked before any is read:", () => {
  const npy = { inputs: "X.npy", targets: "y.npy" };
  const cases: [Omit<FileData, "kind">, string][] = [
    [{}, 'data names no file; it takes "train" (CSV), or "inputs" and "targets" (.npy or CSV)'],
    [
      { train: "train.csv", ...npy },
      'data names both train and inputs (train, inputs, targets); it takes "train" (CSV), or "inputs" and "targets" (.npy or CSV)',
    ],
    [
      { train: "train.csv", testInputs: "testX.npy", testTargets: "testY.npy" },
      'data names both train and inputs (train, testInputs, testTargets); it takes "train" (CSV), or "inputs" and "targets" (.npy or CSV)',
    ],
    [{ test: "test.csv" }, 'data.test is "test.csv"; it needs "train" beside it'],
    [{ inputs: "X.npy" }, 'data.inputs is "X.npy"; it needs "targets" beside it'],
    [{ targets: "y.npy" }, 'data.targets is "y.npy"; it needs "inputs" beside it'],
    [{ ...npy, testInputs: "t" }, 'data.testInputs is "t"; it needs "testTargets" beside it'],
    [{ ...npy, testTargets: "t" }, 'data.testTargets is "t"; it needs "testInputs" beside it'],
    [{ testInputs: "t", testTargets: "u" }, 'data.testInputs is "t"; it needs "inputs" beside it'],
  ];
  for (const [fields, message] of cases) {
    test(Object.keys(fields).join(", ") || "no files", () => {
      expect(problem(() => dataShape({ kind: "file", ...fields }))).toBe(message);
      expect(refusal(fields)).toBe(message);
    });
  }
});

const refusals: [what: string, fields: Omit<FileData, "kind">, message: string][] = [
  [
    "a target that is mistyped",
    { train: "named.csv", target: "prise" },
    'data.target is "prise", which named.csv has no column of; did you mean "price"?',
  ],
  [
    "a target that is nowhere",
    { train: "named.csv", target: ["price", "q"] },
    'data.target is "q", which named.csv has no column of; its columns are "a", "price", "b" and "weight"',
  ],
  [
    "a CSV file whose targets are not named",
    { inputs: "named.csv" },
    'named.csv line 1 names no column "y", the target (or "y1", "y2", ...); name it in data.target; its columns, separated by commas, are "a,price,b,weight"',
  ],
  [
    "a target beside a file of targets",
    { inputs: "inputs.csv", targets: "y.npy", target: "price" },
    'data.target is "price"; it names columns of a CSV in data.train, and data.targets is a file of its own',
  ],
  [
    "two test sets",
    { train: "train.csv", test: "test.csv", testShare: 0.5 },
    'data.testShare is 0.5; the test set is in "test.csv" already: leave one of them out',
  ],
  [
    "a share without a sample",
    { train: "ten.csv", testShare: 0.01 },
    "data.testShare is 0.01; of 10 samples that leaves 0 to test and 10 to train",
  ],
  [
    "targets without a scale",
    { train: "flat.csv", standardizeTargets: true },
    "data.standardizeTargets is true; target 2 is the same for all training samples",
  ],
  ["a file that was not given", { train: "gone.csv" }, 'data.train is "gone.csv"; no such file was given'],
  [
    "an .npy file as CSV",
    { train: "X.npy" },
    "X.npy is an .npy file; data.inputs and data.targets take those, train and test are CSV files",
  ],
  [
    "text that is not called a CSV",
    { inputs: "train.txt", targets: "y.npy" },
    'train.txt is not an .npy file but text; in Python: numpy.save("train.npy", numpy.loadtxt("train.txt", delimiter=",", skiprows=1))',
  ],
  [
    "test columns in another order",
    { train: "train.csv", test: "swapped.csv" },
    'swapped.csv input 1 is "b"; in train.csv it is "a"',
  ],
  [
    "a missing test column",
    { train: "train.csv", test: "narrow.csv" },
    'narrow.csv input 2 is missing; in train.csv it is "b"',
  ],
  [
    "a test column too many",
    { train: "train.csv", test: "wide.csv" },
    'wide.csv input 3 is "c"; in train.csv it is missing',
  ],
  [
    "inputs without columns",
    { inputs: "y.npy", targets: "y.npy" },
    "y.npy has shape (2,); inputs are [samples, inputs], or images, [samples, height, width] or [samples, channels, height, width], at least one of each",
  ],
  [
    "no samples",
    { inputs: "nobody.npy", targets: "y.npy" },
    "nobody.npy has shape (0, 2); inputs are [samples, inputs], or images, [samples, height, width] or [samples, channels, height, width], at least one of each",
  ],
  [
    "no inputs",
    { inputs: "nothing.npy", targets: "y.npy" },
    "nothing.npy has shape (2, 0); inputs are [samples, inputs], or images, [samples, height, width] or [samples, channels, height, width], at least one of each",
  ],
  [
    "more targets than samples",
    { inputs: "X.npy", targets: "three.npy" },
    "three.npy holds 3 targets; X.npy has 2 samples",
  ],
  [
    "no targets",
    { inputs: "X.npy", targets: "nothing.npy" },
    "nothing.npy has shape (2, 0); targets are [samples] or [samples, outputs]",
  ],
  [
    "targets of three axes",
    { inputs: "X.npy", targets: "cube.npy" },
    "cube.npy has shape (2, 1, 1); targets are [samples] or [samples, outputs]",
  ],
  [
    "a single number as targets",
    { inputs: "X.npy", targets: "scalar.npy" },
    "scalar.npy has shape (); targets are [samples] or [samples, outputs]",
  ],
  [
    "an input that is NaN",
    { inputs: "nan.npy", targets: "y.npy" },
    "nan.npy entry [1, 0] is NaN; every value is a finite number",
  ],
  [
    "a target beyond float32",
    { inputs: "X.npy", targets: "huge.npy" },
    "huge.npy entry [1] is 1e+300; training runs in float32, where it becomes Infinity: at most 3.4028235e38 in size",
  ],
  [
    "a test set of other inputs",
    { inputs: "X.npy", targets: "y.npy", testInputs: "wideX.npy", testTargets: "testY.npy" },
    "wideX.npy has 3 inputs a sample; X.npy has 2",
  ],
  [
    "test targets of another length",
    { inputs: "X.npy", targets: "y.npy", testInputs: "testX.npy", testTargets: "y.npy" },
    "y.npy holds 2 targets; testX.npy has 1 samples",
  ],
];
for (const [what, fields, message] of refusals) {
  test(`file refuses ${what}`, () => expect(refusal(fields)).toBe(message));
}

test("the schema of file takes paths alone", () => {
  const allowed = (fields: object) => v.is(file.schema, { kind: "file", ...fields });
  expect(allowed({ train: "a.csv", test: "b.csv" })).toBe(true);
  expect(allowed({ train: "" })).toBe(false);
  expect(allowed({ train: 1 })).toBe(false);
  expect(allowed({ trian: "a.csv" })).toBe(false);
  expect(allowed({ train: "a.csv", samples: 3 })).toBe(false);
});

test("the thesis's seed-500 data are 10 samples of 20 inputs with y = <beta*, x>", () => {
  const path = (name: string) => `experiments/data/seed500-${name}.npy`;
  const bytes = (name: string) => new Uint8Array(readFileSync(path(name)));
  const { samples, inputs, X, y } = loadDataset(
    { kind: "file", inputs: path("inputs"), targets: path("targets") },
    new Map(["inputs", "targets"].map((name) => [path(name), bytes(name)])),
  );
  const beta = readNpy(bytes("beta"), path("beta"));
  expect([samples, inputs, beta.shape]).toEqual([10, 20, [20]]);
  y.forEach((target, i) => {
    const products = Array.from(beta.values, (b, j) => b * X[i * inputs + j]);
    const signal = products.reduce((sum, product) => sum + product, 0);
    const size = products.reduce((sum, product) => sum + Math.abs(product), 0);
    // NumPy sums in another order: each sum is within gamma(20) = 20 u / (1 - 20 u), u = EPSILON / 2, of the exact one.
    expect(Math.abs(target - signal)).toBeLessThanOrEqual(20.1 * Number.EPSILON * size);
  });
});
