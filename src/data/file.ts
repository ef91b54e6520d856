import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { Extent, FileData } from "../document/types.ts";
import { readCsv } from "./csv.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData, type Files } from "./kind.ts";
import { describeShape, type NpyArray, readNpy } from "./npy.ts";
import { precisionProblem } from "./precision.ts";

const path = (description: string) =>
  v.exactOptional(v.pipe(v.string(), v.minLength(1), v.description(description)));

/** What each file needs beside it. */
const companions = {
  train: [],
  test: ["train"],
  inputs: ["targets"],
  targets: ["inputs"],
  testInputs: ["testTargets", "inputs"],
  testTargets: ["testInputs", "targets"],
} as const;

type Role = keyof typeof companions;
const roles = Object.keys(companions) as Role[];

/** The user's own data: CSV files, or .npy arrays. */
export const file = defineData({
  kind: "file",
  schema: v.strictObject({
    kind: v.literal("file"),
    train: path("Training set: a CSV file with a header whose column y is the target, or y1, y2, ... are."),
    test: path("Test set: a CSV file with the training set's columns."),
    inputs: path("Training inputs: an .npy file, [samples, inputs]."),
    targets: path("Training targets: an .npy file, [samples] or [samples, outputs]."),
    testInputs: path("Test inputs: an .npy file, [test samples, inputs]."),
    testTargets: path("Test targets: an .npy file, [test samples] or [test samples, outputs]."),
    standardize,
    constant,
  }),

  shape: (specification) => {
    const given = roles.filter((role) => specification[role] !== undefined);
    const csv = given.filter((role) => role === "train" || role === "test");
    if (given.length === 0) {
      throw new DocumentError(
        "data",
        `names no file; it takes "train" (CSV), or "inputs" and "targets" (.npy)`,
      );
    }
    if (csv.length > 0 && csv.length < given.length) {
      throw new DocumentError(
        "data",
        `names both CSV and .npy files (${given.join(", ")}); it takes "train" (CSV), or "inputs" and "targets" (.npy)`,
      );
    }
    for (const role of given) {
      const missing = companions[role].find((companion) => specification[companion] === undefined);
      if (missing) {
        throw new DocumentError(
          `data.${role}`,
          `is ${shown(specification[role]!)}; it needs "${missing}" beside it`,
        );
      }
    }
    return undefined;
  },

  lacksTestSet: ({ test, testInputs }) =>
    test === undefined && testInputs === undefined ? "name one in data.test or data.testInputs" : undefined,

  files: (specification) => roles.flatMap((role) => specification[role] ?? []),

  generate: (specification, files) => {
    const read = specification.train === undefined ? readArrays : readTables;
    const { train, test } = read(specification, files);
    return {
      samples: train.samples,
      inputs: train.inputs,
      outputs: train.outputs,
      ...(train.image && { image: train.image }),
      X: train.X,
      y: train.y,
      testSamples: test?.samples ?? 0,
      testX: test?.X ?? new Float64Array(),
      testY: test?.y ?? new Float64Array(),
    };
  },
});

/** X, [samples, inputs], and y, [samples, outputs]; of images, their sizes. */
interface Labelled {
  samples: number;
  inputs: number;
  image?: Extent;
  outputs: number;
  X: Float64Array;
  y: Float64Array;
}

interface Split {
  train: Labelled;
  test: Labelled | undefined;
}

/** The bytes of the file in a role, with its name for messages; undefined where the role is not filled. */
function open(specification: FileData, role: Role, files: Files): [Uint8Array, string] | undefined {
  const name = specification[role];
  if (name === undefined) return undefined;
  const bytes = files.get(name);
  if (!bytes) throw new DocumentError(`data.${role}`, `is ${shown(name)}; no such file was given`);
  return [bytes, name];
}

