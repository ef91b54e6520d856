import type { TeacherData } from "../document/types.ts";
import type { Generate } from "./kind.ts";
import { fillNormal, type Purpose, stream } from "./stream.ts";
import { type LayerSizes, layersOf } from "./teacher-layers.ts";

/** Makes the data that src/data/teacher.ts tells of. */
export const generate: Generate<TeacherData> = (specification) => {
  const { samples, dimension: inputs, testSamples } = specification;
  const layers = scaled(specification, drawLayers(specification));
  const { X, y } = drawSet(specification, layers, samples, "inputs", "noise");
  const test = drawSet(specification, layers, testSamples, "testInputs", "testNoise");
  return { samples, inputs, outputs: 1, X, y, testSamples, testX: test.X, testY: test.y };
};

/**
 * The teacher's units, where it has one hidden layer.
 *
 * @returns `incoming` [units, inputs] and `outgoing` [units]: targets are sum_j outgoing_j [incoming_j . x]+, before noise and signs
 * @throws RangeError for a deeper one
 */
export function teacherUnits(specification: TeacherData): {
  incoming: Float64Array;
  outgoing: Float64Array;
} {
  if (specification.widths.length !== 1)
    throw new RangeError(
      `the teacher has ${specification.widths.length} hidden layers; units are those of one`,
    );
  const [{ W: incoming }, { W: outgoing }] = scaled(specification, drawLayers(specification));
  return { incoming, outgoing };
}

interface Layer extends LayerSizes {
  /** [fanOut, fanIn], row-major. */
  W: Float64Array;
}

function drawLayers(specification: TeacherData): Layer[] {
  let drawn = 0;
  return layersOf(specification).map(({ fanIn, fanOut }) => {
    const W = new Float64Array(fanOut * fanIn);
    fillNormal(stream(specification.seed, "teacher"), W, drawn);
    drawn += W.length;
    const deviation = Math.sqrt(2 / fanIn);
    for (let k = 0; k < W.length; k++) W[k] *= deviation;
    return { fanIn, fanOut, W };
  });
}

/** The same teacher at the scale that the document asks for. */
function scaled(specification: TeacherData, layers: Layer[]): Layer[] {
  const { scale, samples, dimension: inputs } = specification;
  if (scale === undefined) return layers;
  const [first, second] = layers;
  const top = layers.at(-1)!;
  if (scale === "unit") {
    for (let unit = 0; unit < first.fanOut; unit++) {
      const row = first.W.subarray(unit * inputs, (unit + 1) * inputs);
      second.W[unit] /= Math.abs(second.W[unit]) * norm(row);
    }
    return layers;
  }
  const X = drawInputs(specification, samples, "inputs");
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += teach(layers, X.subarray(i * inputs, (i + 1) * inputs)) ** 2;
  // A teacher without an active unit stays at 0.
  const factor = sum > 0 ? scale / Math.sqrt(sum / samples) : 0;
  return [...layers.slice(0, -1), { ...top, W: top.W.map((value) => factor * value) }];
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function drawInputs({ seed, dimension, inputs }: TeacherData, rows: number, purpose: Purpose): Float64Array {
  const X = new Float64Array(rows * dimension);
  fillNormal(stream(seed, purpose), X);
  if (inputs === "sphere")
    for (let i = 0; i < rows; i++) {
      const row = X.subarray(i * dimension, (i + 1) * dimension);
      const length = norm(row);
      for (let k = 0; k < dimension; k++) row[k] /= length;
    }
  return X;
}

function drawSet(
  specification: TeacherData,
  layers: readonly Layer[],
  rows: number,
  inputPurpose: Purpose,
  noisePurpose: Purpose,
): { X: Float64Array; y: Float64Array } {
  const { seed, noise, labels, dimension } = specification;
  const X = drawInputs(specification, rows, inputPurpose);
  const y = new Float64Array(rows);
  fillNormal(stream(seed, noisePurpose), y);
  for (let i = 0; i < rows; i++) {
    const value = teach(layers, X.subarray(i * dimension, (i + 1) * dimension)) + noise * y[i];
    y[i] = labels === "values" ? value : value < 0 ? -1 : 1;
  }
  return { X, y };
}

/** f*(x); sums run over inputs in index order. */
function teach(layers: readonly Layer[], x: Float64Array): number {
  let signals = x;
  layers.forEach(({ fanIn, fanOut, W }, index) => {
    const next = new Float64Array(fanOut);
    for (let unit = 0; unit < fanOut; unit++) {
      let sum = 0;
      for (let k = 0; k < fanIn; k++) sum += W[unit * fanIn + k] * signals[k];
      next[unit] = index < layers.length - 1 ? Math.max(0, sum) : sum;
    }
    signals = next;
  });
  return signals[0];
}
