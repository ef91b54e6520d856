import { describe, expect, test } from "vitest";
import {
  averageAlongSaddles,
  biasGap,
  biasMinimizer,
  catapultEnd,
  decayedAlpha,
  decayTime,
  dualFlow,
  EffectiveStart,
  expectedShrinkage,
  flowTime,
  flowWeights,
  lasso,
  type LinearSystem,
  minimumL1,
  oneMode,
  saddleClock,
  saddleJumps,
  signAccuracy,
  stepEdges,
  stepSharpness,
} from "../../src/theory/index.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { integrate } from "../../src/theory/dormand-prince.ts";
import { multiply, multiplyTransposed, residualOf } from "../../src/theory/linear-system.ts";
import { difference, l1Norm, l2Norm, maximumNorm } from "../../src/theory/norms.ts";
import { normalDraw, uniforms } from "./matrix-draws.ts";
import { seed500 } from "./seed-500.ts";
import { sparseRegression } from "./sparse-regression.ts";

const meanSquare = (residual: Float64Array) => l2Norm(residual) ** 2 / residual.length;

/** Descent of a network of depth 2 from alpha, with full batches; what a step multiplies by is counted. */
function descent(system: LinearSystem, alpha: number, stepSize: number, steps: number) {
  const { samples, inputs, X } = system;
  const plus = new Float64Array(inputs).fill(alpha);
  const minus = plus.slice();
  const effective = new EffectiveStart(plus);
  let peak = 0;
  const beta = () => plus.map((value, i) => value * value - minus[i] * minus[i]);
  for (let step = 0; step < steps; step++) {
    const residual = residualOf(system, beta());
    peak = Math.max(peak, meanSquare(residual));
    if (meanSquare(residual) < 1e-26 || !(peak < 1e30)) break;
    const g = multiplyTransposed(X, residual, new Float64Array(inputs)).map(
      (value) => ((4 * stepSize) / samples) * value,
    );
    effective.step(g);
    for (let i = 0; i < inputs; i++) {
      plus[i] *= 1 - g[i];
      minus[i] *= 1 + g[i];
    }
  }
  return { beta: beta(), plus, minus, effective, peak, loss: meanSquare(residualOf(system, beta())) };
}

