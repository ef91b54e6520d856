/** What the generated kinds share: their sizes and seed. */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import type { DataShape } from "./kind.ts";
import { seedSchema } from "./seed.ts";

/** Most entries of X: 1 GiB of float64, an array that every browser allocates. */
export const maxEntries = 2 ** 27;

/** Noise beyond this would overflow float32 in the targets (|N(0, 1)| <= 8.3 here). */
const maxNoise = 1e37;

export const count = (least: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(maxEntries), v.description(description));

/** Schema entries of the generated kinds. */
export const samples = count(1, "Training samples N.");
export const dimension = (least = 1) => count(least, "Inputs n.");
export const testSamples = v.optional(count(0, "Test samples."), 0);
export const seed = v.optional(seedSchema, 1);
export const noise = (description: string) =>
  v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(maxNoise), v.description(description)), 0);

export interface GeneratedSizes {
  samples: number;
  dimension: number;
  testSamples: number;
}

/** @throws DocumentError when X or the test set's X would be too large to allocate */
export function generatedShape({ samples, dimension, testSamples }: GeneratedSizes): DataShape {
  for (const [field, rows] of Object.entries({ samples, testSamples })) {
    if (rows * dimension > maxEntries) {
      throw new DocumentError(
        `data.${field}`,
        `is ${rows}; with ${dimension} inputs at most ${Math.floor(maxEntries / dimension)} (2^27 entries)`,
      );
    }
  }
  return { samples, inputs: dimension, outputs: 1, testSamples };
}

export const generatedTestSet = ({ testSamples }: GeneratedSizes): string | undefined =>
  testSamples > 0 ? undefined : "set data.testSamples";
