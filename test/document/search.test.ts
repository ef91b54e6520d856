/** What a search of a document stands for. */

import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { roundOf } from "../../src/search/run-search.ts";
import { smallest, type Written } from "./documents.ts";

const range = { path: "data.samples", between: [10, 200], quantity: "loss", atMost: 0.1 };
const read = (search: Written, changes: Written = {}) =>
  readExperiment({ ...smallest(), record: {}, ...changes, search }, "mine");

test("defaults are filled in: trials, the ratio, every seed that the document has, and no arrays", () => {
  const { document, search, runs } = read(range);
  expect((document as Written).search).toEqual({
    ...range,
    trials: 20,
    ratio: 1.05,
    seeds: ["data.seed", "init.seed", "train.seed"],
  });
  expect(search).toMatchObject({ isWhole: true, values: [10, 200], points: [{}] });
  expect(runs[0].record.arrays).toEqual([]);
});

test("reading the filled document again gives the same experiment", () => {
  const sweep = [{ path: "data.dimension", values: [5, 6] }];
  const first = read(
    { path: "init.alpha", logspace: [-2, 1, 4], quantity: "loss", withinFactor: 1.2 },
    { sweep },
  );
  const again = readExperiment(first.document, "again");
  expect(again).toEqual({ ...first, name: first.name });
  expect(first.search!.values).toEqual([0.01, 0.1, 1, 10]);
  expect(first.search!.isWhole).toBe(false);
});

test("a seed that the sweep sets, or that the data lack, is left to them", () => {
  const swept = read(range, { sweep: [{ path: "init.seed", values: [1, 2] }] });
  expect(swept.search!.specification.seeds).toEqual(["data.seed", "train.seed"]);
  const flow = { method: "gradient-flow", time: 1 };
  expect(read(range, { train: flow }).search!.specification.seeds).toEqual(["data.seed", "init.seed"]);
});

test("what the search sets may be left out of the document", () => {
  const { runs } = read(range, { data: { kind: "linear-uniform", dimension: 20 } });
  expect(runs.map(({ data }) => data)).toMatchObject([{ samples: 10 }, { samples: 200 }]);
});

const sweep = [
  {
    paths: ["data.dimension", "train.stepSize"],
    values: [
      [5, 0.1],
      [6, 0.2],
    ] as Json[],
  },
];

test("every trial of every probe has seeds of its own, counted up from the document's", () => {
  const experiment = read(
    { ...range, trials: 2 },
    { sweep, data: { kind: "linear-uniform", samples: 10, dimension: 20, seed: 2 ** 32 - 2 } },
  );
  const wanted = [
    { point: 0, value: 10, probe: 0 },
    { point: 1, value: 40, probe: 1 },
  ];
  const { runs } = roundOf(experiment, experiment.search!, wanted, 1);
  expect(runs.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  expect(runs.map(({ swept }) => Object.values(swept))).toEqual([
    [5, 0.1, 10, 2 ** 32 - 2, 1, 1],
    [5, 0.1, 10, 2 ** 32 - 1, 2, 2],
    [6, 0.2, 40, 4, 7, 7],
    [6, 0.2, 40, 5, 8, 8],
  ]);
  expect(Object.keys(runs[0].swept)).toEqual([
    "data.dimension",
    "train.stepSize",
    "data.samples",
    "data.seed",
    "init.seed",
    "train.seed",
  ]);
  expect(runs[3]).toMatchObject({
    data: { dimension: 6, samples: 40, seed: 5 },
    train: { stepSize: 0.2, seed: 8 },
  });
});

test("over a grid, trial k is the same at every value and another at every point of the sweep", () => {
  const grid = { path: "init.alpha", values: [0.1, 1], quantity: "loss", withinFactor: 1.1 };
  const experiment = read({ ...grid, trials: 2, seeds: ["data.seed"] }, { sweep });
  const wanted = [0, 1].flatMap((point) => [0.1, 1].map((value, probe) => ({ point, value, probe })));
  const { runs } = roundOf(experiment, experiment.search!, wanted, 0);
  expect(runs.map(({ data }) => (data as { seed: number }).seed)).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
});