describe("the plane of alpha and step", () => {
  test("edges at the end, on seed-500 data", () => {
    const known: [number, [number, number][]][] = [
      [
        2,
        [
          [0.001, 0.0927],
          [0.01, 0.0904],
          [0.1, 0.0894],
          [0.3, 0.0844],
          [1, 0.0265],
          [3, 0.00306],
        ],
      ],
      [
        3,
        [
          [0.05, 0.0458],
          [0.1, 0.0448],
          [0.3, 0.0424],
          [1, 0.0111],
        ],
      ],
      [
        4,
        [
          [0.3, 0.025],
          [1, 0.00603],
        ],
      ],
    ];
    for (const [depth, edges] of known)
      for (const [alpha, end] of edges)
        expect(stepEdges(seed500, { alpha, depth }).end / end, `D = ${depth}, alpha = ${alpha}`).toBeCloseTo(
          1,
          2,
        );
  });

  test("the edge at the start has slope -(2D-2), and both are one in the kernel regime", () => {
    for (const depth of [1, 2, 3, 4]) {
      const [one, ten] = [1, 10].map((alpha) => stepEdges(seed500, { alpha, depth }));
      expect(Math.log10(ten.start / one.start)).toBeCloseTo(-(2 * depth - 2), 10);
      expect(ten.end / ten.start).toBeCloseTo(1, 2);
    }
  });

  test("the time to half the loss, the budget of a step: slope -(D-2) when rich, a logarithm at depth 2", () => {
    const half = meanSquare(seed500.y) / 2;
    const time = (alpha: number, depth: number) => flowTime(seed500, { alpha, depth }, half);
    expect(Math.log10(time(0.01, 3) / time(0.001, 3))).toBeCloseTo(-1, 2);
    expect(Math.log10(time(0.1, 4) / time(0.01, 4))).toBeCloseTo(-2, 1);
    // A decade costs ln(100) N / (8 max |Xᵀ y|) = .167 as alpha -> 0, and a little more before.
    const decade = (time(1e-5, 2) - time(1e-2, 2)) / 3;
    expect(decade).toBeGreaterThan(0.167);
    expect(decade).toBeLessThan(0.176);
    expect(Math.log10(time(30, 2) / time(3, 2))).toBeCloseTo(-2, 1);
    const { records } = dualFlow(seed500, { alpha: 0.3 }, { times: [time(0.3, 2)], tolerance: 1e-9 });
    expect(records[0].loss / half).toBeCloseTo(1, 3);
    expect(flowTime(seed500, { alpha: 1 }, 100)).toBe(0);
  });

  test("weights of a predictor on the flow's path", () => {
    for (const depth of [1, 2, 3, 5])
      for (const alpha of [1e-3, 0.3, 30]) {
        const beta = Float64Array.of(-2, 1e-9, 0.7);
        const { plus, minus } = flowWeights(beta, { alpha, depth, w0: [1, 2, 0.5] });
        beta.forEach((value, i) => {
          const a = alpha * [1, 2, 0.5][i];
          const scale = Math.abs(value) + a ** depth;
          expect(Math.abs(plus[i] ** depth - minus[i] ** depth - value) / scale).toBeLessThan(1e-13);
          const [kept, start] =
            depth === 2
              ? [plus[i] * minus[i], a * a]
              : depth === 1
                ? [plus[i] + minus[i], 2 * a]
                : [plus[i] ** (2 - depth) + minus[i] ** (2 - depth), 2 * a ** (2 - depth)];
          expect(kept / start).toBeCloseTo(1, 12);
        });
      }
  });

  test("descent ends at the minimizer of its effective start, past the edge of stability too", () => {
    const known: [number, number, number][] = [
      [0.1, 0.007, 0.0005],
      [0.5, 0.033, 0.0005],
      [0.9, 0.067, 0.0005],
      [1.1, 0.18, 0.01],
      [1.2, 0.3, 0.01],
      [1.3, 0.42, 0.01],
    ];
    const { end } = stepEdges(seed500, { alpha: 0.1 });
    const minimizer = biasMinimizer(seed500, { alpha: 0.1 }).beta;
    for (const [ratio, expected, within] of known) {
      const { beta, effective, loss, plus, minus } = descent(seed500, 0.1, ratio * end, 40_000);
      expect(loss).toBeLessThan(1e-20);
      const distance = biasGap(beta, minimizer);
      expect(Math.abs(distance - expected), `ratio ${ratio}: ${distance}`).toBeLessThan(within);
      expect(biasGap(beta, effective.end(seed500).beta)).toBeLessThan(2e-7);
      plus.forEach((value, i) =>
        expect(Math.log(Math.abs(value * minus[i])) / 2).toBeCloseTo(effective.logAlpha[i], 9),
      );
    }
  });

  test("without the shift the end is another from .9 of the edge on", () => {
    const { end } = stepEdges(seed500, { alpha: 0.1 });
    const { beta, effective } = descent(seed500, 0.1, 1.2 * end, 40_000);
    const unshifted = biasMinimizer(seed500, { alpha: 1, w0: effective.logAlpha.map(Math.exp) });
    expect(biasGap(beta, unshifted.beta)).toBeGreaterThan(0.05);
  });

  test("lazy runs catapult to sharpness 2 - eta/eta_0", () => {
    const { start } = stepEdges(seed500, { alpha: 3 });
    expect(catapultEnd(0.7)).toBe(0.7);
    for (const ratio of [1.05, 1.2]) {
      const { plus, minus, loss } = descent(seed500, 3, ratio * start, 40_000);
      expect(loss).toBeLessThan(1e-20);
      const x = stepSharpness(seed500, 2, { plus, minus }, ratio * start);
      expect(Math.abs(x - catapultEnd(ratio))).toBeLessThan(0.01);
    }
  });

  test("noise makes alpha smaller, by what is expected of it", () => {
    const [stepSize, labelNoise, inputs] = [0.004, 0.5, 20];
    const noise = normalDraw(4000, 4);
    const u = uniforms(5);
    const w = { plus: new Float64Array(inputs).fill(0.5), minus: new Float64Array(inputs).fill(0.5) };
    const effective = new EffectiveStart(w.plus);
    const losses: number[] = [];
    for (const value of noise) {
      const beta = w.plus.map((plus, i) => plus * plus - w.minus[i] ** 2);
      const residual = residualOf(seed500, beta);
      losses.push(meanSquare(residual));
      const s = Math.floor(seed500.samples * u());
      const r = residual[s] + labelNoise * value;
      const g = seed500.X.subarray(s * inputs, (s + 1) * inputs).map((x) => 4 * stepSize * x * r);
      effective.step(g);
      for (let i = 0; i < inputs; i++) {
        w.plus[i] *= 1 - g[i];
        w.minus[i] *= 1 + g[i];
      }
    }
    const secondMoment = seed500.X.reduce((sum, x) => sum + x * x, 0) / seed500.X.length;
    const expected = expectedShrinkage({ stepSize, batchSize: 1, secondMoment, labelNoise }, losses);
    const measured = effective.logAlpha.reduce((sum, value) => sum + value - Math.log(0.5), 0) / inputs;
    expect(measured / expected).toBeGreaterThan(0.85);
    expect(measured / expected).toBeLessThan(1.15);
    expect(expected).toBeLessThan(-0.1);
  });
});

