/**
 * The decision after a step of the Bogacki-Shampine pair. Slopes are chosen so that every measured number is off by the
 * same known share of its tolerance. The next step comes through log2 (at most 3 units in the last place of 10) and
 * exp2 (3 + 2 * 3.4 units): a third of the first times ln 2, the second, and a third of the error's own gamma(20) are
 * together below 4e-6 of it.
 */
import { expect } from "vitest";
import { flowDecide } from "../../src/kernels/flow.ts";
import { FLOW_WORDS } from "../../src/scheduler/progress.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { PARAMETERS } from "./descent-problem.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";

interface Attempt {
  name: string;
  /** Root mean square of error / (tolerance scale). */
  error: number;
  /** Loss at the step's end; it was 1 before. */
  loss: number;
  stopLoss?: number;
  h?: number;
  floor?: number;
  time?: number;
  steps?: number;
  status?: number;
  waiting?: number;
  /** Afterwards; what is left out stays. */
  taken: boolean;
  factor: number;
  ends?: Partial<Record<"status" | "waiting", number>>;
}

const TARGET = { steps: 50, time: 10, last_step: 60, last_time: 12 };
const [CONVERGED, DIVERGED, FINISHED] = [1, 2, 3];
const grown = (error: number) => 0.9 * error ** (-1 / 3);

const attempts: Attempt[] = [
  { name: "a good step", error: 0.5, loss: 0.9, taken: true, factor: grown(0.5) },
  { name: "a poor step", error: 0.99, loss: 1, taken: true, factor: grown(0.99) },
  { name: "a step without error", error: 0, loss: 0.5, taken: true, factor: 5 },
  { name: "a wrong step", error: 1.01, loss: 0.9, taken: false, factor: 0.5 },
  { name: "a very wrong step", error: 8, loss: 0.9, taken: false, factor: grown(8) },
  { name: "a hopeless step", error: 1e9, loss: 0.9, taken: false, factor: 0.1 },
  { name: "a loss 2% up", error: 0.5, loss: 1.02, taken: false, factor: 0.5 },
  {
    name: "a loss 2% up that is all rounding",
    error: 0.5,
    loss: 1.02,
    floor: 1.1,
    taken: true,
    factor: grown(0.5),
  },
  { name: "a loss 0.5% up", error: 0.5, loss: 1.005, taken: true, factor: grown(0.5) },
  { name: "a loss that is not a number", error: 0.5, loss: NaN, taken: false, factor: 0.2 },
  { name: "an infinite error", error: Infinity, loss: 0.5, taken: false, factor: 0.2 },
  {
    name: "a loss low enough",
    error: 0.5,
    loss: 0.25,
    stopLoss: 0.2501,
    taken: true,
    factor: grown(0.5),
    ends: { status: CONVERGED },
  },
  {
    name: "the target step",
    error: 0.5,
    loss: 0.9,
    steps: 49,
    taken: true,
    factor: grown(0.5),
    ends: { waiting: 1 },
  },
  {
    name: "the last step",
    error: 0.5,
    loss: 0.9,
    steps: 59,
    taken: true,
    factor: grown(0.5),
    ends: { status: FINISHED },
  },
  {
    name: "a step too small",
    error: 2,
    loss: 0.9,
    h: 1e-12,
    time: 9,
    taken: false,
    factor: 0.5,
    ends: { status: DIVERGED },
  },
  { name: "a run that waits", error: 0.5, loss: 0.9, waiting: 1, taken: false, factor: 1 },
  { name: "a run that has stopped", error: 0.5, loss: 0.9, status: 2, taken: false, factor: 1 },
];

