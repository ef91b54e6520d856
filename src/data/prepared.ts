import type { DataSpecification, PreparedInputs } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";

/** Inputs as the document asks for them; images with a constant beside them are images no longer. */
export function prepared(dataset: Dataset, specification: DataSpecification): Dataset {
  const { standardize, constant } = specification as PreparedInputs;
  const scaled = standardize ? standardized(dataset) : dataset;
  return constant ? withConstant(scaled) : scaled;
}

function standardized(dataset: Dataset): Dataset {
  const { samples, inputs, X, testX, image } = dataset;
  const groups = image?.channels ?? inputs;
  const size = inputs / groups;
  const [shift, scale] = [new Float64Array(groups), new Float64Array(groups)];
  for (let group = 0; group < groups; group++) {
    const moment = (of: (value: number) => number) => {
      let sum = 0;
      for (let i = 0; i < samples; i++)
        for (let k = i * inputs + group * size; k < i * inputs + (group + 1) * size; k++) sum += of(X[k]);
      return sum / (samples * size);
    };
    const mean = (shift[group] = moment((value) => value));
    const deviation = Math.sqrt(moment((value) => (value - mean) ** 2));
    // An input that never changes says nothing: it becomes 0.
    scale[group] = deviation > 0 ? 1 / deviation : 0;
  }
  const all = (values: Float64Array) =>
    values.map((value, k) => {
      const group = Math.floor((k % inputs) / size);
      return scale[group] * (value - shift[group]);
    });
  return { ...dataset, X: all(X), testX: all(testX) };
}

function withConstant({ image: _, ...dataset }: Dataset): Dataset {
  const { inputs, samples, testSamples, X, testX } = dataset;
  const extended = (values: Float64Array, rows: number) => {
    const all = new Float64Array(rows * (inputs + 1)).fill(1);
    for (let i = 0; i < rows; i++) all.set(values.subarray(i * inputs, (i + 1) * inputs), i * (inputs + 1));
    return all;
  };
  return { ...dataset, inputs: inputs + 1, X: extended(X, samples), testX: extended(testX, testSamples) };
}
