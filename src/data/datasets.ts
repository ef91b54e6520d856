/** Data of every kind, for those who have all generators at hand: tests, claims, and figures that draw at once. */

import type { DataSpecification } from "../document/types.ts";
import { generate as ball } from "./ball.dataset.ts";
import { generate as cifar10 } from "./cifar10.dataset.ts";
import type { Dataset } from "./dataset.ts";
import { generate as digits } from "./digits.dataset.ts";
import { generate as file } from "./file.dataset.ts";
import { generate as idx } from "./idx.dataset.ts";
import type { Files, Generate } from "./kind.ts";
import { generate as linearSparse } from "./linear-sparse.dataset.ts";
import { generate as linearUniform } from "./linear-uniform.dataset.ts";
import { generate as majoritySigns } from "./majority-signs.dataset.ts";
import { makeDataset } from "./make-dataset.ts";
import { generate as matrixCompletion } from "./matrix-completion.dataset.ts";
import { generate as matrixFile } from "./matrix-file.dataset.ts";
import { generate as matrixSensing } from "./matrix-sensing.dataset.ts";
import { generate as patterns } from "./patterns.dataset.ts";
import { generate as points } from "./points.dataset.ts";
import { generate as sparseSigns } from "./sparse-signs.dataset.ts";
import { generate as teacher } from "./teacher.dataset.ts";

/** What each kind fetches in a page that trains. */
export const generators = {
  "linear-uniform": linearUniform,
  "linear-sparse": linearSparse,
  "sparse-signs": sparseSigns,
  "majority-signs": majoritySigns,
  teacher,
  ball,
  file,
  idx,
  digits,
  cifar10,
  patterns,
  points,
  "matrix-completion": matrixCompletion,
  "matrix-sensing": matrixSensing,
  "matrix-file": matrixFile,
} as const satisfies Record<DataSpecification["kind"], unknown>;

/**
 * Generates or reads a run's data; the same specification and files give the same numbers everywhere.
 *
 * @param specification as its kind's schema gives it, defaults filled in
 * @param files the bytes of every path in `referencedFiles(specification)`, and what `broughtFiles` has
 * @throws DocumentError naming the JSON path or the file
 */
export const loadDataset = (specification: DataSpecification, files: Files): Dataset =>
  makeDataset(generators[specification.kind] as Generate, specification, files);
