import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { Extent, FileData } from "../document/types.ts";
import { readCsv, readNumberTable } from "./csv.ts";
import { type Role, isTable, meant } from "./file-roles.ts";
import type { Files, Generate } from "./kind.ts";
import { describeShape, isNpy, type NpyArray, readNpy } from "./npy.ts";
import { precisionProblem } from "./precision.ts";
import { randomOrder, stream } from "./stream.ts";

/** Makes the data that src/data/file.ts tells of. */
export const generate: Generate<FileData> = (written, files) => {
  const specification = meant(written);
  const read = specification.train === undefined ? readArrays : readTables;
  const { train, test } = scaled(split(read(specification, files), specification), specification);
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
};

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

/** Takes the test set out of the samples, where the document asks for it. */
function split({ train, test }: Split, { testShare, splitSeed = 1 }: FileData): Split {
  if (testShare === undefined) return { train, test };
  const { samples, inputs, outputs, X, y } = train;
  const count = Math.round(testShare * samples);
  if (count === 0 || count === samples)
    throw new DocumentError(
      "data.testShare",
      `is ${testShare}; of ${samples} samples that leaves ${count} to test and ${samples - count} to train`,
    );
  const order = randomOrder(stream(splitSeed, "order"), samples);
  const take = (rows: Uint32Array): Labelled => {
    const pick = (values: Float64Array, width: number) => {
      const picked = new Float64Array(rows.length * width);
      rows.forEach((row, k) => picked.set(values.subarray(row * width, (row + 1) * width), k * width));
      return picked;
    };
    return { ...train, samples: rows.length, X: pick(X, inputs), y: pick(y, outputs) };
  };
  // In the order of the file: which sample is which can be looked up there.
  return { train: take(order.slice(count).sort()), test: take(order.slice(0, count).sort()) };
}

/** Targets on one scale, where the document asks for it. */
function scaled({ train, test }: Split, { standardizeTargets }: FileData): Split {
  if (!standardizeTargets) return { train, test };
  const { samples, outputs, y } = train;
  const moment = (output: number, of: (value: number) => number) => {
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += of(y[i * outputs + output]);
    return sum / samples;
  };
  const scales = Array.from({ length: outputs }, (_, output) => {
    const mean = moment(output, (value) => value);
    return { mean, deviation: Math.sqrt(moment(output, (value) => (value - mean) ** 2)) };
  });
  const flat = scales.findIndex(({ deviation }) => deviation === 0);
  if (flat >= 0)
    throw new DocumentError(
      "data.standardizeTargets",
      `is true; target ${flat + 1} is the same for all training samples`,
    );
  const all = (of: Labelled): Labelled => ({
    ...of,
    y: of.y.map((value, k) => (value - scales[k % outputs].mean) / scales[k % outputs].deviation),
  });
  return { train: all(train), test: test && all(test) };
}

function readTables(specification: FileData, files: Files): Split {
  const { target } = specification;
  const targets = { columns: typeof target === "string" ? [target] : target };
  const train = readCsv(...open(specification, "train", files)!, targets);
  const opened = open(specification, "test", files);
  const test = opened && readCsv(...opened, targets);
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

const readNumbers = (bytes: Uint8Array, file: string): NpyArray =>
  isTable(file) && !isNpy(bytes) ? readNumberTable(bytes, file) : readNpy(bytes, file);

function readLabelled(
  inputBytes: Uint8Array,
  inputFile: string,
  targetBytes: Uint8Array,
  targetFile: string,
): Labelled {
  const X = readNumbers(inputBytes, inputFile);
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
  const y = readNumbers(targetBytes, targetFile);
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
