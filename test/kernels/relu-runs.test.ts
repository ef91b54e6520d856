/** Whole steps of ReLU networks with one hidden layer, in float32 bit for bit and within a running error bound of float64. */
import { expect } from "vitest";
import { reluRuns } from "../../src/kernels/relu-step.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const RUNS = 6;
const [RATE, A, DECAY] = [0.05, 1.5, 0.01].map(Math.fround);

/** Words of every run's horizon: those given, but of the second run, which has stopped at 4. */
const horizons = (others: number[]) =>
  Array.from({ length: RUNS }, (_, run) => (run === 1 ? [4, 1] : others)).flat();

const shapes = [
  { size: 1, inputs: 1, width: 1 },
  { size: 9, inputs: 5, width: 4, subtract: true },
  { size: 67, inputs: 20, width: 12, shuffled: true },
  { size: 30, inputs: 7, width: 9, updates: 3 },
  { size: 30, inputs: 3, width: 5, updates: 2, stopLoss: 1e9 },
];

/** Lanes of a vector of SwiftShader's, and of LLVM's. */
for (const [LANES, shape] of [4, 8].flatMap((lanes) => shapes.map((shape) => [lanes, shape] as const))) {
  const { size, inputs, width, subtract = false, shuffled = false, updates = 1, stopLoss } = shape;
  test(`relu_runs of ${LANES} lanes: ${JSON.stringify(shape)}`, async ({ gpu }) => {
    const samples = size + 3;
    const parameters = width * (inputs + 1);
    const stride = parameters + 2;
    // Two datasets: the last run has one of its own, and a neighbourhood. The second run has stopped.
    const X = randomFloats(2 * inputs * samples, 1);
    const y = randomFloats(2 * samples, 2);
    const start = randomFloats(RUNS * parameters, 3);
    const before = randomFloats(RUNS * stride, 4, 0.3);
    const order = Uint32Array.from({ length: samples }, (_, j) => (2 * j + 1) % samples);
    const begin = shuffled ? 1 : 0;
    const { state, horizon } = await gpu.run(reluRuns, {
      params: { samples, streams: 1, stride, parameters, fan_in: inputs, fan_out: width },
      overrides: {
        LANES,
        BLOCKS: Math.ceil(inputs / 4),
        UNITS: 4 * Math.ceil(width / 4),
        SHUFFLED: shuffled,
        LOSS: 0,
        SUBTRACT: subtract,
        STOPS: stopLoss !== undefined,
      },
      shape: { tiles_of_runs: LANES === 4 ? 3 : 2 },
      step: { index: 4, start: begin, size, order: shuffled ? 0 : updates, scale: Math.fround(1 / size) },
      bind: {
        tiles: packTiles(
          [...Array(RUNS).keys()],
          [0, 0, 0, 0, 0, 1].map((data) => ({ data, targets: data, stream: 0 })),
          1,
          LANES,
          LANES,
        ),
        order,
        X,
        y,
        runs: Float32Array.from(
          Array(RUNS)
            .fill([RATE, A, DECAY, 0, stopLoss ?? -1, 1, 1])
            .flat() as number[],
        ),
        start,
        state: before,
        horizon: Uint32Array.from(horizons([9, 0])),
      },
    });
    const stops = new Uint32Array(horizon.buffer);
    expect([...stops]).toEqual(horizons(stopLoss === undefined ? [9, 0] : [4, 1]));
    const moves = stopLoss === undefined ? updates : 0;

    /** Which units are active is decided in float32; another arithmetic follows. */
    const decisions: boolean[] = [];
    const mirror = <T>(
      { of, add, sub, mul }: Arithmetic<T>,
      decide: (Z: T, dZ: T) => [boolean, boolean],
    ): T[] => {
      const D = Array.from(before, of);
      const rate = of(-Math.fround(RATE * Math.fround(1 / size)));
      for (const run of [0, 2, 3, 4, 5])
        for (let update = 0; update < moves; update++) {
          const data = run === 5 ? 1 : 0;
          const [w, d] = [run * parameters, run * stride];
          const W = Array.from({ length: parameters }, (_, p) => add(of(start[w + p]), D[d + p]));
          const sums = Array.from({ length: parameters }, () => of(0));
          for (let j = 0; j < size; j++) {
            const sample = shuffled ? order[begin + j] : begin + j;
            const x = (i: number) => of(X[(data * samples + sample) * inputs + i]);
            let [f0, df, alive] = [of(0), of(0), false];
            const active: [boolean, T][] = [];
            for (let unit = 0; unit < width; unit++) {
              let [Z, dZ] = [of(0), of(0)];
              for (let i = 0; i < inputs; i++) {
                Z = add(Z, mul(x(i), of(start[w + unit * inputs + i])));
                dZ = add(dZ, mul(x(i), D[d + unit * inputs + i]));
              }
              const [first, last] = decide(Z, dZ);
              const [H0, end] = [first ? Z : of(0), add(Z, dZ)];
              const dH = first && last ? dZ : sub(last ? end : of(0), H0);
              const top = width * inputs + unit;
              f0 = add(f0, mul(of(start[w + top]), H0));
              df = add(add(df, mul(D[d + top], H0)), mul(W[top], dH));
              alive ||= last;
              active.push([last, end]);
            }
            const change = mul(of(A), alive ? df : sub(of(0), f0));
            const first = subtract ? of(0) : mul(of(A), f0);
            const s = mul(of(2), add(sub(first, of(y[data * samples + sample])), change));
            active.forEach(([isActive, end], unit) => {
              if (!isActive) return;
              const top = width * inputs + unit;
              const B = mul(W[top], s);
              for (let i = 0; i < inputs; i++)
                sums[unit * inputs + i] = add(sums[unit * inputs + i], mul(x(i), B));
              sums[top] = add(sums[top], mul(s, end));
            });
          }
          for (let p = 0; p < parameters; p++)
            D[d + p] = add(D[d + p], sub(mul(rate, sums[p]), mul(of(DECAY), W[p])));
        }
      return D;
    };
    const exact = mirror(float32, (Z, dZ) => {
      const decision: [boolean, boolean] = [Z > 0, Math.fround(Z + dZ) > 0];
      decisions.push(...decision);
      return decision;
    });
    let decided = 0;
    const bounds = mirror<Bounded>(single, () => [decisions[decided++], decisions[decided++]]);
    expect(state).toBeWithin(errors(bounds), values(bounds));
    if (gpu.isExact) expect(state).toBeExactly(exact);
  });
}
