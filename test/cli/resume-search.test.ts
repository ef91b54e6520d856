/** A search that is cut off goes on where it was: no probe is trained twice, and no byte is changed. */

import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSavedCheckpoint, writeCheckpoint } from "../../src/results/checkpoint-file.ts";
import { alphasweep, type Outcome, Running, temporaryFolder } from "./command.ts";
import { processOf } from "./processes.ts";
import { contents, until } from "./watching.ts";

const search = {
  name: "searched",
  data: { kind: "linear-uniform", samples: 10, dimension: 8, noise: 0.5, testSamples: 50 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.002, epochs: 1000, batchSize: 5 },
  record: { every: 100, quantities: ["loss", "test_loss"] },
  sweep: [{ path: "data.dimension", values: [4, 8] }],
  search: {
    path: "data.samples",
    between: [10, 160],
    quantity: "test_loss",
    atMost: 0.35,
    trials: 3,
    ratio: 1.2,
  },
};

const parameters = ["run", "search.json", "--out", "out", "--adapter", "software", "--resume"];

const probes = (errors: string): string[] => errors.match(/^probing .*$/gm) ?? [];

test("killed, without its GPU, interrupted, and with a forged checkpoint", { timeout: 600_000 }, async () => {
  const cwd = temporaryFolder();
  const out = join(cwd, "out");
  const checkpoint = join(out, "checkpoint");
  writeFileSync(join(cwd, "search.json"), JSON.stringify(search));
  const begin = (): Running =>
    new Running(parameters, { cwd, env: { ALPHASWEEP_CHECKPOINT_SECONDS: "0.1" } });
  /** In the middle of a round that this command has begun: not the first, where one is left. */
  const inRound = (running: Running, round: number): Promise<void> =>
    until(running, () => probes(running.errors).length >= round && existsSync(checkpoint));

  const whole = await alphasweep(parameters, { cwd });
  expect(whole.code).toBe(0);
  const rounds = probes(whole.errors);
  expect(rounds.length).toBeGreaterThan(4);
  const undisturbed = contents(out);
  rmSync(out, { recursive: true });

  const told: string[] = [];
  const cutOff = async (running: Running, round: number, signal: NodeJS.Signals): Promise<Outcome> => {
    await inRound(running, round);
    running.kill(signal);
    const ended = await running.outcome();
    told.push(...probes(ended.errors));
    return ended;
  };
  await cutOff(begin(), 2, "SIGKILL");
  const again = begin();
  await again.printed(/going on from/);
  await inRound(again, 1);
  process.kill(processOf(again.id, "gpu")!, "SIGKILL");
  await again.printed(/training goes on/);
  const interrupted = await cutOff(again, 2, "SIGINT");
  expect([interrupted.code, interrupted.errors]).toEqual([130, expect.stringContaining("--resume\n")]);

  const forged = join(cwd, "forged");
  cpSync(out, forged, { recursive: true });
  const last = await begin().outcome();
  expect([last.code, last.errors]).toEqual([
    0,
    expect.stringMatching(/^going on from [\d,]+ of [\d,]+ runs so far$/m),
  ]);
  told.push(...probes(last.errors));
  expect(contents(out)).toEqual(undisturbed);
  expect(readdirSync(out)).not.toContain("checkpoint");
  // A kill may come between the announcement of a round and the next checkpoint: then it is announced again.
  expect(new Set(told)).toEqual(new Set(rounds));
  expect(told.length).toBeLessThanOrEqual(rounds.length + 1);

  // Rounds that its own trials do not lead to.
  const saved = readSavedCheckpoint(forged)!;
  const trials = saved.checkpoint.search!.trials.subarray(1);
  saved.checkpoint.search = { ...saved.checkpoint.search!, trials };
  writeCheckpoint(forged, saved);
  const anew = new Running(
    parameters.map((word) => (word === "out" ? "forged" : word)),
    { cwd },
  );
  await anew.printed(/^the checkpoint is of another search; beginning anew$/m);
  anew.kill("SIGKILL");
  await anew.outcome();
});
