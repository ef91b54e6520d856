import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readResults } from "../../src/results/read.ts";
import { alphasweep, inNode, Running, softwareVulkan, temporaryFolder } from "./command.ts";
import { until } from "./watching.ts";

const tiny = {
  name: "tiny",
  data: { kind: "linear-uniform", samples: 3, dimension: 4, seed: 2 },
  model: { kind: "diagonal", depth: 2 },
  train: { stepSize: 0.01, epochs: 20 },
  record: { every: 5, quantities: ["loss", "ntk_drift"], arrays: ["ntk", "predictor"] },
  sweep: [{ path: "init.alpha", values: [0.5, 1] }],
};

/** Trains for minutes, unless it is stopped. */
const endless = {
  ...tiny,
  train: { stepSize: 1e-6, epochs: 20_000_000 },
  record: { ...tiny.record, every: 10_000 },
};

const folderWith = (document: object): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "tiny.json"), JSON.stringify(document));
  return cwd;
};

test("run trains in Chrome and writes the whole results folder", async () => {
  const cwd = folderWith(tiny);
  const { code, output, errors } = await alphasweep(["run", "tiny.json", "--csv", "--adapter", "software"], {
    cwd,
  });
  expect([code, errors]).toEqual([
    0,
    expect.stringMatching(/^tiny: 2 runs\nChrome\/\S+, software adapter: \S.*\n/),
  ]);
  expect(output).toMatch(/^run +init\.alpha +status +epochs +loss +ntk_drift\n +0 +0\.5 +finished +20 /);

  const folder = join(cwd, "results", "tiny");
  const { manifest, runs, history, arrays } = await readResults(folder);
  expect(manifest).toMatchObject({
    status: "finished",
    name: "tiny",
    adapter: { software: true },
    warnings: [],
    guard: { epochs: 20, compared: "predictor" },
  });
  const { gap, bound } = manifest.guard as { gap: number; bound: number };
  expect(gap).toBeLessThanOrEqual(bound);
  expect(bound).toBeLessThan(1e-3);
  expect(Object.keys(manifest.kernels).length).toBeGreaterThan(0);
  expect(runs.columns).toMatchObject({
    run: Int32Array.of(0, 1),
    "init.alpha": Float64Array.of(0.5, 1),
    status: ["finished", "finished"],
    epochs: Float64Array.of(20, 20),
  });
  expect(Array.from(history.columns.epoch)).toEqual([0, 5, 10, 15, 20, 0, 5, 10, 15, 20]);
  expect(history.columns.ntk_drift[0]).toBe(0);
  expect(history.columns.loss[4] as number).toBeLessThan(history.columns.loss[0] as number);
  expect(arrays.ntk!.shape).toEqual([2, 5, 3, 3]);
  expect(arrays.ntk!.data.every(Number.isFinite)).toBe(true);
  expect(arrays.predictor!.shape).toEqual([2, 4]);
  expect(readFileSync(join(folder, "history.csv"), "utf8").split("\n")[0]).toBe(
    "run,epoch,time,loss,ntk_drift,init.alpha",
  );
  expect(readFileSync(join(folder, "index.html"), "utf8")).toContain("<title>tiny</title>");
  expect(existsSync(join(folder, "figures", "loss.png"))).toBe(true);
  expect(existsSync(join(folder, "records.spool"))).toBe(false);

  const again = await alphasweep(["run", "tiny.json"], { cwd });
  expect([again.code, again.errors]).toEqual([
    2,
    expect.stringMatching(/^results\/tiny holds results; .*--out.*\n$/),
  ]);
});

test("--set changes the document, and warnings are told", async () => {
  const cwd = folderWith(tiny);
  const changes = ["--set", "train.epochs=10", "--set", "sweep[0].values=[1, 2, 300]"];
  const { code, errors } = await alphasweep(
    ["run", "tiny.json", "--out", "out", ...inNode, "--set", "init.alpha=3", ...changes],
    { cwd, env: await softwareVulkan() },
  );
  expect(code).toBe(0);
  expect(errors).toMatch(/^warning: --set init\.alpha has no effect: the document sweeps init\.alpha/m);
  expect(errors).toMatch(/^warning: .*300/m);
  const { manifest, runs } = await readResults(join(cwd, "out"));
  expect(manifest.document).toMatchObject({ train: { epochs: 10 } });
  expect(manifest.warnings.length).toBeGreaterThan(1);
  expect(Array.from(runs.columns["init.alpha"])).toEqual([1, 2, 300]);
  expect(runs.columns.status[2]).toBe("diverged");
});

test("SIGINT in the middle keeps what is recorded and exits with 130", async () => {
  const cwd = folderWith(endless);
  const running = new Running(["run", "tiny.json", "--out", "out"], { cwd });
  await running.printed(/\d+ %, 0\/2 runs done/);
  running.kill("SIGINT");
  // npm passes the terminal's Ctrl-C on: it comes twice.
  running.kill("SIGINT");
  const { code, errors, output } = await running.outcome();
  expect([code, errors]).toEqual([130, expect.stringContaining("interrupted; keeping what is finished")]);
  expect(output).toMatch(/unfinished/);

  const { manifest, runs, history, arrays } = await readResults(join(cwd, "out"));
  expect(manifest.status).toBe("interrupted");
  expect(runs.columns.status).toEqual([null, null]);
  expect(history.rows).toBeGreaterThan(1);
  expect(arrays.ntk!.shape).toEqual([2, 2001, 3, 3]);
  expect(existsSync(join(cwd, "out", "records.spool"))).toBe(true);
});