for (const [length, samples] of [
  [1, 1],
  [65, 257],
  [257, 63],
])
  test(`steps of ${length} numbers and ${samples} residuals are taken, refused and sized as they should be`, async ({
    gpu,
  }) => {
    const channels = 1 + (length % 2);
    const runs = attempts.length;
    const plane = runs * length + 5;
    const tolerance = Math.fround(1e-4);
    const progress = new Uint32Array(FLOW_WORDS * runs);
    const floats = new Float32Array(progress.buffer);
    const parameters = new Float32Array(PARAMETERS * runs).fill(NaN);
    const y = randomFloats(runs * length, 1);
    const work = randomFloats(6 * plane, 2);
    const r = new Float32Array(runs * channels * samples).fill(NaN);
    attempts.forEach(
      ({ error, loss, stopLoss = -1, h = 0.1, time = 2, steps = 7, floor = 0, ...rest }, run) => {
        progress.set([steps, 20, rest.status ?? 0, rest.waiting ?? 0], FLOW_WORDS * run);
        floats.set([time, 0, h, 1, floor], FLOW_WORDS * run + 4);
        parameters[PARAMETERS * run + 4] = stopLoss;
        r.fill(Math.sqrt(loss / samples), run * channels * samples, (run * channels + 1) * samples);
        for (let i = 0; i < length; i++) {
          const at = run * length + i;
          // Every third number is not measured, whatever its slopes are.
          const scale = i % 3 === 1 ? 0 : 1 + (i % 5);
          const wrong = (i % 2 ? 1 : -1) * error * tolerance * scale;
          work[at + 5 * plane] = scale;
          // error = h (-5/72 k1 + 1/12 k2 + 1/9 k3 - 1/8 k4)
          const slopes = [-72 / 5, 12, 9, -8].map(
            (part, stage) => ((stage === 3 ? -2 : 1) * part * wrong) / -h,
          );
          slopes.forEach((slope, stage) => (work[at + stage * plane] = scale ? -slope : NaN));
        }
      },
    );
    const goal = new Uint32Array(4);
    goal.set([TARGET.steps, 0, TARGET.last_step]);
    new Float32Array(goal.buffer).set([TARGET.time], 1);
    new Float32Array(goal.buffer).set([TARGET.last_time], 3);
    const placements = attempts.map(() => ({ data: 0, targets: 0, stream: 0 }));
    const horizon = Uint32Array.from({ length: 2 * runs }, (_, word) => (word % 2 ? 0 : 99));
    const result = await gpu.run(flowDecide, {
      params: { length, channels, plane, samples, outputs: 1, loss_scale: 1, tolerance },
      shape: { run_tiles: runs },
      bind: {
        run_tiles: packTiles([...placements.keys()], placements, channels, channels),
        goal,
        r,
        runs: parameters,
        progress,
        horizon,
        y,
        work,
      },
    });
    const after = new Uint32Array(result.progress.buffer);
    const ends = new Uint32Array(result.horizon.buffer);
    attempts.forEach((attempt, run) => {
      const { name, taken, factor, ends: end = {}, loss, h = 0.1, time = 2, steps = 7 } = attempt;
      const idle = attempt.status !== undefined || attempt.waiting !== undefined;
      expect(Array.from(after.subarray(FLOW_WORDS * run, FLOW_WORDS * run + 4)), name).toEqual([
        steps + Number(taken),
        20 + Number(!idle),
        end.status ?? attempt.status ?? 0,
        end.waiting ?? attempt.waiting ?? 0,
      ]);
      const [newTime, rest, newH, newLoss] = result.progress.subarray(
        FLOW_WORDS * run + 4,
        FLOW_WORDS * run + 8,
      );
      expect(Math.abs(newH - h * factor), name).toBeLessThanOrEqual(4e-6 * h * factor);
      // Two parts keep the time to 2^-48; h itself is stored rounded.
      const exact = time + (taken ? Math.fround(h) : 0);
      expect(Math.abs(newTime + rest - exact), name).toBeLessThanOrEqual(2 ** -46 * exact);
      // Squares, sums over 64 lanes and a tree: gamma(12), and the residuals' own roundings twice.
      expect(Math.abs(newLoss - (taken ? loss : 1)), name).toBeLessThanOrEqual(16 * 2 ** -24);
      const stopped = idle ? [99, 0] : [Object.keys(end).length ? 0 : 99, 0];
      expect(Array.from(ends.subarray(2 * run, 2 * run + 2)), name).toEqual(stopped);
      // Taken: the stage is the state, and the last slope the first one of the next step.
      const rows = (numbers: Float32Array, row: number) =>
        numbers.slice(run * length + row * plane, (run + 1) * length + row * plane);
      expect(rows(result.y, 0), name).toEqual(taken ? rows(work, 4) : rows(y, 0));
      for (let row = 0; row < 6; row++)
        expect(rows(result.work, row), name).toEqual(rows(work, row === 0 && taken ? 3 : row));
    });
  });

test("a step cut short by the target ends on it, waits, and keeps the longer step for later", async ({
  gpu,
}) => {
  const progress = new Uint32Array(FLOW_WORDS);
  const floats = new Float32Array(progress.buffer);
  floats.set([9.75, 0, 4, 1], 4);
  const goal = new Uint32Array(4);
  goal.set([50, 0, 60]);
  new Float32Array(goal.buffer).set([10], 1);
  new Float32Array(goal.buffer).set([12], 3);
  const work = new Float32Array(6).fill(1);
  // Error 1/2 of the tolerance over a step of 0.25, cut from 4: the proposal of 0.25 * 1.134 is below 4.
  work.set([0, 0, 0, 0.5 * 1e-3 * 8 * 4]);
  const result = await gpu.run(flowDecide, {
    params: { length: 1, channels: 1, plane: 1, samples: 1, outputs: 1, loss_scale: 1, tolerance: 1e-3 },
    shape: { run_tiles: 1 },
    bind: {
      run_tiles: new Uint32Array(12),
      goal,
      r: Float32Array.of(0.5),
      runs: new Float32Array(PARAMETERS).fill(-1),
      progress,
      horizon: Uint32Array.of(99, 0),
      y: new Float32Array(1),
      work,
    },
  });
  expect(Array.from(new Uint32Array(result.progress.buffer).subarray(0, 4))).toEqual([1, 1, 0, 1]);
  expect(Array.from(result.progress.subarray(4))).toEqual([
    10,
    0,
    4,
    0.25,
    Math.fround(0.25 * Math.fround(1e-10)),
  ]);
  expect(Array.from(new Uint32Array(result.horizon.buffer))).toEqual([0, 0]);
});
