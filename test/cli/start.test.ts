/** A browser that is killed while it starts: the command starts another, or says that it does not start. */
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
  test(
    `a browser killed ${moment} ms after its start is started again, or is said not to start`,
    { timeout: 60_000 },
    async () => {
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, "sweep.json"), JSON.stringify(experiment));
      const running = new Running(["run", "sweep.json", "--out", "out"], { cwd });
      let browser: number | undefined;
      await until(running, () => (browser = processOf(running.id, "browser")) !== undefined);
      await wait(moment);
      // Unless it has done its work by then.
      if (processOf(running.id, "browser") === browser) process.kill(browser!, "SIGKILL");
      const { code, errors } = await running.outcome();
      if (code === 3) expect(errors).toMatch(/ does not start: .*Target closed\n$/);
      else expect([code, errors]).toEqual([0, expect.stringContaining("software adapter")]);
    },
  );