function readTables(specification: FileData, files: Files): Split {
  const train = readCsv(...open(specification, "train", files)!);
  const opened = open(specification, "test", files);
  const test = opened && readCsv(...opened);
  if (test) {
    const differs = (_: unknown, k: number) => test.inputs[k] !== train.inputs[k];
    const longer = train.inputs.length < test.inputs.length ? test : train;
    const column = longer.inputs.findIndex(differs);
    if (column >= 0) {
      const name = (names: string[]) => (column < names.length ? shown(names[column]) : "missing");
      throw new DocumentError(
        specification.test!,
        `input ${column + 1} is ${name(test.inputs)}; in ${specification.train} it is ${name(train.inputs)}`,
      );
    }
  }
  checkOutputs(train, specification.train!, test, specification.test!);
  const count = train.inputs.length;
  return { train: { ...train, inputs: count }, test: test && { ...test, inputs: count } };
}

function readArrays(specification: FileData, files: Files): Split {
  const pair = (inputsRole: Role, targetsRole: Role): Labelled | undefined => {
    const inputs = open(specification, inputsRole, files);
    const targets = open(specification, targetsRole, files);
    return inputs && targets && readLabelled(...inputs, ...targets);
  };
  const train = pair("inputs", "targets")!;
  const test = pair("testInputs", "testTargets");
  const size = ({ inputs, image }: Labelled) =>
    image ? `${image.channels} x ${image.height} x ${image.width}` : `${inputs}`;
  if (test && size(test) !== size(train)) {
    throw new DocumentError(
      specification.testInputs!,
      `has ${size(test)} inputs a sample; ${specification.inputs} has ${size(train)}`,
    );
  }
  checkOutputs(train, specification.targets!, test, specification.testTargets!);
  return { train, test };
}

function checkOutputs(
  train: { outputs: number },
  file: string,
  test: { outputs: number } | undefined,
  testFile: string,
): void {
  if (test && test.outputs !== train.outputs)
    throw new DocumentError(testFile, `has ${test.outputs} targets a sample; ${file} has ${train.outputs}`);
}

function readLabelled(
  inputBytes: Uint8Array,
  inputFile: string,
  targetBytes: Uint8Array,
  targetFile: string,
): Labelled {
  const X = readNpy(inputBytes, inputFile);
  const [samples, ...sides] = X.shape;
  const inputs = sides.reduce((product, side) => product * side, 1);
  if (sides.length === 0 || sides.length > 3 || samples === 0 || inputs === 0) {
    throw new DocumentError(
      inputFile,
      `has shape ${describeShape(X.shape)}; inputs are [samples, inputs], or images, [samples, height, width] or ` +
        "[samples, channels, height, width], at least one of each",
    );
  }
  const [width, height, channels = 1] = sides.toReversed();
  const image = sides.length > 1 ? { image: { channels, height, width } } : {};
  const y = readNpy(targetBytes, targetFile);
  const outputs = y.shape[1] ?? 1;
  if (y.shape.length < 1 || y.shape.length > 2 || outputs === 0) {
    throw new DocumentError(
      targetFile,
      `has shape ${describeShape(y.shape)}; targets are [samples] or [samples, outputs]`,
    );
  }
  if (y.shape[0] !== samples) {
    throw new DocumentError(targetFile, `holds ${y.shape[0]} targets; ${inputFile} has ${samples} samples`);
  }
  return { samples, inputs, ...image, outputs, X: trainable(X, inputFile), y: trainable(y, targetFile) };
}

/** An array's numbers in float64, each finite in training's float32. */
function trainable({ shape, values }: NpyArray, file: string): Float64Array {
  const bad = values.findIndex((value) => precisionProblem(value) !== undefined);
  if (bad >= 0) {
    let place = bad;
    const index = shape
      .toReversed()
      .map((side) => {
        const at = place % side;
        place = Math.floor(place / side);
        return at;
      })
      .toReversed();
    throw new DocumentError(
      file,
      `entry [${index.join(", ")}] is ${values[bad]}; ${precisionProblem(values[bad])}`,
    );
  }
  return Float64Array.from(values);
}
