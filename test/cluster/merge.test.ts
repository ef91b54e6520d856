/** What merging takes, and what it refuses: one clear line, and nothing lost. */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mergeShards } from "../../src/cluster/merge.ts";
import { checkShards, findShards, refuseOtherCount, shardFolder } from "../../src/cluster/shards.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { partOf } from "../../src/experiment/part.ts";
import type { Manifest } from "../../src/results/types.ts";
import { ResultsWriter } from "../../src/results/writer.ts";
import { commandPath } from "../cli/command.ts";
import { withoutSignalOfSize } from "../cli/processes.ts";
import { origin, temporaryFolder } from "../results/experiment.ts";
import { resultsIn } from "./shards.ts";

const runs = 700;
const document = {
  name: "simulated",
  data: { kind: "linear-uniform", samples: 2, dimension: 3 },
  model: { kind: "diagonal" },
  // Runs of two lengths: arrays of shards have different numbers of records.
  train: { stepSize: 0.1 },
  record: { every: 1, quantities: ["loss", "bias_gap"], arrays: ["ntk", "predictor"] },
  sweep: [
    { path: "train.epochs", values: [40, 160] },
    { path: "init.alpha", linspace: [0.1, 2, runs / 2] },
  ],
};

/** Writes what training of a part would: more records than a row group has, missing values, one run that ends early. */
function write(
  folder: string,
  part?: { first: number; end: number },
  shard?: Manifest["shard"],
  from = origin,
): void {
  const experiment = partOf(readExperiment(document, "simulated.json"), part);
  const writer = new ResultsWriter(folder, experiment, from, { csv: true, ...(shard && { shard }) });
  for (const { index, train } of experiment.runs) {
    const { epochs } = train as { epochs: number };
    const last = index === 9 ? 7 : epochs;
    const one = <T>(value: T): T[] => [value];
    for (let record = 0; record <= last; record += 1)
      writer.record({
        runs: Uint32Array.of(index),
        record,
        epoch: Float64Array.of(record),
        time: Float64Array.of(record / 10),
        quantities: {
          loss: Float64Array.of(record === 3 ? NaN : index + 1 / (record + 1)),
          ...(index % 2 === 0 && { bias_gap: Float64Array.of(-index) }),
        },
        arrays: { ntk: { shape: [2, 2], data: Float32Array.of(index, record, NaN, 1) } },
      });
    writer.end({
      runs: Uint32Array.of(index),
      status: one(index === 9 ? "diverged" : "finished"),
      epochs: Float64Array.of(last),
      time: Float64Array.of(last / 10),
      arrays: { predictor: { shape: [3], data: Float32Array.of(index, 1, 2) } },
    });
  }
  writer.finish({ status: "finished", seconds: 1, kernels: {} });
}

const cuts = [0, 301, 352, runs];

function writeShard(folder: string, index: number, change: Partial<Manifest> = {}): void {
  const [first, end] = [cuts[index - 1], cuts[index]];
  const place = { index, count: 3 };
  const shard = { ...place, first, end, inputs: {}, command: ["run", "simulated.json", "--out", folder] };
  write(shardFolder(folder, place), { first, end }, shard, { ...origin, ...change });
}

function shardsIn(folder: string) {
  const shards = findShards(folder);
  checkShards(folder, shards, (command, { index }) => `${command.join(" ")} --shard ${index}/3`);
  return shards;
}

const merge = (folder: string) => mergeShards(folder, shardsIn(folder), { csv: true });

/** Three shards, made once. */
const whole = temporaryRoot();
function temporaryRoot(): { cut: string; uncut: string } {
  const root = spawnSync("mktemp", ["-d"], { encoding: "utf8" }).stdout.trim();
  const [cut, uncut] = [join(root, "cut"), join(root, "uncut")];
  for (const index of [1, 2, 3]) writeShard(cut, index);
  write(uncut);
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  return { cut, uncut };
}

function copy(): string {
  const folder = join(temporaryFolder(), "cut");
  cpSync(whole.cut, folder, { recursive: true });
  return folder;
}

/** Nothing has been lost, nor left: the same shards as before, and no piece of a result beside them. */
function expectUntouched(folder: string, names: string[]): void {
  expect(readdirSync(folder)).toEqual(["shards"]);
  expect(readdirSync(join(folder, "shards")).sort()).toEqual(names);
}
const all = ["1-of-3", "2-of-3", "3-of-3"];

