import type { Dataset } from "../data/dataset.ts";
import { outputsOf } from "../data/measure.ts";
import { type Member, shuffleSeed } from "./cohort.ts";
import type { Planner } from "./planner.ts";
import type { Placement } from "./tiles.ts";
import { ceilDiv } from "../wgsl/kernel.ts";

/** A cohort's data on the GPU, each dataset once, and where each run finds its own. */
export interface DataBuffers {
  datasets: Dataset[];
  /** Place of each member's dataset in `datasets`. */
  datasetOf: Uint32Array;
  placements: Placement[];
  /** Seeds of the shuffle streams. */
  seeds: Uint32Array;
  /** X [data, samples, inputs] and [data, inputs, samples], y [targets, outputs, samples]. */
  X: GPUBuffer;
  columns: GPUBuffer;
  y: GPUBuffer;
  /** X [data, samples, stride], rows padded with zeros to whole fours; made when it is first asked for. */
  inFours(): { X: GPUBuffer; stride: number };
  /** The test set: inputs by column [data, inputs, testSamples], targets [targets, outputs, testSamples]. */
  testColumns: GPUBuffer;
  testY: GPUBuffer;
}

/**
 * Uploads every distinct dataset of a cohort, runs that share data being neighbours.
 *
 * @param predictors of each member, the linear predictor that it starts from where that is not zero: such a run has
 *   targets of its own, less the outputs at its start, so that its residuals are those of its displacement
 */
export function uploadData(
  planner: Planner,
  members: readonly Member[],
  shuffled: boolean,
  predictors: readonly (Float64Array | undefined)[],
): DataBuffers {
  const datasets = [...new Set(members.map((member) => member.dataset))];
  const place = new Map(datasets.map((dataset, index) => [dataset, index]));
  const streams = new Map<number, number>();
  const targets: { dataset: Dataset; predictor?: Float64Array }[] = datasets.map((dataset) => ({ dataset }));
  const placements = members.map(({ run, dataset }, position) => {
    const seed = shuffled ? shuffleSeed(run) : 0;
    if (!streams.has(seed)) streams.set(seed, streams.size);
    const data = place.get(dataset)!;
    const predictor = predictors[position];
    const own = predictor ? targets.push({ dataset, predictor }) - 1 : data;
    return { data, targets: own, stream: streams.get(seed)! };
  });
  const gather = (label: string, parts: Float32Array[]) => {
    const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
    parts.reduce((offset, part) => (joined.set(part, offset), offset + part.length), 0);
    return planner.filled(label, joined);
  };
  const X = gather(
    "X",
    datasets.map(({ X }) => Float32Array.from(X)),
  );
  const { inputs } = members[0].dataset;
  const stride = 4 * ceilDiv(inputs, 4);
  let padded = inputs % 4 === 0 ? X : undefined;
  return {
    datasets,
    datasetOf: Uint32Array.from(placements, ({ data }) => data),
    placements,
    seeds: Uint32Array.from(streams.keys()),
    X,
    inFours: () => {
      padded ??= gather(
        "X in fours",
        datasets.map(({ X, samples }) => inRows(X, samples, inputs, stride)),
      );
      return { X: padded, stride };
    },
    columns: gather(
      "X by column",
      datasets.map(({ X, samples, inputs }) => transposed(X, samples, inputs)),
    ),
    y: gather(
      "y",
      targets.map(({ dataset, predictor }) =>
        transposed(left(dataset, "training", predictor), dataset.samples, dataset.outputs),
      ),
    ),
    testColumns: gather(
      "test X by column",
      datasets.map(({ testX, testSamples, inputs }) => transposed(testX, testSamples, inputs)),
    ),
    testY: gather(
      "test y",
      targets.map(({ dataset, predictor }) =>
        transposed(left(dataset, "test", predictor), dataset.testSamples, dataset.outputs),
      ),
    ),
  };
}

/** A matrix whose rows begin `stride` numbers apart, with zeros between. */
function inRows(matrix: ArrayLike<number>, rows: number, columns: number, stride: number): Float32Array {
  const result = new Float32Array(rows * stride);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[i * stride + j] = matrix[i * columns + j];
  return result;
}

/** Entries of a matrix that are seen have no X, and an empty one here. */
function transposed(matrix: ArrayLike<number>, rows: number, columns: number): Float32Array {
  if (matrix.length === 0) return new Float32Array();
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]!;
  return result;
}

/** Targets of a set less X predictor, in float64 before they are rounded; with a predictor, of one output. */
function left(dataset: Dataset, set: "training" | "test", predictor?: Float64Array): Float32Array {
  const targets = set === "test" ? dataset.testY : dataset.y;
  if (!predictor) return Float32Array.from(targets);
  const outputs = outputsOf(dataset, predictor, set);
  return Float32Array.from(targets, (target, i) => target - outputs[i]);
}
