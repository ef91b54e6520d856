/** A sweep that is killed again and again ends with the bytes of one that never was. KILLS says how often (1). */

import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { alphasweep, commandPath, inNode, Running, softwareVulkan } from "./command.ts";
import { fillDisk, processOf, withoutSignalOfSize } from "./processes.ts";
import { contents, secondsOf, until, when } from "./watching.ts";

const kills = Number(process.env.KILLS ?? 1);

const sweep = {
  name: "killed",
  data: { kind: "linear-uniform", samples: 20, dimension: 40, seed: 2, testSamples: 10 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.001, epochs: (kills > 1 ? 4000 : 1000) * Math.ceil(2 + kills / 2), batchSize: 10 },
  record: { every: 300, quantities: ["loss", "linear_distance"], arrays: ["ntk", "predictor"] },
  // The last one diverges.
  sweep: [{ path: "init.alpha", values: [0.3, 1, 30] }],
};

/** Milliseconds for one command; a few seconds where nothing else runs. */
const patience = 240_000;

/**
 * Every day without a browser, which starts in a third of the time; test/cli/resume-search.test.ts and start.test.ts kill commands
 * that train in one. With KILLS=2 and more in Chrome, whose processes crash, too.
 */
const where = kills > 1 ? ["--adapter", "software"] : inNode;

const env = {
  ALPHASWEEP_CHECKPOINT_SECONDS: "0.1",
  ...(kills > 1 ? {} : await softwareVulkan()),
};
let cwd: string;
let undisturbed: Record<string, string>;
/** Milliseconds. */
let trainingTime: number;

const all = { ...process.env, ...env };

const parametersOf = (parameters: string[]): string[] => [
  "run",
  "sweep.json",
  "--out",
  "out",
  ...where,
  ...parameters,
];

const begin = (parameters: string[] = ["--resume"]): Running =>
  new Running(parametersOf(parameters), { cwd, env });

function expectUndisturbed(out: string): void {
  expect(contents(join(cwd, out))).toEqual(undisturbed);
  expect(readdirSync(join(cwd, out)).sort()).toEqual(
    ["arrays", "figures", "history.parquet", "index.html", "manifest.json", "runs.parquet"].sort(),
  );
}

const hasCheckpoint = (): boolean => existsSync(join(cwd, "out", "checkpoint"));

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "alphasweep-"));
  writeFileSync(join(cwd, "sweep.json"), JSON.stringify(sweep));
  const { status } = spawnSync(process.execPath, [commandPath, ...parametersOf([])], { cwd, env: all });
  expect(status).toBe(0);
  undisturbed = contents(join(cwd, "out"));
  trainingTime = 1000 * secondsOf(join(cwd, "out"));
  rmSync(join(cwd, "out"), { recursive: true });
  return () => rmSync(cwd, { recursive: true, force: true });
}, patience);

afterEach(() => rmSync(join(cwd, "out"), { recursive: true, force: true }));

test(
  "an array that was cut in half or removed while nobody trained is made again",
  async () => {
    const first = begin([]);
    await until(first, hasCheckpoint);
    first.kill("SIGKILL");
    await first.outcome();
    cpSync(join(cwd, "out"), join(cwd, "begun"), { recursive: true });
    for (const how of ["cut", "removed"]) {
      rmSync(join(cwd, "out"), { recursive: true });
      cpSync(join(cwd, "begun"), join(cwd, "out"), { recursive: true });
      const path = join(cwd, "out", "arrays", "ntk.npy");
      if (how === "removed") rmSync(path);
      else truncateSync(path, Math.floor(statSync(path).size / 2));
      const running = begin();
      await running.printed(
        how === "cut" ? /ntk\.npy is damaged; beginning anew/ : /ntk\.npy is gone; beginning anew/,
      );
      // What begins anew is the same either way.
      if (how === "cut" && kills === 1) {
        running.kill("SIGKILL");
        await running.outcome();
        continue;
      }
      expect((await running.outcome()).code).toBe(0);
      expectUndisturbed("out");
    }
  },
  2 * patience,
);

