import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import type { PointsData } from "../document/types.ts";
import { readCsv } from "./csv.ts";
import type { Files, Generate } from "./kind.ts";
import { linesThrough } from "./lines.ts";
import { most, type Point, byPlace } from "./by-place.ts";

/** Makes the data that src/data/points.ts tells of. */
export const generate: Generate<PointsData> = (specification, files) => {
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
};

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
