/** A browser that is killed while it starts: the command starts another. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { Running, temporaryFolder } from "./command.ts";
import { processOf } from "./processes.ts";
import { until } from "./watching.ts";

const experiment = {
  data: { kind: "linear-uniform", samples: 6, dimension: 9, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.005, epochs: 50 },
};

/** Milliseconds after its process is there: while it starts, makes a page, loads it, looks for an adapter, trains. */
const moments = [0, 100, 200, 300, 450, 600];

for (const moment of moments)
  test(`a browser killed ${moment} ms after its start is started again`, { timeout: 120_000 }, async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "sweep.json"), JSON.stringify(experiment));
    const running = new Running(["run", "sweep.json", "--out", "out"], { cwd });
    let browser: number | undefined;
    await until(running, () => (browser = processOf(running.id, "browser")) !== undefined);
    await wait(moment);
    // Unless it has done its work by then.
    if (processOf(running.id, "browser") === browser) process.kill(browser!, "SIGKILL");
    const { code, errors } = await running.outcome();
    expect([code, errors]).toEqual([0, expect.stringContaining("software adapter")]);
  });

test("a browser killed while kernels are measured is started again", { timeout: 120_000 }, async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "sweep.json"), JSON.stringify(experiment));
  const env = { ALPHASWEEP_TUNING_SECONDS: "1000" };
  const running = new Running(["run", "sweep.json", "--out", "out"], { cwd, env });
  await running.printed(/software adapter/);
  process.kill(processOf(running.id, "browser")!, "SIGKILL");
  const { code, errors } = await running.outcome();
  expect([code, errors]).toEqual([0, expect.stringContaining("has ended unexpectedly; starting it again")]);
});
