/** Batch scripts; with SLURM=1 on a real Slurm, which takes root on Debian and about two minutes. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { alphasweep, inNode, softwareVulkan, temporaryFolder } from "../cli/command.ts";
import { mergeScript, type SlurmJob, trainScript } from "../../src/cluster/slurm.ts";
import { resultsIn } from "./shards.ts";
import { Slurm, until } from "./slurm.ts";

const job: SlurmJob = {
  name: "a sweep",
  folder: "results/a sweep",
  directory: "/home/her",
  train: "node alphasweep run sweep.json --out 'results/a sweep'",
  merge: "node alphasweep merge 'results/a sweep'",
  count: 16,
  array: "1-5,7",
  options: ["--gres=gpu:1", "--time", "4:00:00"],
};

const directives = (script: string): string[] =>
  Array.from(script.matchAll(/^#SBATCH (.*)$/gm), ([, option]) => option);

test("scripts say what tasks need; a merge takes no GPU", () => {
  expect(directives(trainScript(job))).toEqual([
    '--job-name="a sweep"',
    "--chdir=/home/her",
    '--output="results/a sweep/shards/%a-of-16.log"',
    "--open-mode=append",
    "--requeue",
    "--signal=B:USR1@120",
    "--gres=gpu:1",
    "--time 4:00:00",
    "--array=1-5,7",
  ]);
  expect(directives(mergeScript(job)).slice(-2)).toEqual(["--kill-on-invalid-dep=yes", "--time 4:00:00"]);
});

/** What becomes of a task whose training is this, and which is sent a signal where one is given. */
function ending(
  train: string,
  { signal = "", attempt = "0" } = {},
): { code: number | null; requeued: boolean } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "scontrol"), `#!/bin/sh\necho "$@" > ${folder}/requeued\n`, { mode: 0o755 });
  // A task's own shell is the one that is signalled.
  const script = trainScript({ ...job, train }).replace("training=$!", (line) =>
    signal ? `${line}\n(sleep 0.3; kill -${signal} $$) &` : line,
  );
  const { status } = spawnSync("bash", ["-c", script], {
    timeout: 20_000,
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      SLURM_JOB_ID: "7",
      SLURM_RESTART_COUNT: attempt,
    },
  });
  return { code: status, requeued: existsSync(join(folder, "requeued")) };
}

test("a task is queued again near its time limit and where it was killed, not where it was cancelled or has failed", () => {
  const untilStopped = `bash -c 'trap "exit 130" TERM; while :; do sleep 0.05; done' alphasweep`;
  expect(ending("true")).toEqual({ code: 0, requeued: false });
  expect(ending("bash -c 'exit 2'")).toEqual({ code: 2, requeued: false });
  expect(ending(untilStopped, { signal: "TERM" })).toEqual({ code: 130, requeued: false });
  expect(ending(untilStopped, { signal: "USR1" })).toEqual({ code: 130, requeued: true });
  const killed = "bash -c 'kill -KILL $$'";
  expect(ending(killed)).toEqual({ code: 137, requeued: true });
  expect(ending(killed, { attempt: "3" })).toEqual({ code: 137, requeued: false });
});

const sweep = {
  name: "queued",
  data: { kind: "linear-uniform", samples: 9, dimension: 13, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.001, epochs: 9000, batchSize: 4 },
  record: { every: 200, quantities: ["loss", "linear_distance"], arrays: ["ntk", "predictor"] },
  sweep: [{ path: "init.alpha", logspace: [-1, 0.3, 16] }],
};

if (process.env.SLURM)
  test(
    "on a real Slurm eight tasks, one cancelled, one killed, the node drained, end with every byte of one run",
    { timeout: 900_000 },
    async () => {
      const cwd = temporaryFolder();
      const own = temporaryFolder();
      writeFileSync(join(cwd, "sweep.json"), JSON.stringify(sweep));
      mkdirSync(join(own, "slurm"));
      const slurm = await Slurm.start(join(own, "slurm"));
      onTestFinished(() => slurm.stop(), 60_000);
      const env = { ...(await softwareVulkan()), ...slurm.env, ALPHASWEEP_CHECKPOINT_SECONDS: "0.1" };
      const words = ["sweep.json", ...inNode];
      expect((await alphasweep(["run", ...words, "--out", "whole"], { cwd, env })).code).toBe(0);

      const submit = () =>
        alphasweep(["submit", ...words, "--tasks", "8", "--out", "cut", "--", "--time=10"], { cwd, env });
      const status = async () => (await alphasweep(["status", "cut"], { cwd, env })).output;
      const shard = (index: number, file: string): string =>
        join(cwd, "cut", "shards", `${index}-of-8`, file);
      const isTraining = (index: number): boolean => existsSync(shard(index, "checkpoint"));
      const running = (): number[] =>
        slurm.queue("--states=RUNNING").flatMap((line) => Number(/_(\d+) /.exec(line)?.[1] ?? NaN) || []);

      const submitted = await submit();
      expect(submitted.code).toBe(0);
      const array = /^job (\d+) trains 8 of 8 shards/m.exec(submitted.errors)![1];
      await until(() => isTraining(1) && isTraining(2), "two tasks train");
      slurm.ask("scancel", `${array}_1`);
      const { process: id } = JSON.parse(readFileSync(shard(2, "running.lock"), "utf8")) as {
        process: number;
      };
      process.kill(id, "SIGKILL");
      await until(() => !running().includes(1) && !running().includes(2), "both are gone");

      slurm.ask("scontrol", "update", `NodeName=${slurm.node}`, "State=DRAIN", "Reason=test");
      await until(() => slurm.queue("--states=RUNNING,COMPLETING").length === 0, "the node is drained");
      expect(await status()).toMatch(/^cut: 8 shards, (\d done, )?\d waiting, 1 stopped\n(.*\n)stopped: 1;/);
      slurm.ask("scontrol", "update", `NodeName=${slurm.node}`, "State=RESUME");
      await until(() => slurm.queue().length === 0, "all but the cancelled task are done");
      expect(await status()).toMatch(/^cut: 8 shards, 7 done, 1 stopped\n/);
      const log = (index: number): string =>
        readFileSync(join(cwd, "cut", "shards", `${index}-of-8.log`), "utf8");
      expect(log(2)).toContain("going on from");

      expect((await submit()).errors).toMatch(/^job \d+ trains 1 of 8 shards, job \d+ merges them/m);
      await until(() => slurm.queue().length === 0, "the rest is done, and merged");
      expect(log(1)).toContain("going on from");
      expect(await status()).toBe("cut is merged\n");
      expect(resultsIn(join(cwd, "cut"))).toEqual(resultsIn(join(cwd, "whole")));
    },
  );
