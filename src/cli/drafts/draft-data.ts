/** Data that a new document may begin with: sizes that train in seconds on any adapter. */

import { basename, dirname, relative, sep } from "node:path";
import type { Json } from "../../document/types.ts";

interface Beginning {
  /** The document's `data`, without its kind. */
  fields: Record<string, Json>;
  /** Models that it is made for, the usual one first. */
  models: readonly ModelName[];
  /** What is worth recording of it besides what is recorded of any, by model where models differ. */
  quantities: Partial<Record<ModelName | "any", readonly string[]>>;
}

export const modelNames = ["diagonal", "relu", "linear", "matrix"] as const;
export type ModelName = (typeof modelNames)[number];

const ofVectors = ["diagonal", "relu", "linear"] as const;
const networksFirst = ["relu", "diagonal", "linear"] as const;
const matrices = ["matrix"] as const;
const norms = ["excess_l1", "excess_l2"];

const beginnings = {
  "linear-uniform": {
    fields: { samples: 10, dimension: 20 },
    models: ofVectors,
    quantities: { diagonal: norms, linear: norms },
  },
  "linear-sparse": {
    fields: { samples: 20, dimension: 40, sparsity: 3 },
    models: ofVectors,
    quantities: { diagonal: [...norms, "population_l1"], linear: [...norms, "population_l1"] },
  },
  "sparse-signs": {
    fields: { samples: 40, dimension: 20, testSamples: 500 },
    models: networksFirst,
    quantities: { any: ["test_accuracy"] },
  },
  "majority-signs": {
    fields: { samples: 40, dimension: 20, testSamples: 500 },
    models: networksFirst,
    quantities: { any: ["test_accuracy"] },
  },
  teacher: {
    fields: { samples: 40, dimension: 5, widths: [3], testSamples: 500 },
    models: networksFirst,
    quantities: { any: ["test_loss"] },
  },
  ball: {
    fields: { samples: 40, dimension: 3, testSamples: 500, constant: true },
    models: networksFirst,
    quantities: { any: ["test_loss"] },
  },
  digits: {
    fields: { classes: [3, 5], samples: 50, testSamples: 200, standardize: true },
    models: networksFirst,
    quantities: { any: ["test_accuracy"] },
  },
  patterns: {
    fields: { samples: 40, size: 6, classes: 2, testSamples: 200 },
    models: networksFirst,
    quantities: { any: ["test_accuracy"] },
  },
  "matrix-completion": {
    fields: { rows: 6, columns: 6, rank: 1, observed: 18 },
    models: matrices,
    quantities: { any: ["effective_rank", "predictor_nuclear", "reconstruction_error"] },
  },
  "matrix-sensing": {
    fields: { rows: 6, columns: 6, rank: 1, measurements: 24 },
    models: matrices,
    quantities: { any: ["effective_rank", "predictor_nuclear", "reconstruction_error"] },
  },
} satisfies Record<string, Beginning>;

/** Kinds of data that need nothing of the user's. */
export const generatedKinds = Object.keys(beginnings);

/** What a user's own table is trained on. */
const ofTable: Omit<Beginning, "fields"> = { models: networksFirst, quantities: { any: ["test_loss"] } };

/** Tables by the endings of their names. */
export const isTable = (data: string): boolean => /\.csv(\.gz)?$/i.test(data);

export const beginningOf = (data: string): Omit<Beginning, "fields"> =>
  isTable(data) ? ofTable : beginnings[data as keyof typeof beginnings];

/**
 * The document's `data`.
 *
 * @param data one of `generatedKinds`, or the path of a table
 * @param out the document's own path, which tables' paths are relative to
 */
export function dataPart(data: string, target: string | undefined, out: string): Record<string, Json> {
  if (!isTable(data)) return { kind: data, ...beginnings[data as keyof typeof beginnings].fields };
  return {
    kind: "file",
    train: relative(dirname(out), data).split(sep).join("/"),
    ...(target !== undefined && { target }),
    testShare: 0.25,
    standardize: true,
    standardizeTargets: true,
  };
}

/** "houses" of data/houses.csv.gz; kinds are their own names. */
export const dataName = (data: string): string =>
  isTable(data) ? basename(data).replace(/\.csv(\.gz)?$/i, "") : data;
