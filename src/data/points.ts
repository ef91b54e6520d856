import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { shown } from "../document/shown.ts";
import type { PointsData } from "../document/types.ts";
import { readCsv } from "./csv.ts";
import { constant } from "./inputs.ts";
import { defineData, type Files } from "./kind.ts";
import { linesThrough } from "./lines.ts";
import { precisionProblem } from "./precision.ts";

const most = 10_000;

const finite = v.pipe(
  v.number(),
  v.check((value) => precisionProblem(value) === undefined),
);

/**
 * Points (x, y) of a function of one number, by increasing x. The test set is a grid whose targets lie on the straight lines from
 * point to point: the test loss is the squared distance to the linear spline.
 */
export const points = defineData({
  kind: "points",
  schema: v.strictObject({
    kind: kindField(
      "points",
      "Points of a function of one input; the test set is a grid on the lines between them.",
    ),
    points: v.exactOptional(
      field(
        "Pairs of a place and a value, [[x, y], ...].",
        `points are 2 to ${most} pairs of a place and a value, [[x, y], ...]`,
        v.pipe(v.array(v.strictTuple([finite, finite])), v.minLength(2), v.maxLength(most)),
      ),
    ),
    file: v.exactOptional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.description("A CSV file with columns x and y, in place of points."),
      ),
    ),
    grid: v.exactOptional(
      field(
        "Test inputs: from, to, and how many. Their targets are on the straight lines from point to point.",
        `a grid is [from, to, count], from below to, count a whole number from 2 to ${most}`,
        v.pipe(
          v.strictTuple([finite, finite, v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(most))]),
          v.check(([from, to]) => from < to),
        ),
      ),
    ),
    constant,
  }),

  shape: ({ points, file, grid }) => {
    if (!points === !file)
      throw new DocumentError(
        "data.points",
        points
          ? "and data.file are both given; leave one out"
          : "is missing; give points, or name a CSV file in data.file",
      );
    if (!points) return undefined;
    byPlace(points, "data.points");
    return { samples: points.length, inputs: 1, outputs: 1, testSamples: grid?.[2] ?? 0 };
  },

  lacksTestSet: ({ grid }) => (grid ? undefined : "set data.grid"),

  files: ({ file }) => (file === undefined ? [] : [file]),

  generate: (specification, files) => {
    const all = specification.points
      ? byPlace(specification.points, "data.points")
      : readPoints(specification, files);
    const [from, to, count] = specification.grid ?? [0, 0, 0];
    const testX = Float64Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
    return {
      samples: all.length,
      inputs: 1,
      outputs: 1,
      X: Float64Array.from(all, ([x]) => x),
      y: Float64Array.from(all, ([, y]) => y),
      testSamples: count,
      testX,
      testY: testX.map(linesThrough(all)),
    };
  },
});

type Point = readonly [x: number, y: number];

/** @throws DocumentError where an x comes twice */
function byPlace(points: readonly Point[], place: string): Point[] {
  const sorted = [...points].sort(([one], [other]) => one - other);
  const twice = sorted.find(([x], k) => k > 0 && sorted[k - 1][0] === x);
  if (twice)
    throw new DocumentError(place, `have x = ${twice[0]} twice; a function has one value at every place`);
  return sorted;
}

function readPoints({ file }: PointsData, files: Files): Point[] {
  const name = file!;
  const bytes = files.get(name);
  if (!bytes) throw new DocumentError("data.file", `is ${shown(name)}; no such file was given`);
  const { inputs, samples, outputs, X, y } = readCsv(bytes, name);
  if (inputs.length !== 1 || outputs !== 1)
    throw new DocumentError(
      name,
      `has ${inputs.length} inputs and ${outputs} targets; points have a column x and a column y`,
    );
  if (samples < 2 || samples > most)
    throw new DocumentError(name, `has ${samples} points; there must be 2 to ${most}`);
  return byPlace(
    Array.from(X, (x, i): Point => [x, y[i]]),
    name,
  );
}
