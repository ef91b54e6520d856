/**
 * What ReLU networks are trained on and measured by, beside their layers: each kernel's formula in the kernel's order, in
 * float32 bit for bit on the software adapter, and within a running error bound everywhere.
 */
import { crossEntropy } from "../../src/losses/cross-entropy/cross-entropy.ts";
import { logistic } from "../../src/losses/logistic/logistic.ts";
import { expect, inject } from "vitest";
import type { Kernel, Overrides, Shape } from "../../src/wgsl/kernel.ts";
import { margins } from "../../src/kernels/margins.ts";
import { reluLinear, reluLinearGap, reluLinearStep } from "../../src/kernels/relu-linear.ts";
import { reluActivity, reluConserved, reluFlowScale } from "../../src/kernels/relu-measures.ts";
import { dense } from "../../src/layers/dense/dense.ts";
import { unusedParams } from "../../src/layers/params.ts";
import { reluOutput, reluUpdate, reluWeights } from "../../src/kernels/relu-step.ts";
import { reluKernel, reluKernelStart } from "../../src/kernels/relu-tangents.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, errors, float32, single, values } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const [RUNS, COPIES, CHANNELS, INPUTS] = [2, 2, 6, 3];
const [A, RATE, DECAY] = [1.75, 0.3, 0.0625];

/** Two runs, each with two copies of a network INPUTS -> below -> above -> 1 and with data of their own. */
function problem(samples: number, below: number, above: number) {
  const units = below + above + 1;
  const parameters = INPUTS * below + below * above + above;
  const twin = COPIES * parameters;
  const stride = twin + samples + 1;
  const layers = [
    { offset: 0, fan_in: INPUTS, fan_out: below, below: 0, above: 0 },
    { offset: INPUTS * below, fan_in: below, fan_out: above, below: 0, above: below },
    { offset: INPUTS * below + below * above, fan_in: above, fan_out: 1, below, above: below + above },
  ];
  const sizes = {
    samples,
    inputs: INPUTS,
    channels: CHANNELS,
    capacity: samples,
    streams: 1,
    copies: COPIES,
    units,
    outputs: 1,
    stride,
    parameters,
    twin,
  };
  const placements = [0, 1].map((data) => ({ data, targets: data, stream: 0 }));
  return {
    sizes,
    layers,
    run_tiles: packTiles([0, 1], placements, CHANNELS, CHANNELS),
    order: Uint32Array.of(0),
    step: { index: 4, start: 0, size: samples, order: 0, scale: 0.5 },
    X: randomFloats(2 * INPUTS * samples, 1),
    y: randomFloats(2 * samples, 2).map(Math.sign),
    base: randomFloats(RUNS * units * samples, 3),
    z: randomFloats(RUNS * COPIES * units * samples, 4),
    start: randomFloats(RUNS * parameters, 5),
    state: randomFloats(RUNS * stride, 6),
    weights: randomFloats(RUNS * COPIES * parameters, 7),
    signals: randomFloats(RUNS * units * samples, 8),
    changes: randomFloats(RUNS * COPIES * units * samples, 9),
    runs: Float32Array.from([0, 1].flatMap(() => [RATE, A, DECAY, 0, -1, 1, 1])),
  };
}

type Problem = ReturnType<typeof problem>;
type Numbers = Float32Array | Uint32Array;

/** Runs a kernel on a problem's buffers and compares one of its outputs at `places` with its formula. */
async function check(
  gpu: KernelBench,
  kernel: Kernel,
  p: Problem,
  {
    overrides = {},
    params = {},
    shape = {},
    bind,
    output,
    places,
    expected,
  }: {
    overrides?: Overrides;
    params?: Record<string, number>;
    shape?: Shape;
    bind: Record<string, Numbers | number>;
    output: string;
    places: readonly number[];
    expected: <T>(arithmetic: Arithmetic<T>) => T[];
  },
) {
  const results = await gpu.run(kernel, {
    params: { ...p.sizes, ...params },
    overrides,
    shape: {
      ...p.sizes,
      size: p.sizes.samples,
      run_tiles: RUNS,
      entries: RUNS,
      slots: RUNS,
      networks: RUNS * COPIES,
      ...shape,
    },
    step: p.step,
    bind,
  });
  const actual = Float32Array.from(places, (place) => results[output][place]);
  const bounds = expected<Bounded>(single);
  expect(actual).toBeWithin(errors(bounds), values(bounds));
  if (gpu.isExact) expect(actual).toBeExactly(expected(float32));
}

