/** A browser that is killed while it starts: the command starts another. A command that is stopped then leaves nothing. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ensureBrowser } from "../../src/cli/runtimes/browser.ts";
import { Running, temporaryFolder } from "./command.ts";
import { processOf } from "./processes.ts";
import { until } from "./watching.ts";

const experiment = {
  data: { kind: "linear-uniform", samples: 6, dimension: 9, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.005, epochs: 50 },
};

/** `KILLS=20`: how often each signal comes, and browsers are killed, at other moments. */
const kills = Number(process.env.KILLS ?? 1);

/** Milliseconds after its process is there: while it starts, makes a page, loads it, looks for an adapter, trains. */
const moments = kills > 1 ? [0, 100, 200, 300, 450, 600] : [150];

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

test("a sweep whose browser ends and does not start again is kept", { timeout: 120_000 }, async () => {
  const cwd = temporaryFolder();
  const train = { stepSize: 1e-6, epochs: 100_000_000 };
  writeFileSync(
    join(cwd, "sweep.json"),
    JSON.stringify({ ...experiment, train, record: { every: 1000, quantities: ["loss"] } }),
  );
  // Starts once.
  const chrome = join(cwd, "chrome");
  const real = await ensureBrowser();
  writeFileSync(
    chrome,
    `#!/bin/sh\nif mkdir ${cwd}/once 2>/dev/null; then exec ${real} "$@"; fi\necho FATAL: no more >&2\nexit 1\n`,
    { mode: 0o755 },
  );
  const env = { PUPPETEER_EXECUTABLE_PATH: chrome, ALPHASWEEP_CHECKPOINT_SECONDS: "0.2" };
  const running = new Running(["run", "sweep.json", "--out", "out", "--tuning", "off"], { cwd, env });
  await until(running, () => existsSync(join(cwd, "out", "checkpoint")));
  process.kill(processOf(running.id, "browser")!, "SIGKILL");
  const { code, errors } = await running.outcome();
  expect(errors).toMatch(/has ended unexpectedly; starting it again\n.*does not start: FATAL: no more\n/);
  expect(errors).toMatch(/to go on: .*--resume\n/);
  expect(errors).toMatch(/the browser has ended unexpectedly\n$/);
  expect(code).toBe(1);
  expect(existsSync(join(cwd, "out", "runs.parquet"))).toBe(true);
});

const stops = (["SIGINT", "SIGTERM"] as const).flatMap((signal, place) =>
  Array.from({ length: kills }, (_, kill): [NodeJS.Signals, number] => [signal, 100 * kill + 150 * place]),
);

test.for(stops)(
  "%s %i ms after a browser's start leaves no browser, and nothing of it",
  async ([signal, moment]) => {
    const [cwd, temporary] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(cwd, "sweep.json"), JSON.stringify(experiment));
    const running = new Running(["run", "sweep.json", "--out", "out"], { cwd, env: { TMPDIR: temporary } });
    await until(running, () => processOf(running.id, "browser") !== undefined);
    expect(readdirSync(temporary)).not.toEqual([]);
    await wait(moment);
    running.kill(signal);
    expect((await running.outcome()).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
    expect(spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout).not.toContain(temporary);
  },
);