test("merged tables and arrays have the bytes of a sweep that was not cut", () => {
  const folder = copy();
  const { runs: table, manifest } = merge(folder);
  expect(table.rows).toBe(runs);
  expect(manifest).toMatchObject({ status: "finished", seconds: 3 });
  expect(manifest.shard).toBeUndefined();
  const expected = resultsIn(whole.uncut);
  expect(Object.keys(expected)).toHaveLength(8);
  expect(resultsIn(folder)).toEqual(expected);
});

test("shards that are missing or have not finished are named, with the command that trains them", () => {
  const folder = copy();
  rmSync(join(folder, "shards", "2-of-3"), { recursive: true });
  expect(() => merge(folder)).toThrow(
    `${folder} cannot be merged: of 3 shards 2 is missing; to train it: run simulated.json --out ${whole.cut} --shard 2/3`,
  );
  expectUntouched(folder, ["1-of-3", "3-of-3"]);
  const path = join(folder, "shards", "1-of-3", "manifest.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"finished"', '"interrupted"'));
  expect(() => merge(folder)).toThrow(
    "of 3 shards 1 is interrupted, 2 is missing; to train shard 1, and the others likewise",
  );
  expect(() => merge(temporaryFolder())).toThrow(/holds no shards; train them by "alphasweep run/);
  expect(() => refuseOtherCount(folder, { index: 1, count: 4 })).toThrow(
    "holds shards of 3, and this is one of 4",
  );
});

test("a shard of another document, other data, another adapter or version is named", () => {
  const folder = copy();
  const path = join(folder, "shards", "3-of-3", "manifest.json");
  const text = readFileSync(path, "utf8");
  const changes: [was: string, is: string, told: RegExp][] = [
    [
      '"stepSize": 0.1',
      '"stepSize": 0.2',
      /3-of-3 is of another document \(train\.stepSize differs\) than .*1-of-3/,
    ],
    ['"inputs": {}', '"inputs": { "x.csv": "0" }', /3-of-3 was trained on other data than .*1-of-3/],
    [
      '"alphasweep": "0.1.0"',
      '"alphasweep": "9"',
      /3-of-3 was trained by alphasweep 9, not by 0\.1\.0 as .*1-of-3/,
    ],
    [
      '"vendor": "google"',
      '"vendor": "amd"',
      /adapter software amd swiftshader, not on software google swiftshader as/,
    ],
    ['"first": 352', '"first": 353', /3-of-3 was cut otherwise than the shards before it/],
  ];
  for (const [was, is, told] of changes) {
    expect(text).toContain(was);
    writeFileSync(path, text.replace(was, is));
    expect(() => merge(folder)).toThrow(told);
    expectUntouched(folder, all);
  }
});

test("torn and missing records and arrays are named by their shard", () => {
  const damage: [name: string, bytes: number | undefined][] = [
    ["records.spool", 5000],
    ["records.spool", undefined],
    ["arrays/ntk.npy", 5000],
    ["arrays/predictor.npy", undefined],
  ];
  for (const [name, bytes] of damage) {
    const folder = copy();
    const path = join(folder, "shards", "2-of-3", name);
    if (bytes === undefined) rmSync(path);
    else truncateSync(path, bytes);
    expect(() => merge(folder)).toThrow(/shards\/2-of-3 is damaged \(.*\); remove it, and train it again$/);
    expectUntouched(folder, all);
  }
});

test("on a full disk one line says so, and a later merge has every byte", () => {
  const folder = copy();
  const words = [commandPath, "merge", folder, "--csv"];
  const full = ["--fsize=200000:200000", "sh", ...withoutSignalOfSize(process.execPath, words)];
  const { status, stderr } = spawnSync("prlimit", full, { encoding: "utf8" });
  expect(stderr).toMatch(/^cannot write to .*cut: a file is too large for the file system\n$/);
  expect(status).toBe(1);
  expectUntouched(folder, all);
  expect(existsSync(join(folder, "manifest.json"))).toBe(false);
  merge(folder);
  expect(resultsIn(folder)).toEqual(resultsIn(whole.uncut));
});
