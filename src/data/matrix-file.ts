import * as v from "valibot";
import { kindField } from "../document/field.ts";
import { DocumentError } from "../document/error.ts";
import { defineData } from "./kind.ts";
import { side } from "./low-rank.ts";

const path = (description: string) => v.pipe(v.string(), v.minLength(1), v.description(description));

const roles = ["entries", "measurements", "targets", "truth"] as const;

/** The user's own measurements of a matrix: entries seen, or dense A_i; the entries of `truth` not seen are the test set. */
export const matrixFile = defineData({
  kind: "matrix-file",
  schema: v.strictObject({
    kind: kindField("matrix-file", "Your own measurements or entries of a matrix."),
    rows: v.exactOptional(side("Rows of the matrix, where entries are given.")),
    columns: v.exactOptional(side("Columns of the matrix, where entries are given.")),
    entries: v.exactOptional(path("Entries seen: an .npy file, [measurements, 2], row and column from 0.")),
    measurements: v.exactOptional(path("Dense measurements: an .npy file, [measurements, rows, columns].")),
    targets: path("What was measured: an .npy file, [measurements]."),
    truth: v.exactOptional(path("The true matrix: an .npy file, [rows, columns].")),
  }),
  linear: ({ truth }) => truth !== undefined,
  measuresMatrix: true,

  shape: ({ rows, columns, entries, measurements }) => {
    if ((entries === undefined) === (measurements === undefined))
      throw new DocumentError(
        "data",
        `names ${entries === undefined ? "no" : "two files of"} measurements; it takes "entries" with "rows" and "columns", or "measurements"`,
      );
    for (const [name, length] of Object.entries({ rows, columns })) {
      if (entries !== undefined && length === undefined)
        throw new DocumentError(`data.${name}`, `is missing; entries need the matrix's rows and columns`);
      if (entries === undefined && length !== undefined)
        throw new DocumentError(`data.${name}`, `is ${length}; measurements have it in their shape`);
    }
    return undefined;
  },

  lacksTestSet: ({ truth }) => (truth === undefined ? "name the true matrix in data.truth" : undefined),

  files: (specification) => roles.flatMap((role) => specification[role] ?? []),

  generator: async () => (await import("./matrix-file.dataset.ts")).generate,
});
