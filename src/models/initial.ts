import type { Files } from "../data/kind.ts";
import { readNpy } from "../data/npy.ts";
import { fillNormal, fillUniform, stream } from "../data/stream.ts";
import { DocumentError } from "../document/error.ts";
import type { RunSpecification } from "../document/types.ts";

/** The one weight vector of `init.shape.file`. */
export function initialFromFile(path: string, files: Files): Float64Array {
  const bytes = files.get(path);
  if (!bytes) throw new DocumentError(path, "was not read");
  const { shape, values } = readNpy(bytes, path);
  if (shape.length !== 1)
    throw new DocumentError(path, `has shape [${shape.join(", ")}]; init.shape.file is one weight vector`);
  for (const [place, value] of values.entries())
    if (!Number.isFinite(Math.fround(value)))
      throw new DocumentError(
        path,
        `holds ${value} at entry ${place}; initial weights are finite in float32`,
      );
  return Float64Array.from(values);
}

/** `count` Gaussian weights of this standard deviation, from the run's `init.seed`. */
export function gaussianWeights(run: RunSpecification, count: number, std: number): Float64Array {
  const values = new Float64Array(count);
  fillNormal(stream(run.init.seed, "initialWeights"), values);
  return values.map((value) => std * value);
}

/** `count` weights uniform on [-1, 1), from the run's `init.seed`. */
export function uniformWeights(run: RunSpecification, count: number): Float64Array {
  const values = new Float64Array(count);
  fillUniform(stream(run.init.seed, "initialWeights"), values, -1, 1);
  return values;
}