// Even et al. 2023's figure with 60 datasets of our own: 1 minute.
if (process.env.CASES === "all")
  test("the error of large steps over the flow's: medians at .1 ... 1.2 of the edge", () => {
    const known: [number, number][] = [
      [0.1, 1.03],
      [0.5, 1.16],
      [0.97, 1.28],
      [1.05, 4],
      [1.1, 11],
      [1.2, 39],
    ];
    const alpha = Math.SQRT1_2 / 10;
    const ratios = known.map(() => [] as number[]);
    for (let seed = 0; seed < 60; seed++) {
      const X = normalDraw(600, 1000 + seed);
      const truth = new Float64Array(30);
      truth.set(normalDraw(3, 2000 + seed));
      const system = { samples: 20, inputs: 30, X, y: multiply(X, truth, new Float64Array(20)) };
      const { end } = stepEdges(system, { alpha });
      const error = (beta: Float64Array) => l2Norm(difference(beta, truth)) ** 2;
      const flow = error(biasMinimizer(system, { alpha }).beta);
      known.forEach(([ratio], k) => {
        const { beta, loss } = descent(system, alpha, ratio * end, 30_000);
        ratios[k].push(loss < 1e-6 ? error(beta) / flow : Infinity);
      });
    }
    known.forEach(([ratio, expected], k) => {
      const median = ratios[k].sort((one, two) => one - two)[30];
      expect(Math.abs(median / expected - 1), `at ${ratio}: ${median}`).toBeLessThan(0.4);
    });
  });

