/** The command measures kernels before long trainings, remembers them, and leaves them alone when told. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Manifest } from "../../src/results/types.ts";
import { alphasweep, inNode, softwareVulkan, temporaryFolder } from "./command.ts";

/** Milliseconds for the commands of a test; seconds where nothing else runs. */
const patience = 300_000;

/** There is time to measure everything, however slow the machine is. */
const any = { ALPHASWEEP_TUNING_SECONDS: "1000" };

/** Of so many runs as are never faster one by one, by whole updates a dispatch; of no more rows and columns than compile soon. */
const document = {
  name: "tuned",
  data: { kind: "linear-uniform", samples: 12, dimension: 44, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 1e-3, epochs: 2000 },
  record: { every: 1000, quantities: ["loss", "ntk_drift"], arrays: ["predictor"] },
  sweep: [{ path: "init.alpha", linspace: [0.5, 3, 24] }],
};

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;

/** Everything that a folder says of its results; its date and its seconds are those of a clock. */
const bytesOf = (folder: string): string[] => [
  JSON.stringify({ ...manifestOf(folder), date: "", seconds: 0 }),
  ...["runs.parquet", "history.parquet", "arrays/predictor.npy"].map((name) =>
    readFileSync(join(folder, name)).toString("base64"),
  ),
];

/** The works that a command told of, and how they are done. */
const taken = (errors: string, how: "measured" | "remembered"): Map<string, string> =>
  new Map(
    [...errors.matchAll(/^(\S.*): (\S.*) \((measured|remembered)/gm)]
      .filter(([, , , told]) => told === how)
      .map(([, work, variant]) => [work, variant]),
  );

test(
  "kernels are measured once, remembered, shown, and written down",
  async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "tuned.json"), JSON.stringify(document));
    const env = { ...any, ...(await softwareVulkan()), XDG_CACHE_HOME: join(cwd, "cache") };
    const run = (out: string) =>
      alphasweep(["run", "tuned.json", "--out", out, "--verbose", ...inNode], { cwd, env });

    const first = await run("first");
    expect([first.code, first.errors]).toEqual([0, expect.stringMatching(/^ +[\d.]+ µs {2}\S+/m)]);
    const measured = taken(first.errors, "measured");
    expect(measured.size).toBeGreaterThan(0);
    expect(manifestOf(join(cwd, "first")).settled).toMatchObject(Object.fromEntries(measured));

    // Where whole updates won, what they are made of otherwise is not asked for again.
    const second = await run("second");
    const known = taken(second.errors, "remembered");
    expect([second.code, taken(second.errors, "measured").size]).toEqual([0, 0]);
    expect(known.size).toBeGreaterThan(0);
    for (const [work, variant] of known) expect(measured.get(work), work).toBe(variant);
    expect(manifestOf(join(cwd, "second")).settled).toEqual(Object.fromEntries(known));

    const doctor = await alphasweep(["doctor", "tuned.json", ...inNode], { cwd, env });
    expect(doctor.output).toMatch(
      /^kernels +[\d.]+ µs {2}(predictor_products|diagonal_descent)\.wgsl [^{#]* runs=\d+$/m,
    );

    writeFileSync(join(cwd, "cache", "alphasweep", "winners.json"), "{");
    const damaged = await alphasweep(["doctor", "tuned.json", ...inNode], { cwd, env });
    expect([damaged.code, damaged.output]).toEqual([
      0,
      expect.stringMatching(/^kernels +\S+winners\.json is not JSON: it is ignored$/m),
    ]);
  },
  patience,
);

test(
  "--tuning off takes the standard kernels: the same bytes twice, whatever is remembered",
  async () => {
    const cwd = temporaryFolder();
    const small = {
      ...document,
      train: { ...document.train, epochs: 500 },
      record: { ...document.record, every: 50 },
    };
    writeFileSync(join(cwd, "tuned.json"), JSON.stringify(small));
    const vulkan = await softwareVulkan();
    const run = (out: string, cache: string) =>
      alphasweep(["run", "tuned.json", "--out", out, "--tuning", "off", "--verbose", ...inNode], {
        cwd,
        env: { ...any, ...vulkan, XDG_CACHE_HOME: join(cwd, cache) },
      });
    const one = await run("one", "no-cache");
    expect([one.code, one.errors]).toEqual([0, expect.not.stringContaining("measured")]);
    expect(manifestOf(join(cwd, "one")).settled).toEqual({});
    expect((await run("two", "cache")).code).toBe(0);
    expect(bytesOf(join(cwd, "two"))).toEqual(bytesOf(join(cwd, "one")));
  },
  patience,
);
