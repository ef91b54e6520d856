import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { checkExperiment } from "../../src/engine.ts";
import { utf8 } from "../data/bytes.ts";

/** What is warned of a document of CSV files, or of other data. */
function warningsOf(files: Record<string, string>, document: Record<string, Json> = {}): Promise<string[]> {
  const experiment = readExperiment(
    {
      data: { kind: "file", train: Object.keys(files)[0] ?? "" },
      model: { kind: "diagonal" },
      train: { stepSize: 1e-3, epochs: 1 },
      record: { quantities: ["loss", "min_l1_distance", "excess_l1"], arrays: [] },
      ...document,
    },
    "test",
  );
  return checkExperiment(
    experiment,
    new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])),
  );
}

const twoWays = "a,b,c,y\n1,1,0.5,2\n";
const oneWay = "a,b,c,y\n1,0.5,0.5,2\n";
const line =
  "the minimum-l1 solution of X beta = y is not unique: min_l1_distance is the distance to one of many " +
  "(excess_l1 is the same for all of them)";

test("a minimum-l1 solution that is one of many is warned of, once a dataset, where its place matters", async () => {
  const sweep = [{ path: "init.alpha", values: [0.1, 1] }];
  expect(await warningsOf({ "two.csv": twoWays }, { sweep })).toEqual([line]);
  expect(await warningsOf({ "one.csv": oneWay }, { sweep })).toEqual([]);
  const record = { quantities: ["loss", "excess_l1", "min_l2_distance"], arrays: [] };
  expect(await warningsOf({ "two.csv": twoWays }, { sweep, record })).toEqual([]);
});

test("of a sweep over data it is said which, the first few", async () => {
  const sweep = [{ path: "data.train", values: ["one.csv", "two.csv"] }];
  expect(await warningsOf({ "one.csv": oneWay, "two.csv": twoWays }, { sweep })).toEqual([
    `train = "two.csv": ${line}`,
  ]);
  // One sample of signs: every input does as well as any other.
  const data = { kind: "sparse-signs", samples: 1, dimension: 5 };
  const seeds = [{ path: "data.seed", range: [1, 8, 1] }];
  const warnings = await warningsOf({}, { data, sweep: seeds });
  expect(warnings[0]).toBe(`seed = 1: ${line}`);
  expect(warnings.slice(4)).toEqual([
    `seed = 5: ${line}`,
    "2 more datasets have no unique minimum-l1 solution",
  ]);
});

test("inputs in general position are not asked: one sample of them has one solution", async () => {
  for (const kind of ["linear-uniform", "linear-sparse", "teacher"])
    expect(
      await warningsOf(
        {},
        {
          data: {
            kind,
            samples: 1,
            dimension: 4,
            ...(kind === "linear-sparse" && { sparsity: 1 }),
            ...(kind === "teacher" && { widths: [3] }),
          },
        },
      ),
    ).toEqual([]);
});
