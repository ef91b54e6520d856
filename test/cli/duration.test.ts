import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Duration } from "../../src/cli/training/duration.ts";
import { checkDocument } from "../../src/cli/experiment/experiment-file.ts";
import type { Json } from "../../src/document/types.ts";
import type { AdapterReport } from "../../src/gpu/adapter.ts";
import { alphasweep, inNode, softwareVulkan, temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

const adapter: AdapterReport = {
  vendor: "a",
  architecture: "",
  device: "",
  description: "",
  software: true,
  features: [],
  limits: {},
};

const said: string[] = [];
const say = (line: string): void => void said.push(line);

async function durationOf(document: Record<string, Json>): Promise<Duration> {
  const { experiment, files, warnings } = await checkDocument(document, "a.json", ".");
  const opened = { experiment, files, warnings, name: "a.json", text: JSON.stringify(document) };
  return Duration.of(opened, adapter, "Chrome/1");
}

/** Compiling takes no time here, unless it is said. */
const course = (seconds: number, runSteps: number, compiling = 0) => ({
  first: { seconds: compiling, runSteps: 0 },
  last: { seconds: compiling + seconds, runSteps },
});

const descent = (
  epochs: number,
  alphas: number[],
  model: Json = { kind: "diagonal" },
): Record<string, Json> => ({
  data: { kind: "linear-uniform", samples: 10, dimension: 20 },
  model,
  train: { stepSize: 0.001, epochs },
  sweep: [{ path: "init.alpha", values: alphas }],
});

test("a duration is counted, then told by what was measured of the kind of model, then by the shapes' own pace", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  const long = await durationOf(descent(100_000, [0.1, 1]));
  expect(long.line(1, say)).toMatch(/^about \d.*, by counting operations: it may be ten times off/);
  expect((await durationOf(descent(100, [0.1, 1]))).line(1, say)).toBeUndefined();

  // Twice as many inputs: of another shape, at 2000 updates of two runs a second.
  const other = {
    ...descent(100_000, [0.1, 1]),
    data: { kind: "linear-uniform", samples: 10, dimension: 40 },
  };
  (await durationOf(other)).remember(course(100, 200_000), say);
  expect(long.line(1, say)).toMatch(/, by other sweeps of this kind of model on this adapter/);

  (await durationOf(descent(1000, [0.3, 3]))).remember(course(2, 2000, 60), say);
  // Ten thousand epochs more than a thousand take ten times as long; with a half done, half of it.
  expect(long.line(1, say)).toBe("about 3 min 20 s, as fast as this adapter trained the same shapes before");
  expect(long.line(0.5, say)).toBe(
    "about 1 min 40 s, as fast as this adapter trained the same shapes before",
  );
  expect(long.line(0.04, say)).toBeUndefined();

  // A loss to stop at may end it earlier; a network has no measurements yet.
  const stopping = {
    ...descent(100_000, [0.1, 1]),
    train: { stepSize: 0.001, epochs: 100_000, stopLoss: 1e-4 },
  };
  expect((await durationOf(stopping)).line(1, say)).toMatch(/^at most about 3 min 20 s, /);
  const network = { ...descent(1e6, [1], { kind: "relu", widths: [100] }), init: { shape: "he" } };
  expect((await durationOf(network)).line(1, say)).toContain("by counting operations");
  expect(said).toEqual([]);
});

test("of a matrix model a step's own products are counted, and what is trained beside it", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  const seconds = async (quantities: string[]) => {
    const line = (
      await durationOf({
        data: { kind: "matrix-completion", rows: 100, columns: 100, rank: 5, observed: 2000 },
        model: { kind: "matrix", factors: 3 },
        init: { shape: { std: 0.01 } },
        train: { stepSize: 0.7, epochs: 20_000 },
        record: { every: 20_000, quantities, arrays: [] },
      })
    ).line(1, say);
    const [, minutes, rest] = /^about (?:(\d+) min )?([\d.]+) s, by counting/.exec(line!)!;
    return 60 * Number(minutes ?? 0) + Number(rest);
  };
  // Eight products a step, 16e6 operations at 4e9 a second, and 2 ms an update.
  const plain = await seconds(["loss"]);
  expect(plain).toBeGreaterThan(110);
  expect(plain).toBeLessThan(140);
  expect(await seconds(["linear_distance"])).toBeGreaterThan(2 * plain);
});

test("of a flow it is told once the same has been trained, and of another one nothing", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  const flow = { ...descent(1, [0.1]), train: { method: "gradient-flow", stopLoss: 1e-6 } };
  expect((await durationOf(flow)).line(1, say)).toBeUndefined();
  (await durationOf(flow)).remember(course(22, 1000, 20), say);
  expect((await durationOf(flow)).line(1, say)).toBe(
    "about 42.0 s, as long as the same took on this adapter before",
  );
  expect((await durationOf({ ...flow, name: "b" })).line(1, say)).toBeUndefined();
});

test("what is remembered may be anybody's: only positive numbers are taken", async () => {
  const home = temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", home);
  mkdirSync(join(home, "alphasweep"));
  const long = await durationOf(descent(100_000, [0.1, 1]));
  const before = long.line(1, say);
  for (const text of [
    "{",
    '{"format":1,"adapters":{}}',
    '{"format":1,"adapters":{"alphasweep 0.1.0, Chrome/1, a":{"x":{"seconds":-1}}}}',
  ]) {
    writeFileSync(join(home, "alphasweep", "durations.json"), text);
    expect(long.line(1, () => {})).toBe(before);
  }
});

test("run says before a long training how long it takes, unless it is to be quiet", async () => {
  const cwd = temporaryFolder();
  const env = {
    ...(await softwareVulkan()),
    XDG_CACHE_HOME: join(cwd, "caches"),
    ALPHASWEEP_TUNING_SECONDS: "0",
  };
  // Counted to take longer than it does: its loss is below the one to stop at from the start.
  const document = { ...descent(1e5, [1]), train: { stepSize: 0.001, epochs: 1e5, stopLoss: 1e3 } };
  writeFileSync(
    join(cwd, "a.json"),
    JSON.stringify({ ...document, record: { every: { log: 3 }, arrays: [] } }),
  );
  const run = (out: string, ...words: string[]) =>
    alphasweep(["run", "a.json", "--out", out, ...words, ...inNode], { cwd, env });
  const { code, errors } = await run("one");
  expect([code, errors]).toEqual([
    0,
    expect.stringMatching(/^this takes at most about \d.*by counting operations/m),
  ]);
  expect((await run("two", "--quiet")).errors).toBe("");
});
