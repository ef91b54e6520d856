/** The axes of a sweep: how they are written, and the values that they stand for. */

import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field } from "../document/field.ts";
import { mostRuns } from "../document/limits.ts";
import { formatPath, type Path } from "../document/path.ts";
import { shown } from "../document/shown.ts";
import { arange, arangeLength, linspace, logspace } from "../document/spacing.ts";
import type { Json, SweepAxis } from "../document/types.ts";

const path = field(
  'The leaf that the axis sets, such as "init.alpha".',
  'a path names a leaf of the document, such as "init.alpha"',
  v.string(),
);
const value = v.message(
  v.union([v.number(), v.string(), v.boolean(), v.null(), v.array(v.number())]),
  "a swept value is a number, a string, true, false, null or a list of numbers",
);
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const listed = v.strictObject({
  path,
  values: field(
    "The values, in order.",
    'an axis has a list of at least one of "values", or "logspace", "linspace" or "range"',
    v.pipe(v.array(value), v.nonEmpty()),
  ),
});
const logarithmic = v.strictObject({
  path,
  logspace: field(
    "[lo, hi, count]: as NumPy's logspace, from 10^lo to 10^hi.",
    "logspace is [lo, hi, count]: powers of ten from 10^lo to 10^hi, at least one",
    v.strictTuple([v.number(), v.number(), count]),
  ),
});
const linear = v.strictObject({
  path,
  linspace: field(
    "[lo, hi, count]: as NumPy's linspace, both ends included.",
    "linspace is [lo, hi, count]: both ends included, at least one",
    v.strictTuple([v.number(), v.number(), count]),
  ),
});
const range = v.strictObject({
  path,
  range: field(
    "[start, stop, step]: as NumPy's arange, without stop.",
    "range is [start, stop, step]: three numbers, stop not included",
    v.strictTuple([v.number(), v.number(), v.number()]),
  ),
});
const inStep = v.strictObject({
  paths: field(
    "The leaves that the axis sets together.",
    'paths name leaves of the document, such as ["init.alpha", "train.stepSize"]',
    v.pipe(v.array(path), v.nonEmpty()),
  ),
  values: field(
    "A list of one value per path, for every step.",
    "values are a list of at least one list, each with one value per path",
    v.pipe(v.array(v.array(value)), v.nonEmpty()),
  ),
});

/** The ways to write the values of one path. */
export const spacings = [listed, logarithmic, linear, range] as const;

export const axisSchema = v.union(
  [...spacings, inStep],
  'an axis is {"path", and "values", "logspace", "linspace" or "range"}, or {"paths", "values"}',
);

export type WrittenAxis = v.InferOutput<typeof axisSchema>;

/** Values as they are written, by themselves or among other keys. */
export type WrittenValues =
  | Pick<v.InferOutput<typeof listed>, "values">
  | Pick<v.InferOutput<typeof logarithmic>, "logspace">
  | Pick<v.InferOutput<typeof linear>, "linspace">
  | Pick<v.InferOutput<typeof range>, "range">;

/** How many values an axis has, without making them. */
function lengthOf(axis: WrittenAxis | WrittenValues): number {
  if ("values" in axis) return axis.values.length;
  if ("logspace" in axis) return axis.logspace[2];
  if ("linspace" in axis) return axis.linspace[2];
  return arangeLength(...axis.range);
}

/** The paths that an axis sets, each with its place in the document. */
export const pathsOf = (axis: WrittenAxis, index: number): { path: string; place: string }[] =>
  "paths" in axis
    ? axis.paths.map((path, entry) => ({ path, place: formatPath(["sweep", index, "paths", entry]) }))
    : [{ path: axis.path, place: formatPath(["sweep", index, "path"]) }];

/** @throws DocumentError where an axis has no values, or their product is more runs than anyone waits for */
export function expandAxes(axes: readonly WrittenAxis[]): SweepAxis[] {
  axes.forEach((axis, index) => {
    if (!("paths" in axis)) checkRange(axis, ["sweep", index]);
  });
  const runs = axes.reduce((product, axis) => product * lengthOf(axis), 1);
  if (runs > mostRuns) {
    throw new DocumentError("sweep", `makes ${runs} runs; at most ${mostRuns} are allowed`);
  }
  return axes.map(expandAxis);
}

function expandAxis(axis: WrittenAxis, index: number): SweepAxis {
  if ("paths" in axis) {
    const { paths, values } = axis;
    values.forEach((row, step) => {
      if (row.length === paths.length) return;
      const allowed = `each of the ${paths.length} paths takes one value`;
      throw new DocumentError(formatPath(["sweep", index, "values", step]), `is ${shown(row)}; ${allowed}`);
    });
    return { paths, values };
  }
  return { paths: [axis.path], values: valuesOf(axis, ["sweep", index]).map((single) => [single]) };
}

function checkRange(written: WrittenValues, place: Path): void {
  if (!("range" in written)) return;
  const [start, stop, step] = written.range;
  if (arangeLength(start, stop, step) >= 1 && step !== 0) return;
  const allowed = "it holds no value: a range runs from start towards stop, without it";
  throw at([...place, "range"], written.range, allowed);
}

/**
 * The values that stand in an object of the document.
 *
 * @param place of the object
 * @throws DocumentError where there are none, or more than anyone waits for
 */
export function expandValues(written: WrittenValues, place: Path): Json[] {
  checkRange(written, place);
  const count = lengthOf(written);
  if (count > mostRuns) {
    throw new DocumentError(formatPath(place), `makes ${count} runs; at most ${mostRuns} are allowed`);
  }
  return valuesOf(written, place);
}

function valuesOf(axis: WrittenValues, place: Path): Json[] {
  if ("values" in axis) return axis.values;
  const [spacing, values] =
    "logspace" in axis
      ? (["logspace", logspace(...axis.logspace)] as const)
      : "linspace" in axis
        ? (["linspace", linspace(...axis.linspace)] as const)
        : (["range", arange(...axis.range)] as const);
  if (!values.every(Number.isFinite)) {
    const written = (axis as Record<string, Json>)[spacing];
    throw at([...place, spacing], written, "its values leave the range of numbers");
  }
  return values;
}

const at = (place: Path, value: Json, allowed: string) =>
  new DocumentError(formatPath(place), `is ${shown(value)}; ${allowed}`);
