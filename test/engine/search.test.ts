/** Searches on the real GPU: rounds of ordinary runs. */

import { expect, test } from "vitest";
import { readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { runExperiment } from "../../src/engine.ts";
import type { AddedRun, Progress } from "../../src/scheduler/sink.ts";
import { outcomesOf } from "../../src/search/outcomes.ts";
import type { Manifest } from "../../src/results/types.ts";
import { MemorySink } from "../../src/results/memory-sink.ts";
import { sharedDevice } from "./shared-device.ts";

const device = await sharedDevice();

/** Keeps what is announced. */
class Listening extends MemorySink {
  readonly rounds: (readonly AddedRun[])[] = [];
  readonly progresses: Progress[] = [];

  override begin(runs: readonly AddedRun[]): void {
    super.begin(runs);
    this.rounds.push(runs);
  }

  override progress(progress: Progress): void {
    super.progress(progress);
    this.progresses.push(progress);
  }
}

async function trained(document: Record<string, Json>) {
  const experiment = readExperiment(document, "search");
  const sink = new Listening(experiment);
  await runExperiment(experiment, new Map(), { gpu: navigator.gpu, device, sink });
  const results = sink.results({ document: experiment.document } as Manifest);
  expect(device.buffers).toBe(0);
  return { experiment, sink, results };
}

const noisy = {
  data: { kind: "linear-uniform", dimension: 8, noise: 0.5, testSamples: 200 },
  model: { kind: "diagonal", depth: 1 },
  train: { stepSize: 0.05, epochs: 200 },
  record: { every: 200, quantities: ["loss", "test_loss"] },
};

test("sample complexity of linear regression, at two dimensions side by side", async () => {
  const { experiment, sink, results } = await trained({
    ...noisy,
    sweep: [{ path: "data.dimension", values: [4, 8] }],
    // Of least squares: noise^2 (1 + n / (N - n - 1)) on average.
    search: {
      path: "data.samples",
      between: [10, 160],
      quantity: "test_loss",
      atMost: 0.35,
      trials: 24,
      ratio: 1.2,
    },
  });
  const outcomes = outcomesOf(experiment.search!.specification, results.runs);
  for (const [k, n] of [4, 8].entries()) {
    const { finding, probes } = outcomes[k];
    expect(finding.status).toBe("found");
    expect(finding.bracket[1] / finding.bracket[0]).toBeLessThan(1.2 + 1e-9);
    const expected = n + 1 + n / (0.35 / 0.25 - 1);
    expect(Math.abs(Math.log(finding.value / expected))).toBeLessThan(0.25);
    for (const { trials } of probes) expect(trials).toHaveLength(24);
  }
  // Announced before they are trained, all trials of a probe together, numbered on.
  expect(sink.rounds.flat().map(({ index }) => index)).toEqual(Array.from(results.runs.columns.run));
  for (const round of sink.rounds) expect(round.length % 24).toBe(0);
  expect(sink.rounds[0]).toHaveLength(48);
  const seeds = Array.from(results.runs.columns["data.seed"]);
  expect(new Set(seeds).size).toBe(seeds.length);
  const { runs, runsDone } = sink.progresses.at(-1)!;
  expect([runs, runsDone]).toEqual([results.runs.rows, results.runs.rows]);
  const seconds = sink.progresses.map((progress) => progress.seconds);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));

  // Any run is the run that its swept values say.
  const row = results.runs.rows - 5;
  const sweep = Object.entries(sink.rounds.flat()[row].swept).map(([path, value]) => ({
    path,
    values: [value],
  }));
  const alone = await trained({ ...noisy, record: { ...noisy.record, arrays: [] }, sweep });
  expect(alone.results.runs.columns.test_loss[0]).toBe(results.runs.columns.test_loss[row]);
});

test("the critical scale: one round over a grid, every trial on the same data", async () => {
  const { experiment, sink, results } = await trained({
    data: { kind: "linear-sparse", samples: 20, dimension: 40, sparsity: 2, noise: 0, testSamples: 100 },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 0.02, epochs: 500 },
    record: { every: 500, quantities: ["loss", "test_loss"] },
    search: {
      path: "init.alpha",
      values: [0.03, 0.1, 0.3, 1],
      quantity: "test_loss",
      withinFactor: 3,
      trials: 4,
    },
  });
  expect(sink.rounds).toHaveLength(1);
  const [{ finding, probes }] = outcomesOf(experiment.search!.specification, results.runs);
  expect(probes.map(({ value }) => value)).toEqual([0.03, 0.1, 0.3, 1]);
  expect(finding.status).toBe("found");
  expect(finding.interval[0]).toBeLessThanOrEqual(finding.value);
  expect(finding.value).toBeLessThanOrEqual(finding.interval[1]);
  expect(Array.from(results.runs.columns["data.seed"]).slice(0, 8)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
});

test("a search that is stopped leaves what it has trained", async () => {
  const experiment = readExperiment(
    { ...noisy, search: { path: "data.samples", between: [10, 160], quantity: "test_loss", atMost: 0.3 } },
    "search",
  );
  const abort = new AbortController();
  const sink = new Listening(experiment);
  const begin = sink.begin.bind(sink);
  sink.begin = (runs) => {
    begin(runs);
    if (sink.rounds.length === 3) abort.abort();
  };
  const training = runExperiment(experiment, new Map(), {
    gpu: navigator.gpu,
    device,
    sink,
    signal: abort.signal,
  });
  await expect(training).rejects.toThrow();
  const { runs } = sink.results({} as Manifest);
  const [{ finding, probes }] = outcomesOf(experiment.search!.specification, runs);
  expect([finding.status, probes.length]).toEqual(["unfinished", 2]);
});
