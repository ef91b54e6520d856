/**
 * loss = scale * sum of r^2: L lanes add ceil(size / L) squares to 0, then a tree adds log2 L times. Running error analysis
 * (arithmetic.ts) bounds it; a stop loss further than the bound from the exact loss decides the same on every adapter.
 */
import { expect } from "vitest";
import { stopCheck } from "../../src/kernels/stop-check.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, float32, single } from "./arithmetic.ts";
import { PARAMETERS } from "./descent-problem.ts";
import { type KernelBench, test } from "./gpu.ts";
import { workgroupSum } from "./mirror.ts";
import { randomFloats } from "./numbers.ts";

interface Judging {
  step: { index: number; size: number; scale: number };
  running: boolean;
  channels?: number;
  samples: number;
  batches?: number;
  /** Residuals of each run, one more place than the batch has. */
  residuals: Float32Array[];
  stopLosses: number[];
  horizon: number[];
  mean?: Float32Array;
  lanes?: number;
  rules?: { STOPS: boolean; ENDS: boolean };
}

async function run(
  gpu: KernelBench,
  {
    step,
    running,
    channels = 1,
    samples,
    batches = 1,
    residuals,
    stopLosses,
    horizon,
    mean,
    lanes = 64,
    rules = { STOPS: true, ENDS: false },
  }: Judging,
) {
  const runs = residuals.length;
  const capacity = step.size + 1;
  const r = new Float32Array(runs * channels * capacity).fill(NaN);
  residuals.forEach((own, run) => r.set(own, run * channels * capacity));
  const parameters = new Float32Array(runs * PARAMETERS).fill(NaN);
  stopLosses.forEach((stop, run) => (parameters[run * PARAMETERS + 4] = stop));
  const placements = residuals.map(() => ({ data: 0, targets: 0, stream: 0 }));
  const result = await gpu.run(stopCheck, {
    params: { channels, capacity, samples, batches, outputs: 1 },
    overrides: { LANES: lanes, RUNNING: running, ...rules },
    shape: { run_tiles: runs },
    step: { start: 0, order: 0, ...step, scale: Math.fround(step.scale) },
    bind: {
      run_tiles: packTiles([...placements.keys()], placements, channels, channels),
      r,
      runs: parameters,
      running: mean ?? new Float32Array(runs).fill(NaN),
      peak: new Float32Array(runs),
      horizon: Uint32Array.from(horizon),
    },
  });
  return { mean: result.running, horizon: Array.from(new Uint32Array(result.horizon.buffer)) };
}

function lossOf<T>(arithmetic: Arithmetic<T>, residuals: Float32Array, scale: number, lanes = 64): T {
  const { of, mul } = arithmetic;
  const squares = Array.from(residuals, (value) => mul(of(value), of(value)));
  return mul(of(Math.fround(scale)), workgroupSum(arithmetic, lanes, squares));
}

/** The next float32 below. */
const below = (value: number): number =>
  new Float32Array(new Uint32Array([new Uint32Array(Float32Array.of(value).buffer)[0] - 1]).buffer)[0];

for (const [size, lanes] of [1, 3, 63, 64, 65, 257].flatMap((size) => [64, 4].map((lanes) => [size, lanes])))
  test(`a run stops at a loss of ${size} residuals, added by ${lanes} lanes, at or below its stop loss, and not above`, async ({
    gpu,
  }) => {
    const step = { index: 12, size, scale: 1 / size };
    const residuals = randomFloats(size, 7);
    const { value, error } = lossOf(single, residuals, step.scale, lanes);
    const bits = lossOf(float32, residuals, step.scale, lanes);
    const certain = [value + 2 * error, value - 2 * error, -1, 3e38];
    const exact = gpu.isExact ? [bits, below(bits)] : [];
    const stopLosses = [...certain, ...exact];
    const { horizon, mean } = await run(gpu, {
      step,
      running: false,
      channels: 2,
      lanes,
      samples: size,
      residuals: stopLosses.map(() => residuals),
      stopLosses,
      horizon: stopLosses.flatMap(() => [1000, 0]),
    });
    const [stops, goes] = [
      [12, 1],
      [1000, 0],
    ];
    expect(horizon).toEqual([stops, goes, goes, stops, ...(exact.length ? [stops, goes] : [])].flat());
    expect(mean).toEqual(mean.map(() => NaN));
  });

