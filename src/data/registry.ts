import type { DataSpecification, PreparedInputs } from "../document/types.ts";
import { ball } from "./ball.ts";
import { cifar10 } from "./cifar10.ts";
import { digits } from "./digits.ts";
import { file } from "./file.ts";
import { idx } from "./idx.ts";
import type { DataKind, DataShape, Files, Generate } from "./kind.ts";
import { linearSparse } from "./linear-sparse.ts";
import { linearUniform } from "./linear-uniform.ts";
import { majoritySigns } from "./majority-signs.ts";
import { matrixCompletion } from "./matrix-completion.ts";
import { matrixFile } from "./matrix-file.ts";
import { matrixSensing } from "./matrix-sensing.ts";
import { patterns } from "./patterns.ts";
import { points } from "./points.ts";
import { sparseSigns } from "./sparse-signs.ts";
import { teacher } from "./teacher.ts";

/** By the kind of data that they make. */
export type Generators = ReadonlyMap<DataSpecification["kind"], Generate>;

/** Every data kind. A new kind is two files, what documents say and what makes it, and one line here. */
export const dataKinds = [
  linearUniform,
  linearSparse,
  sparseSigns,
  majoritySigns,
  teacher,
  ball,
  file,
  idx,
  digits,
  cifar10,
  patterns,
  points,
  matrixCompletion,
  matrixSensing,
  matrixFile,
] as const;

// A kind is only ever handed the specification that its own schema made.
const byKind = new Map<string, DataKind>(dataKinds.map((kind) => [kind.kind, kind as DataKind]));

function kindOf({ kind }: DataSpecification): DataKind {
  const found = byKind.get(kind);
  if (!found) throw new Error(`no data kind ${kind}`);
  return found;
}

/**
 * What a specification, defaults filled in, tells about its data's sizes before they are generated.
 *
 * @returns undefined where only the files tell
 * @throws DocumentError where fields that are each allowed contradict one another
 */
export function dataShape(specification: DataSpecification): DataShape | undefined {
  const found = kindOf(specification).shape(specification);
  const { constant } = specification as PreparedInputs;
  if (!found || !constant) return found;
  const { image: _, ...shape } = found;
  return { ...shape, inputs: shape.inputs + 1 };
}

/** Whether the data have a true linear predictor beta*. */
export function hasTruePredictor(specification: DataSpecification): boolean {
  const { linear } = kindOf(specification);
  return typeof linear === "function" ? linear(specification) : linear === true;
}

/** Whether samples are measurements of a matrix. */
export const measuresMatrix = (specification: DataSpecification): boolean =>
  kindOf(specification).measuresMatrix === true;

/** Whether inputs are in general position, as a density's are. */
export const isInGeneralPosition = (specification: DataSpecification): boolean =>
  kindOf(specification).inGeneralPosition === true;

/** What a document must do to have a test set, for messages; undefined where it has one. */
export const lacksTestSet = (specification: DataSpecification): string | undefined =>
  kindOf(specification).lacksTestSet(specification);

/** Paths of the files that a specification names, as it names them; `loadDataset` and `generatorsOf` want their bytes. */
export const referencedFiles = (specification: DataSpecification): string[] =>
  kindOf(specification).files?.(specification) ?? [];

/** Files that come with the program, of all these specifications; `loadDataset` wants them, too. */
export async function broughtFiles(specifications: readonly DataSpecification[]): Promise<Files> {
  const kinds = new Set(specifications.map(kindOf));
  const all = await Promise.all([...kinds].map((kind) => kind.brought?.() ?? new Map()));
  return new Map(all.flatMap((files) => [...files]));
}

/** What makes the data of all these specifications (src/data/datasets.ts), fetched for their kinds. */
export async function generatorsOf(specifications: readonly DataSpecification[]): Promise<Generators> {
  const kinds = [...new Set(specifications.map(kindOf))];
  return new Map(await Promise.all(kinds.map(async (kind) => [kind.kind, await kind.generator()] as const)));
}
