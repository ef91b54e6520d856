/** Data of every kind, for those who have all generators at hand: tests, claims, and figures that draw at once. */

import type { DataSpecification } from "../document/types.ts";
import type { Dataset } from "./dataset.ts";
import type { Files, Generate } from "./kind.ts";
import { makeDataset } from "./make-dataset.ts";

const files = import.meta.glob<{ generate?: Generate }>("./*.dataset.ts", { eager: true });

/** What each kind fetches in a page that trains, by the kind, which its file is called by. */
export const generators = Object.fromEntries(
  Object.entries(files).map(([path, { generate }]) => [
    path.slice("./".length, -".dataset.ts".length),
    generate,
  ]),
) as Readonly<Record<DataSpecification["kind"], Generate>>;

/**
 * Generates or reads a run's data; the same specification and files give the same numbers everywhere.
 *
 * @param specification as its kind's schema gives it, defaults filled in
 * @param files the bytes of every path in `referencedFiles(specification)`, and what `broughtFiles` has
 * @throws DocumentError naming the JSON path or the file
 */
export const loadDataset = (specification: DataSpecification, files: Files): Dataset =>
  makeDataset(generators[specification.kind], specification, files);
