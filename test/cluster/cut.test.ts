import { expect, test } from "vitest";
import { partsByCost, partsOfCosts } from "../../src/cluster/cut.ts";
import { ranges } from "../../src/cluster/shards.ts";
import { parseShard } from "../../src/cli/options/shard-option.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";

const sizes = (costs: number[], count: number): number[] =>
  partsOfCosts(costs, count).map(({ first, end }) => end - first);

test("parts are neighbours, none is empty, and each costs an equal share to within its largest piece", () => {
  expect(sizes([1, 1, 1, 1, 1, 1], 3)).toEqual([2, 2, 2]);
  expect(sizes([1, 1, 1, 1, 1], 2)).toEqual([2, 3]);
  expect(sizes([4, 1, 1, 1, 1], 2)).toEqual([1, 4]);
  expect(sizes([100, 1, 1, 1], 4)).toEqual([1, 1, 1, 1]);
  expect(sizes([1, 1, 1, 100], 4)).toEqual([1, 1, 1, 1]);
  expect(sizes([1, 1, 1, 100], 3)).toEqual([2, 1, 1]);
  expect(sizes([0, 0, 0], 2)).toHaveLength(2);
  for (let trial = 1; trial <= 300; trial += 1) {
    // Numbers without order: multiples of the golden ratio.
    const random = (k: number) => (0.618034 * (k + 1) * trial) % 1;
    const costs = Array.from(
      { length: 1 + Math.floor(60 * random(0)) },
      (_, k) => 1 + Math.floor(9 * random(k + 1)),
    );
    const count = 1 + Math.floor(random(99) * costs.length);
    const parts = partsOfCosts(costs, count);
    expect(parts).toHaveLength(count);
    const share = costs.reduce((sum, cost) => sum + cost, 0) / count;
    parts.forEach(({ first, end }, k) => {
      expect(first).toBe(parts[k - 1]?.end ?? 0);
      expect(end).toBeGreaterThan(first);
      const own = costs.slice(first, end);
      if (Math.max(...costs) <= share)
        expect(Math.abs(own.reduce((sum, cost) => sum + cost, 0) - share)).toBeLessThanOrEqual(
          Math.max(...costs),
        );
    });
    expect(parts.at(-1)!.end).toBe(costs.length);
  }
});

test("what trains longer, or on more, goes into smaller parts; a search is cut between its points", async () => {
  const document = {
    data: { kind: "linear-uniform", samples: 10, dimension: 20 },
    model: { kind: "diagonal" },
    train: { stepSize: 1e-3, epochs: 100 },
    sweep: [
      { path: "train.epochs", values: [100, 300] },
      { path: "init.alpha", linspace: [0.1, 1, 100] },
    ],
  };
  const experiment = readExperiment(document, "sweep.json");
  expect(await partsByCost(experiment, new Map(), 2)).toEqual([
    { first: 0, end: 133 },
    { first: 133, end: 200 },
  ]);
  const search = {
    path: "data.samples",
    between: [10, 80],
    quantity: "loss",
    atMost: 0.5,
    trials: 2,
    ratio: 1.5,
  };
  const searched = readExperiment(
    {
      ...document,
      train: { stepSize: 1e-3 },
      record: { quantities: ["loss"] },
      sweep: [{ path: "train.epochs", values: [100, 100, 100, 300] }],
      search,
    },
    "search.json",
  );
  expect(await partsByCost(searched, new Map(), 2)).toEqual([
    { first: 0, end: 3 },
    { first: 3, end: 4 },
  ]);
});

test("a shard is named by itself, or by the array job that it is a task of", () => {
  expect(parseShard("3/16", {})).toEqual({ index: 3, count: 16 });
  expect(parseShard("auto/16", { SLURM_ARRAY_TASK_ID: "3" })).toEqual({ index: 3, count: 16 });
  expect(parseShard("auto/16", { PBS_ARRAY_INDEX: "3" })).toEqual({ index: 3, count: 16 });
  expect(parseShard("auto/16", { JOB_COMPLETION_INDEX: "0" })).toEqual({ index: 1, count: 16 });
  const slurm = { SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_COUNT: "8" };
  expect(parseShard("auto", slurm)).toEqual({ index: 1, count: 8 });
  expect(() => parseShard("17/16", {})).toThrow("it is 17/16; shards of 16 are counted from 1 to 16");
  expect(() => parseShard("auto/16", { SLURM_ARRAY_TASK_ID: "0" })).toThrow("SLURM_ARRAY_TASK_ID makes it 0");
  expect(() => parseShard("auto", {})).toThrow("needs the environment of an array job");
  expect(() => parseShard("auto", { JOB_COMPLETION_INDEX: "0" })).toThrow("give --shard auto/16");
  expect(() => parseShard("3-16", {})).toThrow('--shard is "3-16"; give it as 3/16');
  expect(ranges([1, 2, 3, 5, 7, 8])).toEqual(["1-3", "5", "7-8"]);
});
