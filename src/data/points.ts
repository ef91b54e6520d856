import * as v from "valibot";
import { DocumentError } from "../document/error.ts";
import { field, kindField } from "../document/field.ts";
import { byPlace, most } from "./by-place.ts";
import { constant } from "./inputs.ts";
import { defineData } from "./kind.ts";
import { precisionProblem } from "./precision.ts";

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

  generator: async () => (await import("./points.dataset.ts")).generate,
});