/**
 * Of all kernels with these places in their tables every second one is tried, so that each pair of them is; with CASES=all
 * every one. To compile them takes most of the time.
 */
const isTried = (...places: (number | boolean)[]): boolean =>
  inject("isThorough") || places.reduce<number>((sum, place) => sum + Number(place), 0) % 2 === 0;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A number at the start and its change. */
interface Moved {
  start: number;
  change: number;
}

/** What is gated by a unit whose pre-activation goes from `before` to `after`. */
function gated(value: number, change: number, before: number, after: number): Moved {
  const start = before > 0 ? value : 0;
  return after > 0
    ? { start, change: Math.fround(change + (before > 0 ? 0 : value)) }
    : { start, change: -start };
}

const sizes = [
  [1, 1, 1],
  [3, 5, 4],
  [67, 7, 3],
] as const;

for (const [samples, below, above] of sizes) {
  const title = `${samples} samples, ${below} and ${above} units`;
  const N = samples;
  const pre = (p: Problem, run: number, copy: number, unit: number, j: number) => {
    const before = p.base[(run * p.sizes.units + unit) * N + j];
    const change = p.z[((run * COPIES + copy) * p.sizes.units + unit) * N + j];
    return { before, change, after: Math.fround(before + change) };
  };

  for (const [row, [skeleton, cut]] of (
    [
      ["plain", { LANES: 64, ROWS: 1 }],
      ["tiled", { LANES: 4, ROWS: 8, COLUMNS: 8 }],
      ["quads", { LANES: 4, ROWS: 16, COLUMNS: 4, TERMS: 1 }],
      ["quads", { LANES: 32, ROWS: 4, COLUMNS: 3, TERMS: 3 }],
    ] as const
  ).entries())
    for (const TOP of [false, true])
      for (const START of [false, true].filter((START) => isTried(row, TOP, START)))
        test(`signals, ${skeleton} ${JSON.stringify(cut)}${TOP ? ", top" : ""}${START ? ", at the start" : ""}: ${title}`, async ({
          gpu,
        }) => {
          const p = problem(samples, below, above);
          const layer = p.layers[TOP ? 2 : 1];
          const { units, stride, parameters } = p.sizes;
          const copies = START ? 1 : COPIES;
          const changes = START ? p.signals : p.changes;
          const weights = START ? p.start : p.weights;
          const entries = range(RUNS * copies).flatMap((network) =>
            range(layer.fan_in).flatMap((unit) => range(N).map((j) => ({ network, unit, j }))),
          );
          await check(gpu, (START ? dense.signalsStart : dense.signals)[skeleton], p, {
            overrides: { ...cut, TOP },
            params: { ...unusedParams, ...layer, copies },
            shape: { ...layer, networks: RUNS * copies },
            bind: {
              run_tiles: p.run_tiles,
              base: p.base,
              signals: p.signals,
              ...(START ? { start: p.start } : { state: p.state, weights, z: p.z, changes }),
            },
            output: START ? "signals" : "changes",
            places: entries.map(({ network, unit, j }) => (network * units + layer.below + unit) * N + j),
            expected: ({ of, add, mul }) =>
              entries.map(({ network, unit, j }) => {
                const [run, copy] = [Math.floor(network / copies), network % copies];
                let [change, now] = [of(0), of(0)];
                for (const k of range(layer.fan_out)) {
                  const weight = layer.offset + k * layer.fan_in + unit;
                  const W = of(weights[network * parameters + weight]);
                  const D = of(p.state[run * stride + copy * parameters + weight]);
                  const moved = of(changes[(network * units + layer.above + k) * N + j]);
                  const B0 = of(p.signals[(run * units + layer.above + k) * N + j]);
                  if (TOP) [change, now] = [D, W];
                  else if (START) now = add(now, mul(W, moved));
                  else {
                    change = add(add(change, mul(W, moved)), mul(D, B0));
                    now = add(now, mul(W, add(B0, moved)));
                  }
                }
                const { before, after } = pre(p, run, copy, layer.below + unit, j);
                if (START) return before > 0 ? now : of(0);
                if (after > 0) return before > 0 ? change : now;
                return of(before > 0 ? -p.signals[(run * units + layer.below + unit) * N + j] : 0);
              }),
          });
        });

  for (const [row, [skeleton, cut]] of (
    [
      ["plain", { LANES: 64, ROWS: 1 }],
      ["tiled", { LANES: 4, ROWS: 8, COLUMNS: 8 }],
      ["quads", { LANES: 4, ROWS: 16, COLUMNS: 4, TERMS: 1 }],
      ["quads", { LANES: 4, ROWS: 12, COLUMNS: 1, TERMS: 2 }],
      ["quads", { LANES: 32, ROWS: 4, COLUMNS: 3, TERMS: 3 }],
    ] as const
  ).entries())
    for (const place of [0, 1, 2])
      for (const START of [false, true].filter((START) => isTried(row, place, START)))
        test(`kernels, ${skeleton} ${JSON.stringify(cut)}, layer ${place + 1}${START ? ", at the start" : ""}: ${title}`, async ({
          gpu,
        }) => {
          const p = problem(samples, below, above);
          const layer = p.layers[place];
          const [FIRST, TOP] = [place === 0, place === 2];
          const { units } = p.sizes;
          const K = randomFloats(RUNS * N * N, 10);
          const entries = range(RUNS).flatMap((run) =>
            range(N).flatMap((i) => range(i + 1).map((j) => ({ run, i, j }))),
          );
          const activation = (run: number, copy: number, unit: number, j: number): Moved => {
            const { before, change, after } = pre(p, run, copy, layer.below + unit, j);
            if (START) return { start: Math.max(before, 0), change: 0 };
            return gated(before, change, before, after);
          };
          const signal = (run: number, copy: number, unit: number, j: number): Moved => {
            const start = p.signals[(run * units + layer.above + unit) * N + j];
            const change = p.changes[((run * COPIES + copy) * units + layer.above + unit) * N + j];
            return { start, change: START ? 0 : change };
          };
          const expected = <T>({ of, add, mul }: Arithmetic<T>): T[] => {
            const gram = (pairs: [Moved, Moved][]) => {
              let [start, change] = [of(0), of(0)];
              for (const [row, column] of pairs) {
                start = add(start, mul(of(row.start), of(column.start)));
                change = add(
                  change,
                  add(
                    mul(of(row.change), add(of(column.start), of(column.change))),
                    mul(of(row.start), of(column.change)),
                  ),
                );
              }
              return { start, change };
            };
            return entries.map(({ run, i, j }) => {
              let total = of(0);
              for (const copy of range(COPIES)) {
                const pairsOf = (count: number, value: typeof signal): [Moved, Moved][] =>
                  range(count).map((unit) => [value(run, copy, unit, i), value(run, copy, unit, j)]);
                const input = (unit: number, sample: number): Moved => ({
                  start: p.X[(run * INPUTS + unit) * N + sample],
                  change: 0,
                });
                const G = FIRST
                  ? { ...gram(range(INPUTS).map((unit) => [input(unit, i), input(unit, j)])), change: of(0) }
                  : gram(pairsOf(layer.fan_in, activation));
                const Q = TOP ? { start: of(1), change: of(0) } : gram(pairsOf(layer.fan_out, signal));
                total = START
                  ? add(total, mul(G.start, Q.start))
                  : add(total, add(mul(G.change, add(Q.start, Q.change)), mul(G.start, Q.change)));
              }
              return FIRST ? total : add(total, of(K[(run * N + i) * N + j]));
            });
          };
          const bind = {
            run_tiles: p.run_tiles,
            X: p.X,
            base: p.base,
            z: p.z,
            signals: p.signals,
            changes: p.changes,
            K,
          };
          const own = { overrides: { ...cut, FIRST, TOP }, params: { ...unusedParams, ...layer }, bind };
          const kernel = (START ? reluKernelStart : reluKernel)[skeleton];
          await check(gpu, kernel, p, {
            ...own,
            output: "K",
            places: entries.map(({ run, i, j }) => (run * N + i) * N + j),
            expected,
          });
          // The mirror image.
          await check(gpu, kernel, p, {
            ...own,
            output: "K",
            places: entries.map(({ run, i, j }) => (run * N + j) * N + i),
            expected,
          });
        });

  for (const copies of [1, 2])
    for (const SUBTRACT of [false, true])
      test(`relu_output, squared loss, ${copies} copies${SUBTRACT ? ", less its start" : ""}: ${title}`, async ({
        gpu,
      }) => {
        const p = problem(samples, below, above);
        const { units } = p.sizes;
        const linear = randomFloats(RUNS * N, 11);
        const top = units - 1;
        const entries = range(RUNS).flatMap((run) => range(N).map((j) => ({ run, j })));
        const rows = [0, 1, 2, 3, 4, 5];
        await check(gpu, reluOutput, p, {
          overrides: { SHUFFLED: false, LOSS: 0, TWIN: true, SUBTRACT },
          params: { copies },
          bind: {
            run_tiles: p.run_tiles,
            order: p.order,
            base: p.base,
            z: p.z,
            y: p.y,
            runs: p.runs,
            linear,
            signal: RUNS * CHANNELS * N,
          },
          output: "signal",
          places: entries.flatMap(({ run, j }) => rows.map((row) => (run * CHANNELS + row) * N + j)),
          expected: ({ of, add, sub, mul }) =>
            entries.flatMap(({ run, j }) => {
              const z = (copy: number) => of(p.z[((run * copies + copy) * units + top) * N + j]);
              const change = mul(copies === 2 ? sub(z(0), z(1)) : z(0), of(A));
              const first =
                copies === 2 || SUBTRACT ? of(0) : mul(of(A), of(p.base[(run * units + top) * N + j]));
              const label = of(p.y[run * N + j]);
              const moved = of(linear[run * N + j]);
              const r = add(sub(first, label), change);
              const twin = add(sub(first, label), moved);
              return [r, mul(of(2), r), add(first, change), sub(change, moved), twin, mul(of(2), twin)];
            }),
        });
      });

  test(`relu_output, logistic loss: ${title}`, async ({ gpu }) => {
    const p = problem(samples, below, above);
    const { units } = p.sizes;
    // Products y f from -70 to 70.
    const z = p.z.map((value) => 20 * value);
    const { signal } = await gpu.run(reluOutput, {
      params: p.sizes,
      overrides: { SHUFFLED: false, LOSS: 1, TWIN: false, SUBTRACT: false },
      shape: { size: N, entries: RUNS },
      step: p.step,
      bind: {
        run_tiles: p.run_tiles,
        order: p.order,
        base: p.base,
        z,
        y: p.y,
        runs: p.runs,
        linear: new Float32Array(1),
        signal: RUNS * CHANNELS * N,
      },
    });
    for (const run of range(RUNS))
      for (const j of range(N)) {
        const at = (copy: number) => z[((run * COPIES + copy) * units + units - 1) * N + j];
        const f = Math.fround(Math.fround(at(0) - at(1)) * A);
        const y = p.y[run * N + j];
        const t = y * f;
        const { value: loss, slope } = logistic.at(f, y);
        // exp is off by 3 + 2 |x| units in the last place, a series of 13 terms, quotients and a root by 40 roundings.
        const bound = (2 * (3 + 2 * Math.abs(t)) + 40) * 2 ** -24;
        const [root, got] = [signal[run * CHANNELS * N + j], signal[(run * CHANNELS + 1) * N + j]];
        expect(Math.abs(root - Math.sqrt(loss))).toBeLessThanOrEqual(bound * Math.sqrt(loss));
        expect(Math.abs(got - slope)).toBeLessThanOrEqual(bound * Math.abs(slope));
      }
  });

  test(`relu_output, cross-entropy: ${title}`, async ({ gpu }) => {
    const [outputs, channels] = [3, 9];
    const p = problem(samples, below, above);
    const units = p.sizes.units + outputs;
    const at = (run: number, copy: number, j: number, k: number) =>
      ((run * COPIES + copy) * units + units - outputs + k) * N + j;
    // Differences of outputs from -90 to 90.
    const z = randomFloats(RUNS * COPIES * units * N, 31).map((value) => 15 * value);
    const y = new Float32Array(RUNS * outputs * N);
    const classOf = (run: number, j: number) => (run + j) % outputs;
    for (const run of range(RUNS)) for (const j of range(N)) y[(run * outputs + classOf(run, j)) * N + j] = 1;
    const placements = range(RUNS).map((run) => ({ data: 0, targets: run, stream: 0 }));
    const { signal } = await gpu.run(reluOutput, {
      params: { ...p.sizes, units, outputs, channels },
      overrides: { SHUFFLED: false, LOSS: 2, TWIN: false, SUBTRACT: false },
      shape: { size: N, outputs, entries: RUNS },
      step: p.step,
      bind: {
        run_tiles: packTiles(range(RUNS), placements, channels, channels),
        order: p.order,
        base: new Float32Array(RUNS * units * N),
        z,
        y,
        runs: p.runs,
        linear: new Float32Array(1),
        signal: RUNS * channels * N,
      },
    });
    for (const run of range(RUNS))
      for (const j of range(N)) {
        const f = range(outputs).map((k) =>
          Math.fround(Math.fround(z[at(run, 0, j, k)] - z[at(run, 1, j, k)]) * A),
        );
        const own = range(outputs).map((k) => Number(k === classOf(run, j)));
        const { value, slopes } = crossEntropy.sample(f, own);
        const bound = crossEntropy.roundings(outputs) * 2 ** -24;
        const got = (kind: number, k: number) => signal[(run * channels + kind * outputs + k) * N + j];
        // Shares below float32's smallest normal number are flushed.
        const flushed = 2 ** -126;
        for (const k of range(outputs)) {
          const root = own[k] === 1 ? Math.sqrt(value) : 0;
          expect(Math.abs(got(0, k) - root)).toBeLessThanOrEqual(bound * root + Math.sqrt(flushed));
          expect(Math.abs(got(1, k) - slopes[k])).toBeLessThanOrEqual(bound * Math.abs(slopes[k]) + flushed);
          expect(got(2, k)).toBe(f[k]);
        }
      }
  });

  for (const FLOW of [false, true])
    test(`relu_update and relu_linear_step${FLOW ? ", a flow's" : ""}: ${title}`, async ({ gpu }) => {
      const p = problem(samples, below, above);
      const { stride, parameters, twin } = p.sizes;
      const count = COPIES * parameters;
      const gradients = randomFloats(RUNS * count, 12);
      // The second run has stopped.
      const horizon = Uint32Array.of(5, 0, 4, 1);
      const rate = Math.fround(Math.fround(RATE) * 0.5);
      const bind = { run_tiles: p.run_tiles, runs: p.runs, horizon };
      for (const [PER_INVOCATION, frozen] of [
        [1, 0],
        [16, 0],
        [1, 2],
        [16, parameters - 1],
      ])
        await check(gpu, reluUpdate, p, {
          overrides: { FLOW, PER_INVOCATION },
          params: { frozen },
          bind: { ...bind, start: p.start, gradients, state: p.state, weights: p.weights },
          output: "state",
          places: range(RUNS).flatMap((run) => range(count).map((i) => run * stride + i)),
          expected: ({ of, add, sub, mul }) =>
            range(RUNS).flatMap((run) =>
              range(count).map((i) => {
                const old = of(p.state[run * stride + i]);
                if (run === 1) return old;
                if (i % parameters < frozen) return FLOW ? of(0) : old;
                const W = FLOW
                  ? of(p.weights[run * count + i])
                  : add(of(p.start[run * parameters + (i % parameters)]), old);
                const change = sub(mul(of(-rate), of(gradients[run * count + i])), mul(of(DECAY), W));
                return FLOW ? change : add(old, change);
              }),
            ),
        });
      const signal = randomFloats(RUNS * CHANNELS * N, 13);
      const held = randomFloats(RUNS * stride, 14);
      await check(gpu, reluLinearStep, p, {
        overrides: { SHUFFLED: false, FLOW },
        params: { slope: 5 },
        bind: { ...bind, order: p.order, signal, held, state: p.state },
        output: "state",
        places: range(RUNS).flatMap((run) => range(N + 1).map((i) => run * stride + twin + i)),
        expected: ({ of, add, sub, mul }) =>
          range(RUNS).flatMap((run) =>
            range(N + 1).map((i) => {
              const at = run * stride + twin + i;
              const old = of(p.state[at]);
              if (run === 1) return old;
              let change = mul(of(-DECAY), FLOW ? of(held[at]) : old);
              change =
                i === N
                  ? sub(change, of(DECAY))
                  : sub(change, mul(of(rate), of(signal[(run * CHANNELS + 5) * N + i])));
              return FLOW ? change : add(old, change);
            }),
          ),
      });
    });

  test(`relu_weights, relu_linear_gap and relu_linear: ${title}`, async ({ gpu }) => {
    const p = problem(samples, below, above);
    const { stride, parameters, twin, units } = p.sizes;
    const count = COPIES * parameters;
    const places = range(RUNS * count);
    const at = (place: number) => {
      const [run, own] = [Math.floor(place / count), place % count];
      return {
        run,
        own,
        D: p.state[run * stride + own],
        W0: p.start[run * parameters + (own % parameters)],
      };
    };
    await check(gpu, reluWeights, p, {
      bind: { run_tiles: p.run_tiles, start: p.start, state: p.state, weights: RUNS * count },
      output: "weights",
      places,
      expected: ({ of, add }) => places.map((place) => add(of(at(place).W0), of(at(place).D))),
    });
    const transposed = randomFloats(RUNS * parameters, 15);
    await check(gpu, reluLinearGap, p, {
      params: { frozen: 2 },
      bind: { run_tiles: p.run_tiles, state: p.state, transposed, start: p.start, gap: RUNS * count },
      output: "gap",
      places,
      expected: ({ of, sub, mul }) =>
        places.map((place) => {
          const { run, own, D, W0 } = at(place);
          if (own % parameters < 2) return of(0);
          const linear = transposed[run * parameters + (own % parameters)];
          const shrunk = mul(of(p.state[run * stride + twin + N]), of(W0));
          return sub(sub(of(D), of(own < parameters ? linear : -linear)), shrunk);
        }),
    });
    const K = randomFloats(2 * N * N, 16);
    const startOf = [1, 0];
    for (const copies of [1, 2])
      await check(gpu, reluLinear, p, {
        overrides: { SHUFFLED: false },
        params: { copies, layers: 3 },
        bind: {
          run_tiles: p.run_tiles,
          order: p.order,
          K,
          start_of: Uint32Array.from(startOf),
          base: p.base,
          runs: p.runs,
          state: p.state,
          linear: RUNS * N,
        },
        output: "linear",
        places: range(RUNS * N),
        expected: ({ of, add, mul }) =>
          range(RUNS).flatMap((run) =>
            range(N).map((j) => {
              let sum = of(0);
              for (const k of range(N))
                sum = add(
                  sum,
                  mul(of(K[(startOf[run] * N + k) * N + j]), of(p.state[run * stride + twin + k])),
                );
              sum = mul(sum, of(A));
              if (copies === 2) return sum;
              const first = mul(of(A), of(p.base[(run * units + units - 1) * N + j]));
              return add(sum, mul(mul(of(p.state[run * stride + twin + N]), of(3)), first));
            }),
          ),
      });
  });

  test(`relu_activity and margins count exactly: ${title}`, async ({ gpu }) => {
    const p = problem(samples, below, above);
    const hidden = below + above;
    const first = 1;
    const { out } = await gpu.run(reluActivity, {
      params: { ...p.sizes, first, count: hidden - first, column: 1, record: 4 },
      shape: { run_tiles: RUNS },
      bind: { run_tiles: p.run_tiles, base: p.base, z: p.z, out: RUNS * 4 },
    });
    const outputs = randomFloats(RUNS * CHANNELS * N, 17);
    outputs[2 * N] = 0;
    const { out: agreement } = await gpu.run(margins, {
      params: { ...p.sizes, row: 2, column: 1, record: 4 },
      shape: { run_tiles: RUNS },
      bind: { run_tiles: p.run_tiles, outputs, y: p.y, out: RUNS * 4 },
    });
    for (const run of range(RUNS)) {
      let [active, same] = [0, 0];
      for (const copy of range(COPIES))
        for (const unit of range(hidden).slice(first)) {
          const all = range(N).map((j) => pre(p, run, copy, unit, j));
          active += Number(all.some(({ after }) => after > 0));
          same += all.filter(({ before, after }) => before > 0 === after > 0).length;
        }
      expect(Array.from(out.slice(4 * run, 4 * run + 4))).toEqual([NaN, active, same, NaN]);
      const products = range(N).map((j) => p.y[run * N + j] * outputs[(run * CHANNELS + 2) * N + j]);
      expect(Array.from(agreement.slice(4 * run, 4 * run + 4))).toEqual([
        NaN,
        products.filter((product) => product > 0).length,
        Math.min(...products) + 0,
        NaN,
      ]);
    }
  });

  test(`margins says nothing of outputs that are not finite: ${title}`, async ({ gpu }) => {
    const p = problem(samples, below, above);
    for (const count of [1, 2, 3])
      for (const [name, word] of Object.entries({ NaN: 0xffc00000, infinity: 0xff800000 })) {
        const outputs = randomFloats(RUNS * CHANNELS * N, 8);
        new Uint32Array(outputs.buffer)[3 * N - 1] = word;
        const { out } = await gpu.run(margins, {
          params: { ...p.sizes, outputs: count, row: 2, column: 0, record: 2 },
          shape: { run_tiles: RUNS },
          bind: { run_tiles: p.run_tiles, outputs, y: randomFloats(2 * count * N, 9), out: RUNS * 2 },
        });
        expect(Array.from(out, Number.isFinite), `${name}, ${count}`).toEqual([false, false, true, true]);
      }
  });

  test(`relu_conserved and relu_flow_scale: ${title}`, async ({ gpu }) => {
    const p = problem(samples, below, above);
    const { parameters, stride } = p.sizes;
    // A network with one hidden layer of as many units as fit.
    const hidden = Math.floor(parameters / (INPUTS + 1));
    const places = range(RUNS * COPIES * hidden);
    await check(gpu, reluConserved, p, {
      params: { hidden },
      shape: { hidden },
      bind: { run_tiles: p.run_tiles, start: p.start, state: p.state, out: places.length },
      output: "out",
      places,
      expected: ({ of, add, sub, mul, div }) =>
        places.map((place) => {
          const [run, copy] = [Math.floor(place / (COPIES * hidden)), Math.floor(place / hidden) % COPIES];
          const unit = place % hidden;
          const W0 = (i: number) => of(p.start[run * parameters + i]);
          const D = (i: number) => of(p.state[run * stride + copy * parameters + i]);
          let [change, size] = [of(0), of(0)];
          for (const i of range(INPUTS).map((k) => unit * INPUTS + k)) {
            change = add(change, mul(D(i), add(mul(of(2), W0(i)), D(i))));
            size = add(size, mul(W0(i), W0(i)));
          }
          const v = hidden * INPUTS + unit;
          return div(sub(change, mul(D(v), add(mul(of(2), W0(v)), D(v)))), add(size, mul(W0(v), W0(v))));
        }),
    });
    const floors = Float32Array.of(0.125, 0.3);
    await check(gpu, reluFlowScale, p, {
      bind: { run_tiles: p.run_tiles, weights: p.weights, floors, scale: RUNS * stride },
      output: "scale",
      places: range(RUNS * stride),
      expected: ({ of, add }) =>
        range(RUNS * stride).map((place) => {
          const [run, own] = [Math.floor(place / stride), place % stride];
          const count = COPIES * parameters;
          return own < count ? add(of(Math.abs(p.weights[run * count + own])), of(floors[run])) : of(0);
        }),
    });
  });
}
