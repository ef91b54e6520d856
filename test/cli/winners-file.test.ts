import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { recallWinners, rememberWinners } from "../../src/cli/runtimes/winners-file.ts";
import { temporaryFolder } from "./command.ts";

afterEach(() => vi.unstubAllEnvs());

/** A cache folder of this test's own, and the file in it. */
function cache(): { folder: string; file: string } {
  const home = temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", home);
  const folder = join(home, "alphasweep");
  return { folder, file: join(folder, "winners.json") };
}

const said: string[] = [];
const say = (line: string): void => void said.push(line);
const heard = (): string[] => said.splice(0);

const winner = {
  variant: "predictor_products.wgsl#tiled LANES=8",
  microseconds: { "predictor_products.wgsl#tiled LANES=8": 12.5 },
};

test("winners are remembered by adapter and browser, and added to", () => {
  const { folder } = cache();
  expect(recallWinners("here", say)).toEqual({});
  rememberWinners("here", { one: winner }, say);
  rememberWinners("there", { two: winner }, say);
  rememberWinners("here", { three: winner }, say);
  expect(recallWinners("here", say)).toEqual({ one: winner, three: winner });
  expect(recallWinners("there", say)).toEqual({ two: winner });
  expect(recallWinners("nowhere", say)).toEqual({});
  expect(readdirSync(folder)).toEqual(["winners.json"]);
  expect(heard()).toEqual([]);
});

test("the adapter that was seen longest ago is forgotten first", () => {
  cache();
  for (let place = 0; place < 17; place++) rememberWinners(`place ${place}`, { one: winner }, say);
  expect(recallWinners("place 0", say)).toEqual({});
  expect(recallWinners("place 1", say)).toEqual({ one: winner });
  expect(recallWinners("place 16", say)).toEqual({ one: winner });
});

const damaged: [string, string | Buffer, RegExp | undefined][] = [
  ["nothing", "", /winners\.json is not JSON: it is ignored$/],
  ["half a file", '{"format":1,"adapters":{"here":{"one', /is not JSON/],
  ["another encoding", Buffer.from('{"format":1,"adapters":{"é":{}}}', "latin1"), /is not UTF-8 text/],
  ["another program's", '{"colour":"blue"}', /holds no fastest kernels/],
  ["a list", "[1, 2]", /holds no fastest kernels/],
  ["a later format", '{"format":2,"adapters":{}}', /holds no fastest kernels/],
  [
    "a winner that is none",
    '{"format":1,"adapters":{"here":{"one":{"variant":5,"microseconds":{}}}}}',
    undefined,
  ],
  [
    "times that are none",
    '{"format":1,"adapters":{"here":{"one":{"variant":"x","microseconds":{"x":-1}}}}}',
    undefined,
  ],
  [
    "a winner that was not measured",
    '{"format":1,"adapters":{"here":{"one":{"variant":"x","microseconds":{"y":1}}}}}',
    undefined,
  ],
  [
    "names without end",
    `{"format":1,"adapters":{"here":{"one":{"variant":"${"x".repeat(5000)}","microseconds":{}}}}}`,
    undefined,
  ],
];

test.each(damaged)("a file with %s is ignored, and replaced", (_, text, line) => {
  const { folder, file } = cache();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  expect(recallWinners("here", say)).toEqual({});
  expect(heard()).toEqual(line ? [expect.stringMatching(line)] : []);
  rememberWinners("here", { one: winner }, say);
  expect(recallWinners("here", say)).toEqual({ one: winner });
  expect(heard()).toEqual([]);
});

test("what is no file, or no file of ours, is not read", () => {
  const { folder, file } = cache();
  mkdirSync(file, { recursive: true });
  expect(recallWinners("here", say)).toEqual({});
  expect(heard()).toEqual([expect.stringMatching(/is not a file: it is ignored$/)]);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(file, "");
  truncateSync(file, 2 ** 40);
  expect(recallWinners("here", say)).toEqual({});
  expect(heard()).toEqual([expect.stringMatching(/is too large: it is ignored$/)]);
});

test("where nothing can be written it is said, and nothing else happens", () => {
  const { folder } = cache();
  writeFileSync(folder, "a file where the folder would be");
  rememberWinners("here", { one: winner }, say);
  expect(heard()).toEqual([expect.stringMatching(/^the fastest kernels are not remembered: /)]);
  expect(recallWinners("here", say)).toEqual({});
  expect(heard()).toEqual([expect.stringMatching(/winners\.json cannot be read .* it is ignored$/)]);
  expect(readFileSync(folder, "utf8")).toBe("a file where the folder would be");
});
