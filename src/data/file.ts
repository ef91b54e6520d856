import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import { field, kindField } from "../document/field.ts";
import { companions, meant, roles } from "./file-roles.ts";
import { constant, standardize } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { seedSchema } from "./seed.ts";

const path = (description: string) =>
  v.exactOptional(v.pipe(v.string(), v.minLength(1), v.description(description)));

/** The user's own data: CSV files, or .npy arrays. */
export const file = defineData({
  kind: "file",
  schema: v.strictObject({
    kind: kindField(
      "file",
      "Your own table (CSV) or arrays (.npy), gzipped or not; paths are relative to the document.",
    ),
    train: path(
      "Training set: a CSV file with a header; the targets are the columns named in target, or y, or y1, y2, ...",
    ),
    test: path("Test set: a CSV file with the training set's columns."),
    target: v.exactOptional(
      field(
        "The column of train that is the target, or a list of them; all others are inputs.",
        "a target is the name of a column, or a list of names",
        v.union([
          v.pipe(v.string(), v.minLength(1)),
          v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.nonEmpty()),
        ]),
      ),
    ),
    inputs: path(
      "Training inputs: an .npy or a CSV file, [samples, inputs]; a CSV with the targets in it is as train.",
    ),
    targets: path("Training targets: an .npy or a CSV file, [samples] or [samples, outputs]."),
    testInputs: path("Test inputs: an .npy or a CSV file, [test samples, inputs]."),
    testTargets: path("Test targets: an .npy or a CSV file, [test samples] or [test samples, outputs]."),
    testShare: v.exactOptional(
      field(
        "The share of the samples that become the test set, drawn at random.",
        "a share of test samples is a number between 0 and 1",
        v.pipe(v.number(), v.gtValue(0), v.ltValue(1)),
      ),
    ),
    splitSeed: v.exactOptional(seedSchema),
    standardizeTargets: v.exactOptional(
      field(
        "Take off each target's mean on the training set, and divide by its standard deviation there.",
        "standardizeTargets is true or false",
        v.boolean(),
      ),
    ),
    standardize,
    constant,
  }),

  shape: (written) => {
    const specification = meant(written);
    const given = roles.filter((role) => specification[role] !== undefined);
    const csv = given.filter((role) => role === "train" || role === "test");
    if (given.length === 0) {
      throw new DocumentError(
        "data",
        `names no file; it takes "train" (CSV), or "inputs" and "targets" (.npy or CSV)`,
      );
    }
    if (csv.length > 0 && csv.length < given.length) {
      throw new DocumentError(
        "data",
        `names both train and inputs (${given.join(", ")}); it takes "train" (CSV), or "inputs" and "targets" (.npy or CSV)`,
      );
    }
    for (const role of given) {
      const missing = companions[role].find((companion) => specification[companion] === undefined);
      if (missing) {
        throw new DocumentError(
          `data.${role}`,
          `is ${shown(specification[role]!)}; it needs "${missing}" beside it`,
        );
      }
    }
    const { target, train, testShare, test, testInputs } = specification;
    if (target !== undefined && train === undefined)
      throw new DocumentError(
        "data.target",
        `is ${shown(target)}; it names columns of a CSV in data.train, and data.targets is a file of its own`,
      );
    const tests = test ?? testInputs;
    if (testShare !== undefined && tests !== undefined)
      throw new DocumentError(
        "data.testShare",
        `is ${shown(testShare)}; the test set is in ${shown(tests)} already: leave one of them out`,
      );
    return undefined;
  },

  lacksTestSet: ({ test, testInputs, testShare }) =>
    test === undefined && testInputs === undefined && testShare === undefined
      ? "set data.testShare, or name one in data.test or data.testInputs"
      : undefined,

  files: (specification) => roles.flatMap((role) => specification[role] ?? []),

  generator: async () => (await import("./file.dataset.ts")).generate,
});
