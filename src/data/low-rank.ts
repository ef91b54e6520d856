/** What documents say of the generated kinds of matrices. */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field } from "../document/field.ts";
import type { MatrixCompletionData, MatrixSensingData } from "../document/types.ts";
import { maxEntries, noise, seed } from "./generated.ts";

/** Rows or columns that no machine factorizes. */
const longestSide = 4096;

export const side = (description: string) =>
  field(
    description,
    `rows and columns are whole numbers from 1 to ${longestSide}`,
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestSide)),
  );

export const count = (description: string, allowed: string) =>
  field(description, allowed, v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxEntries)));

/** Schema entries of the generated kinds of matrices. */
export const lowRankEntries = {
  rows: side("Rows of the matrix."),
  columns: side("Columns of the matrix."),
  rank: count("Rank of the true matrix.", "a rank is a whole number of at least 1"),
  norm: v.optional(
    field(
      "Frobenius norm that the true matrix is rescaled to.",
      "a norm is a positive number up to 1e30, or null for none",
      v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(1e30))),
    ),
    null,
  ),
  symmetric: v.optional(
    field("A true matrix U U^T instead of U V^T.", "symmetric is true or false", v.boolean()),
    false,
  ),
  noise: noise("Standard deviation of the noise on measurements and test entries."),
  seed,
};

type LowRankData = MatrixCompletionData | MatrixSensingData;

/** @throws DocumentError where the sizes contradict one another */
export function checkLowRank({ rows, columns, rank, symmetric }: LowRankData): void {
  if (rank > Math.min(rows, columns))
    throw new DocumentError(
      "data.rank",
      `is ${rank}; a ${rows} x ${columns} matrix has a rank of at most ${Math.min(rows, columns)}`,
    );
  if (symmetric && rows !== columns)
    throw new DocumentError(
      "data.symmetric",
      `is true; a symmetric matrix has as many columns as rows, not ${rows} x ${columns}`,
    );
}
