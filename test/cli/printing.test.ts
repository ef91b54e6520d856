import { expect, test } from "vitest";
import { bytesText, durationText, numberText, rateText } from "../../src/cli/process/number-text.ts";
import { progressText } from "../../src/cli/process/progress-line.ts";
import { earlyEndsText } from "../../src/cli/training/early-ends.ts";
import { summaryText } from "../../src/cli/training/summary.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";

test.for([
  [0, "0"],
  [-0, "0"],
  [10000, "10000"],
  [0.05, "0.05"],
  [93.0123, "93.01"],
  [999999.9, "1000000"],
  [1234567, "1.235e+6"],
  [5.176e-13, "5.176e-13"],
  [1e-7, "1e-7"],
  [-0.00012, "-1.2e-4"],
  [NaN, "NaN"],
  [-Infinity, "-Infinity"],
] as const)("%d reads %s", ([value, text]) => {
  expect(numberText(value)).toBe(text);
});

test("durations, rates and sizes", () => {
  expect([0.0123, 1.25, 59.99, 61, 3599.6, 7384].map(durationText)).toEqual([
    "12 ms",
    "1.3 s",
    "1 min 00 s",
    "1 min 01 s",
    "1 h 00 min",
    "2 h 03 min",
  ]);
  expect([13.2, 9999, 12600, 3.21e6, 4e9].map(rateText)).toEqual(["13", "9,999", "12.6k", "3.21M", "4G"]);
  expect([12, 1500, 2_002_048, 1.07e9].map(bytesText)).toEqual(["12 B", "1.5 kB", "2 MB", "1.07 GB"]);
});

test("the progress line tells runs, share, rate, time and time left", () => {
  const progress = { runs: 512, runsDone: 100, runSteps: 250_000, runStepsTotal: 1_000_000, seconds: 10 };
  expect(progressText(progress, 25_000)).toBe(
    "25 %, 100/512 runs done, 25k run-steps/s, 10.0 s, 30.0 s left",
  );
  expect(progressText(progress, undefined)).toBe("25 %, 100/512 runs done, 10.0 s");
  // A flow chooses its own steps: their number is not known, and in a page's message not even that.
  for (const runStepsTotal of [0, NaN])
    expect(progressText({ ...progress, runStepsTotal }, 25_000)).toBe(
      "19 %, 100/512 runs done, 25k run-steps/s, 10.0 s",
    );
});

const table = (runs: number) => ({
  rows: runs,
  columns: {
    run: Int32Array.from({ length: runs }, (_, run) => run),
    "init.alpha": Float64Array.from({ length: runs }, (_, run) => run / 2),
    status: Array.from({ length: runs }, (_, run) =>
      run === 1 ? null : run === 2 ? "diverged" : "converged",
    ),
    epochs: new Float64Array(runs).fill(100),
    time: new Float64Array(runs).fill(1),
    loss: Float64Array.from({ length: runs }, (_, run) => (run === 2 ? NaN : run / 1000)),
    ntk_drift: Array.from({ length: runs }, () => null),
  },
});

test("a few runs are a row each", () => {
  expect(summaryText(table(3), ["init.alpha"], ["loss", "ntk_drift"], 100)).toBe(
    [
      "run  init.alpha  status      epochs   loss  ntk_drift",
      "  0           0  converged      100      0          -",
      "  1         0.5  unfinished     100  0.001          -",
      "  2           1  diverged       100    NaN          -",
    ].join("\n"),
  );
});

test("quantities that do not fit the terminal are named below", () => {
  const text = summaryText(table(3), ["init.alpha"], ["loss", "ntk_drift"], 46);
  expect(text.split("\n")[0]).toBe("run  init.alpha  status      epochs   loss");
  expect(text).toMatch(/\n\(and ntk_drift: see runs\.parquet\)$/);
});

test("many runs are a digest", () => {
  expect(summaryText(table(1000), ["init.alpha"], ["loss", "ntk_drift"], 100)).toBe(
    [
      "1,000 runs: 998 converged, 1 unfinished, 1 diverged",
      "last value  least  median  largest",
      "loss            0     0.5    0.999",
      "ntk_drift       -       -        -",
    ].join("\n"),
  );
});

test("flows that took all their steps before their time was over are told of", () => {
  const { runs } = readExperiment(
    {
      data: { kind: "linear-uniform", samples: 5, dimension: 3 },
      model: { kind: "diagonal", depth: 2 },
      train: { method: "gradient-flow", time: 1, maxSteps: 10 },
      sweep: [{ path: "train.time", values: [null, 0.5, 1, 320, 2000] }],
    },
    "test",
  );
  const ended = (time: number[], status: string[]) =>
    earlyEndsText(runs, { rows: 5, columns: { ...table(5).columns, status, time: Float64Array.from(time) } });
  const finished = new Array<string>(5).fill("finished");
  // What is over is over within float32; without a time there is none.
  expect(ended([7, Math.fround(0.5), 1 - 1e-7, 320, 2000], finished)).toBe(undefined);
  expect(ended([7, 0.5, 0.04889, 0.04889, 1], finished)).toBe(
    "3 runs took all of train.maxSteps before train.time was over: run 3 came to 0.04889 of 320",
  );
  expect(ended([7, 0.5, 0.5, 1, 2000], ["finished", "finished", "converged", "diverged", "finished"])).toBe(
    undefined,
  );
  expect(ended([7, 0.5, 0.9, 320, 2000], finished)).toBe(
    "one run took all of train.maxSteps before train.time was over: run 2 came to 0.9 of 1",
  );
  // A shard's runs have their places in the whole.
  const shard = { run: Float64Array.of(3), status: ["finished"], time: Float64Array.of(32) };
  expect(earlyEndsText([runs[3]], { rows: 1, columns: shard })).toBe(
    "one run took all of train.maxSteps before train.time was over: run 3 came to 32 of 320",
  );
});