describe("saddle to saddle", () => {
  const saddles = saddleJumps(seed500);

  test("jump times and levels of seed-500 data", () => {
    const taus = [0, 0.14528, 0.31017, 0.35505, 0.86506, 1.415, 1.9113, 2.3113, 2.5, 3.3238, 6.8387];
    const losses = [
      9.25208, 4.40771, 2.9841, 0.706126, 0.48148, 0.354594, 0.290157, 0.225301, 0.0512178, 0.0228969, 0,
    ];
    expect(saddles.length).toBe(11);
    saddles.forEach(({ tau, loss }, k) => {
      expect(Math.abs(tau - taus[k])).toBeLessThan(6e-5);
      expect(Math.abs(loss - losses[k])).toBeLessThan(6e-6);
    });
  });

  test("the loss falls from saddle to saddle, however long the flow waits at one", () => {
    // At one of its saddles this one waits for 6000 units.
    const generated = loadDataset(
      { kind: "linear-uniform", samples: 10, dimension: 20, noise: 0, seed: 8, testSamples: 0 },
      new Map(),
    );
    const losses = saddleJumps(generated).map(({ loss }) => loss);
    losses.slice(1).forEach((loss, k) => expect(loss).toBeLessThan(losses[k]));
  });

  test("the last is a minimum-l1 solution", async () => {
    for (const system of [seed500, sparseRegression(12, 30, 4)]) {
      const { norm } = await minimumL1(system);
      const { beta } = saddleJumps(system).at(-1)!;
      expect(l1Norm(beta)).toBeCloseTo(norm, 9);
      expect(maximumNorm(residualOf(system, beta))).toBeLessThan(1e-10);
    }
  });

  for (const [depth, alpha, low, high] of [
    [3, 0.01, 0.975, 0.997],
    [2, 1e-32, 0.955, 1.006],
    [4, 0.1, 0.96, 0.997],
  ])
    test(`depth ${depth} at alpha = ${alpha} jumps at ${low} to ${high} of those times`, () => {
      const clock = saddleClock(depth, alpha);
      const taus = Array.from({ length: 7000 }, (_, k) => (k + 1) / 1000);
      const { records } = dualFlow(
        seed500,
        { alpha, depth },
        { times: taus.map((tau) => tau / clock), tolerance: 1e-5 },
      );
      const measured = saddles.slice(1).map(({ tau, loss }, k) => {
        const half = (loss + saddles[k].loss) / 2;
        return taus[records.findIndex((record) => record.loss <= half)] / tau;
      });
      for (const ratio of measured) {
        expect(ratio, measured.join(" ")).toBeGreaterThan(low);
        expect(ratio, measured.join(" ")).toBeLessThan(high);
      }
    });

  test("the time average is the lasso, until an input is switched off", () => {
    for (const tau of [0.1, 0.2, 0.5, 1, 2, 3, 6, 20])
      expect(
        maximumNorm(difference(averageAlongSaddles(saddles, tau), lasso(seed500, 1 / tau))),
      ).toBeLessThan(1e-11);
  });

  test("the average of a flow comes near it as alpha falls: .029, .011, .005 and, at depth 3, .006", () => {
    const tau = 3;
    const exact = lasso(seed500, 1 / tau);
    for (const [depth, alpha, expected] of [
      [2, 1e-4, 0.029],
      [2, 1e-8, 0.011],
      [2, 1e-16, 0.005],
      [3, 0.01, 0.006],
    ]) {
      const steps = 3000;
      const times = Array.from(
        { length: steps + 1 },
        (_, k) => (tau * k) / steps / saddleClock(depth, alpha),
      );
      const { records } = dualFlow(seed500, { alpha, depth }, { times, tolerance: 1e-6 });
      const average = exact.map((_, i) =>
        records.reduce((sum, { beta }, k) => sum + (beta[i] * (k === 0 || k === steps ? 0.5 : 1)) / steps, 0),
      );
      expect(Math.abs(biasGap(average, exact) - expected), `D = ${depth}, alpha = ${alpha}`).toBeLessThan(
        0.001,
      );
    }
  });

  test("a lasso is optimal: forces at the penalty on its support, below it elsewhere", () => {
    const system = sparseRegression(12, 30, 4);
    for (const penalty of [1e-3, 0.1, 1, 100]) {
      const beta = lasso(system, penalty);
      const force = multiplyTransposed(system.X, residualOf(system, beta), new Float64Array(30));
      force.forEach((value, i) => {
        const share = (-2 * value) / (system.samples * penalty);
        if (beta[i] === 0) expect(Math.abs(share)).toBeLessThan(1 + 1e-9);
        else expect(share).toBeCloseTo(Math.sign(beta[i]), 9);
      });
    }
    expect(maximumNorm(lasso(system, 100))).toBe(0);
  });

  test("what is wrong is named", () => {
    expect(() => saddleClock(1, 0.1)).toThrow(/depth is 1/);
    expect(() => saddleClock(2, 1)).toThrow(/alpha is 1/);
    expect(() => lasso(seed500, 0)).toThrow(/penalty is 0/);
  });
});

describe("weight decay is a clock", () => {
  /** w+ and w- of a network of some depth under the penalty, at these times. */
  function decayed(system: LinearSystem, depth: number, alpha: number, l2: number, times: number[]) {
    const { samples, inputs, X } = system;
    const w = new Float64Array(2 * inputs).fill(alpha);
    const predictor = (w: Float64Array) =>
      Float64Array.from({ length: inputs }, (_, i) => w[i] ** depth - w[inputs + i] ** depth);
    const slope = (w: Float64Array, out: Float64Array) => {
      const force = multiplyTransposed(X, residualOf(system, predictor(w)), new Float64Array(inputs));
      for (let i = 0; i < inputs; i++) {
        const g = (2 / samples) * force[i];
        out[i] = -depth * w[i] ** (depth - 1) * g - 2 * l2 * w[i];
        out[inputs + i] = depth * w[inputs + i] ** (depth - 1) * g - 2 * l2 * w[inputs + i];
      }
    };
    const records: { w: Float64Array; beta: Float64Array }[] = [];
    integrate(w, { slope, tolerance: 1e-6, floor: 1e-6, maxSteps: 1e6 }, times, (_, isRecord) => {
      if (isRecord) records.push({ w: w.slice(), beta: predictor(w) });
      return false;
    });
    return records;
  }
  const X = normalDraw(8 * 16, 41);
  const truth = Float64Array.from({ length: 16 }, (_, i) => (i < 2 ? 1 : 0));
  const system = { samples: 8, inputs: 16, X, y: multiply(X, truth, new Float64Array(8)) };

  for (const depth of [2, 3])
    test(`depth ${depth}: beta is the minimizer of Q at alpha exp(-2 l2 t), within 2.7 l2`, () => {
      const [alpha, l2] = [2, depth === 2 ? 0.003 : 0.01];
      const times = (depth === 2 ? [1, 0.1] : [1, 0.4]).map((goal) => decayTime(alpha, l2, goal));
      decayed(system, depth, alpha, l2, times).forEach(({ w, beta }, k) => {
        const effective = decayedAlpha(alpha, l2, times[k]);
        for (let i = 0; i < 16; i++) {
          const [plus, minus] = [w[i], w[16 + i]];
          const kept = depth === 2 ? Math.sqrt(plus * minus) : 2 / (1 / plus + 1 / minus);
          expect(kept / effective).toBeCloseTo(1, 3);
        }
        expect(biasGap(beta, biasMinimizer(system, { alpha: effective, depth }).beta)).toBeLessThan(2.7 * l2);
      });
    });

  test("at depth 2 it ends at the lasso whose penalty is l2", () => {
    const l2 = 0.02;
    const [{ beta }] = decayed(system, 2, 0.5, l2, [decayTime(0.5, l2, 1e-4)]);
    expect(biasGap(beta, lasso(system, l2))).toBeLessThan(2e-3);
  });
});

