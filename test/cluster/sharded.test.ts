/** Shards that the command trains and merges have the bytes of a sweep that was not cut. */

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FolderLock } from "../../src/results/lock.ts";
import { alphasweep, inNode, Running, softwareVulkan, temporaryFolder } from "../cli/command.ts";
import { until } from "../cli/watching.ts";
import { resultsIn } from "./shards.ts";

const env = { ...(await softwareVulkan()), ALPHASWEEP_CHECKPOINT_SECONDS: "0.1" };
const patience = 240_000;

/** Runs of two lengths: enough share their data for other kernels than a few do, and one stops early. */
const sweep = {
  name: "cut",
  data: { kind: "linear-uniform", samples: 9, dimension: 13, seed: 2, testSamples: 5 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.001, batchSize: 4, stopLoss: 0.05 },
  record: { every: 40, quantities: ["loss", "linear_distance", "test_loss"], arrays: ["ntk", "weights"] },
  sweep: [
    { path: "train.epochs", values: [80, 240] },
    { path: "init.alpha", values: [0.1, 0.2, 0.3, 0.5, 0.7, 1, 3] },
  ],
};

test("a sweep in shards, one of which was stopped and went on", { timeout: patience }, async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "sweep.json"), JSON.stringify(sweep));
  const run = (...words: string[]) => ["run", "sweep.json", "--csv", ...inNode, ...words];
  const shard = (place: string, ...words: string[]) => run("--out", "cut", "--shard", place, ...words);
  const [whole, first] = await Promise.all([
    alphasweep(run("--out", "whole"), { cwd, env }),
    alphasweep(shard("auto/3"), { cwd, env: { ...env, SLURM_ARRAY_TASK_ID: "1" } }),
  ]);
  expect([whole.code, first.code]).toEqual([0, 0]);
  expect(first.errors).toContain("cut, shard 1 of 3: ");
  expect(readdirSync(join(cwd, "cut"))).toEqual(["shards"]);

  const early = await alphasweep(["merge", "cut"], { cwd });
  expect(early.code).toBe(2);
  expect(early.errors).toMatch(
    /^cut cannot be merged: of 3 shards 2-3 are missing; to train shard 2, .*: .*alphasweep run sweep\.json --out cut --csv .*--shard 2\/3 --resume\n$/,
  );

  const folder = join(cwd, "cut", "shards", "2-of-3");
  const lock = FolderLock.take(folder);
  const second = await alphasweep(shard("2/3", "--resume"), { cwd, env });
  lock.release();
  expect(second.code).toBe(2);
  expect(second.errors).toMatch(/^cut\/shards\/2-of-3 is in use by another command/m);

  const stopped = new Running(shard("2/3", "--resume"), { cwd, env });
  await until(stopped, () => existsSync(join(folder, "checkpoint")));
  stopped.kill("SIGTERM");
  const { code, errors } = await stopped.outcome();
  expect(code).toBe(130);
  expect(errors).toContain("--shard 2/3 --resume");
  expect((await alphasweep(["status", "cut"], { cwd })).output).toMatch(
    /^cut: 3 shards, 1 done, 1 waiting, 1 stopped\n/,
  );
  const [again, third] = await Promise.all(
    ["2/3", "3/3"].map((place) => alphasweep(shard(place, "--resume"), { cwd, env })),
  );
  expect(again.errors).toContain("going on from");
  expect([again.code, third.code]).toEqual([0, 0]);

  expect((await alphasweep(["status", "cut"], { cwd })).output).toMatch(
    /^cut: 3 shards, 3 done\nall 14 runs are done; to put them together: .*alphasweep merge cut\n$/,
  );

  const merged = await alphasweep(["merge", "cut", "--csv", "--clean"], { cwd });
  expect(merged.code).toBe(0);
  expect(merged.output.split("\n").slice(0, 4)).toEqual(whole.output.split("\n").slice(0, 4));
  expect(resultsIn(join(cwd, "cut"))).toEqual(resultsIn(join(cwd, "whole")));
  expect(readdirSync(join(cwd, "cut"))).toEqual(readdirSync(join(cwd, "whole")));
  const late = await alphasweep(shard("3/3"), { cwd });
  expect([late.code, late.errors]).toEqual([0, "cut is merged already\n"]);
});

const search = {
  name: "searched",
  data: { kind: "linear-uniform", samples: 10, dimension: 8, noise: 0.5, testSamples: 50 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.01, epochs: 60 },
  record: { every: 60, quantities: ["test_loss"] },
  sweep: [{ path: "data.dimension", values: [3, 5, 8] }],
  search: {
    path: "data.samples",
    between: [10, 80],
    quantity: "test_loss",
    atMost: 0.5,
    trials: 2,
    ratio: 1.5,
  },
};

test("a search in shards, whose points take different numbers of rounds", { timeout: patience }, async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "search.json"), JSON.stringify(search));
  const run = (...words: string[]) => alphasweep(["run", "search.json", ...inNode, ...words], { cwd, env });
  const outcomes = [
    ...(await Promise.all([run("--out", "whole"), run("--out", "cut", "--shard", "1/2")])),
    await run("--out", "cut", "--shard", "2/2"),
    await alphasweep(["merge", "cut"], { cwd }),
  ];
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(resultsIn(join(cwd, "cut"))).toEqual(resultsIn(join(cwd, "whole")));
});