test(
  `killed in a checkpoint, ${kills} times at random, interrupted, killed in a table: no byte is changed`,
  { timeout: patience * (kills + 4) },
  async () => {
    const first = begin([]);
    await until(first, hasCheckpoint);
    // Where the disk is slow the next checkpoint may come too late.
    const impatient = setTimeout(() => first.kill("SIGKILL"), trainingTime / 3);
    await when(first, join(cwd, "out"), "checkpoint.part", () => first.kill("SIGKILL")).catch(() => {});
    clearTimeout(impatient);
    // On a machine whose speed varies it may be done by then.
    expect([null, 0]).toContain((await first.outcome()).code);
    // What was trained faster than was measured has tables, and would be served without end.
    if (!existsSync(join(cwd, "out", "history.parquet"))) {
      const view = await alphasweep(["view", "out", "--no-open"], { cwd });
      expect([view.code, view.errors]).toEqual([
        2,
        expect.stringMatching(/^out has no tables yet: .*--resume.*\n$/),
      ]);
    }

    for (let kill = 0; kill < kills; kill += 1) {
      const running = begin();
      await running.printed(/software adapter|finished already/);
      // Together less than there is to train.
      await new Promise((resolve) => setTimeout(resolve, (trainingTime / (kills + 1)) * Math.random()));
      running.kill("SIGKILL");
      await running.outcome();
    }

    const interrupted = begin();
    await interrupted.printed(/going on from|finished already/);
    interrupted.kill("SIGINT");
    const { code, errors } = await interrupted.outcome();
    // It may be done before it hears of it.
    if (code !== 0) {
      expect(code).toBe(130);
      const [, command] = /^to go on: (?:npx )?alphasweep (.*)$/m.exec(errors) ?? [];
      const words = kills > 1 ? "--adapter software" : "--adapter software --runtime node";
      expect(command).toBe(`run sweep.json --out out ${words} --resume`);
      const last = new Running(command.split(" "), { cwd, env });
      await when(last, join(cwd, "out"), "history.parquet.part", () => last.kill("SIGKILL"));
      await last.outcome();
    }
    expect((await begin().outcome()).code).toBe(0);
    expectUndisturbed("out");
  },
);

const crashes = Math.ceil(kills / 4);

// Longer than an everyday test may be: with KILLS=2 and more.
if (kills > 1) {
  test(
    `the GPU process crashes ${crashes} times, then the browser is killed: no byte is changed`,
    { timeout: patience * (crashes + 3) },
    async () => {
      const running = begin([]);
      await until(running, hasCheckpoint);
      const second = await begin().outcome();
      expect([second.code, second.errors]).toEqual([
        2,
        expect.stringContaining(`out is in use by another command (process ${running.id})`),
      ]);
      for (let crash = 0; crash < crashes; crash += 1) {
        // Another loss before the next checkpoint would end the browser's turn.
        if (crash > 0) await when(running, join(cwd, "out"), "checkpoint.part");
        await new Promise((resolve) => setTimeout(resolve, 200 * Math.random()));
        const told = running.errors.split("training goes on").length;
        process.kill(processOf(running.id, "gpu")!, "SIGKILL");
        await until(running, () => running.errors.split("training goes on").length > told);
      }
      process.kill(processOf(running.id, "browser")!, "SIGKILL");
      await running.printed(/the browser has ended unexpectedly; starting it again\n/);
      expect([(await running.outcome()).code, running.errors]).toEqual([
        0,
        expect.stringMatching(/going on from [\d.]+ %/),
      ]);
      expectUndisturbed("out");

      const changed = await begin(["--resume", "--set", "sweep[0].values=[0.3, 1, 40]"]).outcome();
      expect(changed).toMatchObject({
        code: 2,
        errors:
          "sweep.json: sweep[0].values[2] is 40, and 30 where out was begun; --resume goes on with the same document only\n",
      });
      const again = await begin().outcome();
      expect([again.code, again.errors]).toEqual([0, expect.stringContaining("out is finished already")]);
      expectUndisturbed("out");
    },
  );
}

test(
  "a full disk ends the command with a clear line; with room again it goes on",
  { timeout: 3 * patience },
  async () => {
    // Files of at most 32 KiB for the command, once its browser is there: the kernels do not fit. Without one Dawn's own would
    // not, either.
    const parameters = [...parametersOf([]), "--runtime", "chrome"];
    const child = spawn("sh", withoutSignalOfSize(process.execPath, [commandPath, ...parameters]), {
      cwd,
      env: all,
    });
    let errors = "";
    child.stderr.on("data", (bytes: Buffer) => {
      errors += bytes.toString();
      if (/adapter:/.test(errors)) fillDisk(child.pid!, 32768);
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^cannot write to \S*out: a file is too large/m),
    ]);
    expect((await begin().outcome()).code).toBe(0);
    expectUndisturbed("out");
  },
);