test("decay is a clock for the logistic loss too: the majority of three signs is found at one 2 l2 t - ln alpha", () => {
  const [samples, inputs, l2] = [60, 200, 0.01];
  const u = uniforms(1);
  const signs = (rows: number) => Float64Array.from({ length: rows * inputs }, () => (u() < 0.5 ? -1 : 1));
  const majority = (X: Float64Array) =>
    Float64Array.from({ length: X.length / inputs }, (_, i) =>
      Math.sign(X[i * inputs] + X[i * inputs + 1] + X[i * inputs + 2]),
    );
  const [X, test] = [signs(samples), signs(1000)];
  const [y, labels] = [majority(X), majority(test)];
  const crossing = (depth: number, alpha: number) => {
    const w = new Float64Array(2 * inputs).fill(alpha);
    const predictor = (w: Float64Array) =>
      Float64Array.from({ length: inputs }, (_, j) => w[j] ** depth - w[inputs + j] ** depth);
    const slope = (w: Float64Array, out: Float64Array) => {
      const f = multiply(X, predictor(w), new Float64Array(samples));
      const pull = f.map((value, i) => y[i] / (1 + Math.exp(y[i] * value)) / samples);
      const force = multiplyTransposed(X, pull, new Float64Array(inputs));
      for (let j = 0; j < inputs; j++) {
        out[j] = depth * w[j] ** (depth - 1) * force[j] - 2 * l2 * w[j];
        out[inputs + j] = -depth * w[inputs + j] ** (depth - 1) * force[j] - 2 * l2 * w[inputs + j];
      }
    };
    const marks = Array.from({ length: 100 }, (_, k) => 0.04 * (k + 1));
    const accuracies: number[] = [];
    integrate(
      w,
      { slope, tolerance: 1e-4, floor: 1e-3 * alpha, maxSteps: 1e4 },
      marks.map((mark) => decayTime(alpha, l2, Math.exp(-mark))),
      (_, isRecord) => {
        if (!isRecord) return false;
        const f = multiply(test, predictor(w), new Float64Array(labels.length));
        accuracies.push(signAccuracy(f, labels));
        return accuracies.at(-1)! >= 0.85;
      },
    );
    expect(accuracies[0]).toBeLessThan(0.72);
    return marks[accuracies.length - 1];
  };
  expect(Math.abs(crossing(2, 64) - crossing(2, 1))).toBeLessThan(0.05);
  expect(Math.abs(crossing(3, 4) - crossing(3, 1))).toBeLessThan(0.05);
  expect(crossing(2, 1)).toBeGreaterThan(1);
});

test("one mode in closed form is the exact flow", () => {
  const system = (target: number) => ({
    samples: 1,
    inputs: 1,
    X: Float64Array.of(1),
    y: Float64Array.of(target),
  });
  for (const target of [1.5, -0.3])
    for (const a of [1e-4, 0.2, 3]) {
      const times = [0.01, 0.1, 0.5, 1, 3, 10];
      const { records } = dualFlow(system(target), { alpha: a }, { times, tolerance: 1e-11 });
      records.forEach(({ beta, time }) => expect(oneMode(target, a, time) / beta[0]).toBeCloseTo(1, 8));
    }
});