test("an interrupt before training leaves no folder", async () => {
  const cwd = folderWith(endless);
  const running = new Running(["run", "tiny.json", "--out", "out"], { cwd });
  await running.printed(/tiny: 2 runs/);
  running.kill("SIGINT");
  const { code } = await running.outcome();
  expect(code).toBe(130);
  expect(existsSync(join(cwd, "out"))).toBe(false);
});

test("a run that is cut off before anything is recorded leaves a folder that another may use", async () => {
  const cwd = folderWith(endless);
  const out = join(cwd, "out");
  /** Cut off while kernels are measured. */
  const cutOff = async (parameters: string[], signal: NodeJS.Signals) => {
    const running = new Running(["run", "tiny.json", "--out", "out", ...parameters], {
      cwd,
      env: { ALPHASWEEP_TUNING_SECONDS: "60" },
    });
    await running.printed(/adapter: /);
    await until(running, () => existsSync(join(out, "records.spool")));
    running.kill(signal);
    return running.outcome();
  };
  await cutOff([], "SIGKILL");
  expect(readdirSync(out)).toEqual(["manifest.json", "records.spool", "running.lock"]);
  // Another document; and --resume, which has nothing to go on with, begins it.
  const again = await cutOff(["--resume", "--set", "data.seed=3"], "SIGINT");
  expect([again.code, again.output]).toEqual([130, ""]);
  expect(again.errors).toMatch(/\ninterrupted\n$/);
  expect(readdirSync(out)).toEqual([]);
});

test("--adapter hardware trains on hardware, or exits with 3 and says what to do", async () => {
  const cwd = folderWith(tiny);
  const { code, errors } = await alphasweep(["run", "tiny.json", "--adapter", "hardware"], { cwd });
  if (code === 0) expect(errors).toMatch(/hardware adapter: /);
  else
    expect([code, errors]).toEqual([
      3,
      expect.stringMatching(/offers no hardware WebGPU adapter; use --adapter auto.*\n$/),
    ]);
});

test("doctor tells the browser and the adapter", async () => {
  const { code, output } = await alphasweep(["doctor", "alpha-sweep", "--adapter", "software"]);
  expect(code).toBe(0);
  expect(output).toMatch(/^software +yes/m);
  expect(output).toMatch(/^browser +\S+/m);
  expect(output).toMatch(/maxStorageBufferBindingSize/);
});

test("--quiet prints no warning; view serves the viewer and the results, and ends on Ctrl-C", async () => {
  const cwd = folderWith(tiny);
  const values = "sweep[0].values=[1, 300]";
  const quiet = ["run", "tiny.json", "--out", "out", ...inNode, "--quiet", "--set", values];
  const env = await softwareVulkan();
  expect(await alphasweep(quiet, { cwd, env })).toEqual({ code: 0, output: "", errors: "" });
  expect((await readResults(join(cwd, "out"))).manifest.warnings.length).toBeGreaterThan(0);
  const running = new Running(["view", "out", "--port", "0", "--no-open"], { cwd });
  const [, url] = await running.printed(/the viewer is at (\S+)/);
  const page = await fetch(url);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  const manifest = await fetch(`${url}results/manifest.json`);
  expect(await manifest.json()).toMatchObject({ name: "tiny" });
  expect((await fetch(`${url}results/records.spool`)).status).toBe(404);
  running.kill("SIGINT");
  expect((await running.outcome()).code).toBe(0);
});

test("a search tells what it probes and what it has found, and writes both", async () => {
  const { sweep: _, ...document } = tiny;
  const cwd = folderWith({
    ...document,
    data: { ...tiny.data, noise: 0.5, testSamples: 50 },
    record: { every: 20, quantities: ["test_loss"] },
    sweep: [{ path: "data.dimension", values: [2, 3] }],
    search: {
      path: "data.samples",
      between: [4, 64],
      quantity: "test_loss",
      atMost: 0.5,
      trials: 10,
      ratio: 2,
    },
  });
  const { code, output, errors } = await alphasweep(["run", "tiny.json", "--csv", ...inNode], {
    cwd,
    env: await softwareVulkan(),
  });
  expect(code).toBe(0);
  expect(errors).toMatch(/^tiny: a search over data.samples at 2 points, 10 trials a probe\n/);
  expect(errors).toMatch(/\nprobing data.samples: 4 \(data.dimension = 2\); 4 \(data.dimension = 3\)\n/);
  expect(output).toMatch(
    /^the smallest data.samples whose mean test_loss is at most 0.5\ndata.dimension +data.samples +95% interval +bracket +probes +status\n +2 /,
  );
  const folder = join(cwd, "results", "tiny");
  const { runs } = await readResults(folder);
  const searches = readFileSync(join(folder, "searches.csv"), "utf8").trim().split("\n");
  expect(searches[0]).toBe(
    "data.dimension,status,data.samples,low,high,bracket_low,bracket_high,threshold,probes",
  );
  expect(searches).toHaveLength(3);
  const probes = readFileSync(join(folder, "probes.csv"), "utf8").trim().split("\n");
  expect(probes[0]).toBe("data.dimension,data.samples,trials,mean,standard_error");
  expect(runs.rows).toBe(10 * (probes.length - 1));
  for (const name of ["searches.parquet", "probes.parquet", "figures/search-probes.png"])
    expect(existsSync(join(folder, name))).toBe(true);
});
