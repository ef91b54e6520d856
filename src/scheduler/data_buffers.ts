import type { Dataset } from "../data/dataset.ts";
import type { Member } from "./cohort.ts";
import type { Planner } from "./planner.ts";
import type { Placement } from "./tiles.ts";

/** A cohort's data on the GPU, each dataset once, and where each run finds its own. */
export interface DataBuffers {
  datasets: Dataset[];
  /** Place of each member's dataset in `datasets`. */
  datasetOf: Uint32Array;
  placements: Placement[];
  /** Seeds of the shuffle streams. */
  seeds: Uint32Array;
  /** X [data, samples, inputs] and [data, inputs, samples], y [data, samples]. */
  X: GPUBuffer;
  columns: GPUBuffer;
  y: GPUBuffer;
  /** The test set: inputs by column [data, inputs, testSamples], targets [data, testSamples]. */
  testColumns: GPUBuffer;
  testY: GPUBuffer;
}

/** Uploads every distinct dataset of a cohort. Members must be sorted so that runs sharing data are neighbours. */
export function uploadData(planner: Planner, members: readonly Member[], shuffled: boolean): DataBuffers {
  const datasets = [...new Set(members.map((member) => member.dataset))];
  const place = new Map(datasets.map((dataset, index) => [dataset, index]));
  const streams = new Map<number, number>();
  const placements = members.map(({ run, dataset }) => {
    const seed = shuffled ? run.train.seed : 0;
    if (!streams.has(seed)) streams.set(seed, streams.size);
    const data = place.get(dataset)!;
    return { data, targets: data, stream: streams.get(seed)! };
  });
  const gather = (label: string, pick: (dataset: Dataset) => Float32Array) => {
    const parts = datasets.map(pick);
    const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
    parts.reduce((offset, part) => (joined.set(part, offset), offset + part.length), 0);
    return planner.filled(label, joined);
  };
  return {
    datasets,
    datasetOf: Uint32Array.from(placements, ({ data }) => data),
    placements,
    seeds: Uint32Array.from(streams.keys()),
    X: gather("X", ({ X }) => Float32Array.from(X)),
    columns: gather("X by column", ({ X, samples, inputs }) => transposed(X, samples, inputs)),
    y: gather("y", ({ y }) => Float32Array.from(y)),
    testColumns: gather("test X by column", ({ testX, testSamples, inputs }) =>
      transposed(testX, testSamples, inputs),
    ),
    testY: gather("test y", ({ testY }) => Float32Array.from(testY)),
  };
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]!;
  return result;
}
