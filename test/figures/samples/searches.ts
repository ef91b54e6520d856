/** Results of searches whose probes are drawn from known curves. */

import { fillNormal, stream } from "../../../src/data/stream.ts";
import type { Json, Search } from "../../../src/document/types.ts";
import type { Results } from "../../../src/results/types.ts";
import { driveSearches } from "../../../src/search/driver.ts";
import { made, type MadeRun } from "./samples.ts";

interface Sampled {
  specification: Search["specification"];
  values: number[];
  dimensions: number[];
  /** Of the quantity, in a dimension and at a searched value. */
  mean: (dimension: number, value: number) => number;
  noise: number;
}

async function searched({ specification, values, dimensions, mean, noise }: Sampled): Promise<Results> {
  const { path, trials } = specification;
  const runs: MadeRun[] = [];
  const points = dimensions.map((dimension) => ({ "data.dimension": dimension }));
  await driveSearches({ specification, isWhole: path === "data.samples", values, points }, async (wanted) =>
    wanted.map(({ point, value }) => {
      const draws = new Float64Array(trials);
      fillNormal(stream(runs.length, "noise"), draws);
      const results = Array.from(draws, (z) => mean(dimensions[point], value) + noise * z);
      results.forEach((result, trial) =>
        runs.push({
          swept: { "data.dimension": dimensions[point], [path]: value, "data.seed": trial },
          values: [result],
        }),
      );
      return results;
    }),
  );
  const results = made(runs, "searched");
  const document = { name: "searched", search: specification as unknown as Json };
  return { ...results, manifest: { ...results.manifest, document } };
}

/** N = 0.88 n^1.5: 79, 221 and 628 samples at n = 20, 40 and 80; fewer and more than the range has at 10 and 160. */
export const sampleComplexity = (): Promise<Results> =>
  searched({
    specification: {
      path: "data.samples",
      between: [40, 1000],
      quantity: "weight_distance",
      atLeast: 0.6,
      ratio: 1.1,
      trials: 40,
      seeds: ["data.seed"],
    },
    values: [40, 1000],
    dimensions: [10, 20, 40, 80, 160],
    mean: (dimension, value) => 0.5 + 0.5 / (1 + (1.25 * dimension ** 1.5) ** 4 / value ** 4),
    noise: 0.06,
  });

/** Means leave their best the sooner, the larger the dimension. */
export const criticalScale = (): Promise<Results> =>
  searched({
    specification: {
      path: "init.alpha",
      values: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      quantity: "weight_distance",
      withinFactor: 1.5,
      trials: 12,
      seeds: ["data.seed"],
    },
    values: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    dimensions: [5, 40],
    mean: (dimension, value) => 0.1 * (1 + ((value * dimension) / 12) ** 1.5),
    noise: 0.02,
  });