test("a sum of squares is not divided, and a loss of exactly the stop loss stops", async ({ gpu }) => {
  // 65 squares of 1/2: exact in float32.
  const residuals = new Float32Array(65).fill(0.5);
  const { horizon } = await run(gpu, {
    step: { index: 3, size: 65, scale: 1 },
    running: false,
    samples: 65,
    residuals: [residuals, residuals],
    stopLosses: [16.25, below(16.25)],
    horizon: [9, 0, 9, 0],
  });
  expect(horizon).toEqual([3, 1, 9, 0]);
});

test("a loss that is not a number or infinite never stops a run, and a run that has stopped keeps its end", async ({
  gpu,
}) => {
  const good = new Float32Array(65).fill(0.5);
  const bad = good.slice();
  bad[64] = NaN;
  const infinite = good.slice();
  infinite[0] = Infinity;
  const { horizon } = await run(gpu, {
    step: { index: 5, size: 65, scale: 1 },
    running: false,
    samples: 65,
    residuals: [bad, infinite, good, good, good],
    stopLosses: [3e38, 3e38, 1e3, 1e3, 1e3],
    // Diverged before update 4; converged before update 3; at the end of its training.
    horizon: [9, 0, 9, 0, 4, 2, 3, 1, 5, 0],
  });
  expect(horizon).toEqual([9, 0, 9, 0, 4, 2, 3, 1, 5, 1]);
});

test("at the end a run whose outputs are not finite has diverged, whatever its loss is compared with", async ({
  gpu,
}) => {
  const good = new Float32Array(65).fill(0.5);
  const [bad, negative] = [good.slice(), good.slice()];
  new Uint32Array(bad.buffer)[64] = 0xffc00000;
  negative[63] = -Infinity;
  // Its square, and the sum, overflow: the residual does not.
  const large = good.slice();
  large[1] = 1e30;
  for (const lanes of [4, 64])
    for (const STOPS of [false, true]) {
      const { horizon } = await run(gpu, {
        step: { index: 7, size: 65, scale: 1 },
        running: false,
        samples: 65,
        lanes,
        rules: { STOPS, ENDS: true },
        residuals: [bad, negative, large, good, bad],
        stopLosses: [1e3, 1e3, 1e3, 1e3, 1e3],
        horizon: [7, 0, 7, 0, 7, 0, 7, 0, 3, 1],
      });
      expect(horizon).toEqual([7, 2, 7, 2, 7, 0, 7, STOPS ? 1 : 0, 3, 1]);
    }
});

test("the rule of running means adds batches by their share, decides after the last, and starts anew", async ({
  gpu,
}) => {
  const samples = 131;
  const sizes = [65, 65, 1];
  const losses = <T>(arithmetic: Arithmetic<T>, epoch: number) => {
    const { of, add, mul, div } = arithmetic;
    const means: T[] = [];
    sizes.forEach((size, batch) => {
      const share = div(of(size), of(samples));
      const loss = lossOf(arithmetic, residualsOf(epoch, batch), 1 / size);
      means.push(add(means.at(-1) ?? of(0), mul(loss, share)));
    });
    return means;
  };
  const residualsOf = (epoch: number, batch: number) =>
    randomFloats(sizes[batch], 10 * epoch + batch, 1 / (1 + epoch));
  // Run 0 stops after the second epoch, run 1 never, run 2 has stopped before.
  const certain = losses(single, 1).at(-1)!;
  const stopLosses = [certain.value + 2 * certain.error, certain.value - 2 * certain.error, 3e38];
  // The third epoch's losses are smaller still; run 1's stop loss must lie below them too.
  stopLosses[1] = losses(single, 2).at(-1)!.value * 0.999;
  let state: Awaited<ReturnType<typeof run>> = {
    mean: new Float32Array(3),
    horizon: [100, 0, 100, 0, 2, 2],
  };
  for (let epoch = 0; epoch < 3; epoch++)
    for (let batch = 0; batch < 3; batch++) {
      const residuals = residualsOf(epoch, batch);
      const size = sizes[batch];
      const last = batch === 2;
      state = await run(gpu, {
        step: { index: 3 * epoch + batch, size, scale: 1 / size },
        running: true,
        samples,
        batches: 3,
        residuals: [residuals, residuals, residuals],
        stopLosses,
        ...state,
      });
      const { value, error } = losses(single, epoch)[batch];
      for (const mean of state.mean) {
        if (last) expect(mean).toBe(0);
        else {
          expect(Math.abs(mean - value)).toBeLessThanOrEqual(error);
          if (gpu.isExact) expect(mean).toBe(losses(float32, epoch)[batch]);
        }
      }
      const stopped = epoch > 1 || (epoch === 1 && last);
      expect(state.horizon).toEqual([...(stopped ? [6, 1] : [100, 0]), 100, 0, 2, 2]);
    }
});
