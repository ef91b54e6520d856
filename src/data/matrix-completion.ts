import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { defineData } from "./kind.ts";
import { checkLowRank, count, lowRankEntries } from "./low-rank.ts";

/**
 * Entries of a matrix of low rank, at random places: those that come first in a random order of all, in that order, so that
 * a larger `observed` keeps the earlier ones. The others, row-major, are the test set. Draw k of the noise stream is entry k's.
 */
export const matrixCompletion = defineData({
  kind: "matrix-completion",
  schema: v.strictObject({
    kind: kindField(
      "matrix-completion",
      "Entries of a matrix of low rank; those that are not observed are the test set.",
    ),
    ...lowRankEntries,
    observed: count(
      "Entries seen; the others are the test set.",
      "observed entries are a whole number of at least 1",
    ),
  }),
  linear: true,
  measuresMatrix: true,
  shape: (specification) => {
    checkLowRank(specification);
    const { rows, columns, observed } = specification;
    const inputs = rows * columns;
    if (observed > inputs)
      throw new DocumentError(
        "data.observed",
        `is ${observed}; a ${rows} x ${columns} matrix has ${inputs} entries`,
      );
    return {
      samples: observed,
      inputs,
      outputs: 1,
      testSamples: inputs - observed,
      matrix: { rows, columns },
    };
  },
  lacksTestSet: ({ rows, columns, observed }) =>
    observed < rows * columns ? undefined : "set data.observed to fewer than all entries",

  generator: async () => (await import("./matrix-completion.dataset.ts")).generate,
});
