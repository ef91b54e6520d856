/**
 * What the gradient flow of diagonal networks needs beside a descent step: predictors of a state, the sizes that errors
 * are measured against, and the stages of the integrator. Bounds: running error analysis (arithmetic.ts).
 */
import { expect } from "vitest";
import { diagonalDescent, diagonalUpdate } from "../../src/kernels/diagonal-descent.ts";
import { diagonalSplitUpdate } from "../../src/kernels/diagonal-split.ts";
import {
  diagonalConserved,
  diagonalFlowScale,
  diagonalPredictor,
  diagonalSplitPredictor,
} from "../../src/kernels/diagonal-flow.ts";
import { flowStage } from "../../src/kernels/flow.ts";
import { FLOW_WORDS } from "../../src/scheduler/progress.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, type Bounded, double, errors, float32, single, values } from "./arithmetic.ts";
import { type DescentShape, PARAMETERS, descend, descentProblem, expected } from "./descent-problem.ts";
import { conserved, slopeOf } from "./diagonal-step.ts";
import { equalCopies } from "./equal-copies.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import { splitCopies } from "./split-copies.ts";
import "./within.ts";

const shapes = [
  { depth: 1, inputs: 3, alphas: [0.1, 1, 10], gap: true },
  { depth: 2, inputs: 65, alphas: [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3], gap: true },
  { depth: 3, inputs: 63, alphas: [1e-3, 0.1, 1, 10, 1e3], gap: false },
  { depth: 4, inputs: 1, alphas: [1, 10], gap: true },
  { depth: 6, inputs: 64, alphas: [0.1, 1, 10], gap: true },
  { depth: 10, inputs: 257, alphas: [0.3, 1], gap: true },
];

const kinds = [
  { copies: "equal copies", coordinates: equalCopies, kernel: diagonalPredictor },
  { copies: "split copies", coordinates: splitCopies, kernel: diagonalSplitPredictor },
];

const describe = ({ alphas, ...shape }: Pick<DescentShape, "alphas">) =>
  `${JSON.stringify(shape).replaceAll('"', "")} at alpha ${alphas.join(" ")}`;

for (const { copies, coordinates, kernel } of kinds)
  for (const shape of shapes)
    test(`predictors of ${copies} are those that a step of no length leaves: ${describe(shape)}`, async ({
      gpu,
    }) => {
      const problem = descentProblem(coordinates, { ...shape, samples: 1 });
      const { layout, channels, placements, state, parameters } = problem;
      const { inputs, alphas, depth } = shape;
      const { beta } = await gpu.run(kernel, {
        params: { inputs, channels },
        overrides: { DEPTH: depth, FIELDS: layout.length, GAP: coordinates.places(layout).GAP },
        shape: { inputs, run_tiles: alphas.length },
        bind: {
          run_tiles: packTiles([...placements.keys()], placements, channels, channels),
          state,
          runs: parameters,
          beta: alphas.length * channels * inputs,
        },
      });
      const still = { ...problem, signal: problem.signal.map(() => 0) };
      /** [runs, channels, inputs], like beta. */
      const ordered = <T>(entries: Record<string, T>[]): T[] =>
        alphas.flatMap((_, run) =>
          ["beta", "gamma"]
            .slice(0, channels)
            .flatMap((name) => entries.slice(run * inputs, (run + 1) * inputs).map((entry) => entry[name])),
        );
      const bounds = ordered(expected(single, coordinates.shader, still));
      for (const formula of coordinates.references) {
        const exact = ordered(expected(double, formula, still));
        expect(beta).toBeWithin(errors(bounds, exact), values(exact));
      }
      if (gpu.isExact) expect(beta).toBeExactly(ordered(expected(float32, coordinates.shader, still)));
    });

for (const { copies, coordinates } of kinds)
  for (const shape of shapes)
    test(`errors of ${copies} are measured against the larger weight and a tenth of its start: ${describe(shape)}`, async ({
      gpu,
    }) => {
      const split = coordinates === splitCopies;
      const problem = descentProblem(coordinates, { ...shape, samples: 1 });
      const { layout, channels, placements, state, parameters } = problem;
      const { inputs, alphas } = shape;
      const { scale } = await gpu.run(diagonalFlowScale, {
        params: { inputs, channels },
        overrides: { FIELDS: layout.length, SPLIT: split },
        shape: { inputs, run_tiles: alphas.length },
        bind: {
          run_tiles: packTiles([...placements.keys()], placements, channels, channels),
          state,
          runs: parameters,
          scale: state.length,
        },
      });
      const scales = <T>({ of, add, mul, div }: Arithmetic<T>, abs: (x: T) => T): T[] =>
        Array.from(state, (_, place) => {
          const run = Math.floor(place / (layout.length * inputs));
          const own = (name: string) =>
            of(state[(run * layout.length + layout.indexOf(name)) * inputs + (place % inputs)]);
          const name = layout[Math.floor(place / inputs) % layout.length];
          const tenth = (start: T) => mul(of(Math.fround(0.1)), start);
          if (name === "p") return add(abs(add(own("a"), own("p"))), tenth(own("a")));
          if (name === "m") return add(abs(add(own("b"), own("m"))), tenth(own("b")));
          if (name !== "d" && name !== "s") return of(0);
          const k = of(parameters[run * PARAMETERS + 6]);
          const half = of(0.5);
          const mean = add(own("a"), mul(mul(half, mul(k, k)), own("s")));
          const weight = add(add(abs(mean), mul(mul(half, k), abs(own("d")))), tenth(own("a")));
          return name === "d" ? mul(of(2), weight) : div(mul(of(2), weight), k);
        });
      const size = ({ value, error }: Bounded): Bounded => ({ value: Math.abs(value), error });
      const bounds = scales(single, size);
      expect(scale).toBeWithin(errors(bounds), values(bounds));
      if (gpu.isExact) expect(scale).toBeExactly(scales(float32, Math.abs));
    });

const slopes: DescentShape[] = [
  { depth: 1, inputs: 3, samples: 7, alphas: [0.1, 1, 10], gap: true, decays: true, invariant: true },
  {
    depth: 2,
    inputs: 65,
    samples: 63,
    alphas: [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3],
    gap: true,
    invariant: true,
    tiled: true,
  },
  { depth: 2, inputs: 64, samples: 3, alphas: [0.1, 1, 10], decays: true, invariant: true },
  { depth: 3, inputs: 257, samples: 65, alphas: [1e-3, 0.1, 1, 10, 1e3], gap: true, decays: true },
  { depth: 4, inputs: 1, samples: 1, alphas: [1] },
  { depth: 6, inputs: 63, samples: 64, alphas: [0.1, 1, 10], invariant: true },
  { depth: 10, inputs: 65, samples: 3, alphas: [0.3, 1], gap: true, invariant: true },
].map(({ tiled, ...shape }) => ({ ...shape, flow: true, ...(tiled ? { datasets: 2 } : {}) }));

for (const { copies, coordinates } of kinds)
  for (const shape of slopes)
    test(`the flow of ${copies} moves along the mirror's slopes, and those of binomials and of plain weights: ${describe(shape)}`, async ({
      gpu,
    }) => {
      const problem = descentProblem(coordinates, shape);
      const { layout } = problem;
      const { inputs, alphas } = shape;
      const split = coordinates === splitCopies;
      const results = [
        await descend(gpu, split ? diagonalSplitUpdate : diagonalDescent, problem, { LANES: 64 }),
      ];
      if (!split && shape.datasets) results.push(await descend(gpu, diagonalUpdate, problem, { LANES: 4 }));
      const bits = expected(float32, coordinates.shaderSlope, problem);
      const bounds = expected(single, coordinates.shaderSlope, problem);
      const references = coordinates.references.map((formula) => expected(double, slopeOf(formula), problem));
      for (const { state, beta, horizon } of results) {
        expect(state).toBeExactly(problem.state);
        expect(horizon).toEqual(problem.horizon);
        layout.forEach((name, field) => {
          const slope = Float32Array.from({ length: alphas.length * inputs }, (_, at) => {
            const run = Math.floor(at / inputs);
            return beta[(run * layout.length + field) * inputs + (at % inputs)];
          });
          if (name === "a" || name === "b") {
            expect(slope).toEqual(slope.map(() => NaN));
            return;
          }
          const bound = bounds.map((entry) => entry[name]);
          const told = references.filter((reference) => name in reference[0]);
          expect(told.length, name).toBe(name === "plus" || name === "minus" ? 1 : 2);
          for (const reference of told) {
            const exact = reference.map((entry) => entry[name]);
            expect(slope, name).toBeWithin(errors(bound, exact), values(exact));
          }
          if (gpu.isExact) expect(slope, name).toBeExactly(bits.map((entry) => entry[name]));
        });
      }
    });

for (const { copies, coordinates } of kinds)
  for (const given of shapes)
    test(`the drift of what the flow of ${copies} conserves is the mirror's, and by definition: ${describe(given)}`, async ({
      gpu,
    }) => {
      const shape = { ...given, samples: 1, invariant: true, flow: true };
      const { layout, channels, placements, state } = descentProblem(coordinates, shape);
      const { inputs, alphas, depth } = shape;
      const PLUS = Math.max(0, layout.indexOf("plus"));
      const { out } = await gpu.run(diagonalConserved, {
        params: { inputs, channels },
        overrides: { DEPTH: depth, FIELDS: layout.length, PLUS },
        shape: { inputs, run_tiles: alphas.length },
        bind: {
          run_tiles: packTiles([...placements.keys()], placements, channels, channels),
          state,
          out: alphas.length * inputs,
        },
      });
      /** w+, w-, and where they started. */
      const weights = <T>({ of, add }: Arithmetic<T>, at: number): [T, T, T, T] => {
        const own = (name: string) =>
          of(
            state[(Math.floor(at / inputs) * layout.length + layout.indexOf(name)) * inputs + (at % inputs)],
          );
        if (PLUS) return [own("plus"), own("minus"), own("a"), own("a")];
        return [add(own("a"), own("p")), add(own("b"), own("m")), own("a"), own("b")];
      };
      const drift = <T>(arithmetic: Arithmetic<T>): T[] =>
        Array.from(out, (_, at) => {
          const { of, add, sub, mul, div } = arithmetic;
          const [plus, minus, a, b] = weights(arithmetic, at);
          const one = of(1);
          if (depth === 1) return sub(div(add(plus, minus), add(a, b)), one);
          if (depth === 2) return sub(mul(div(plus, a), div(minus, b)), one);
          const share = (w: T, start: T) => {
            let power = one;
            for (let i = 2; i < depth; i++) power = mul(power, div(start, w));
            return power;
          };
          const weight = div(one, add(one, share(b, a)));
          return sub(add(mul(weight, share(plus, a)), mul(sub(one, weight), share(minus, b))), one);
        });
      const exact = Array.from(out, (_, at) => {
        const [plus, minus, a, b] = weights(double, at);
        const [I, start] = [conserved(double, depth, plus, minus), conserved(double, depth, a, b)];
        return double.sub(double.div(I, start), double.of(1));
      });
      expect(out).toBeWithin(errors(drift(single), exact), values(exact));
      if (gpu.isExact) expect(out).toBeExactly(drift(float32));
    });

for (const length of [1, 65, 257])
  for (const STAGE of [0, 1, 2, 3])
    test(`stage ${STAGE} of the Bogacki-Shampine pair takes each run's own step, and no further than the target: ${length} numbers`, async ({
      gpu,
    }) => {
      const channels = 1 + (length % 2);
      const plane = 4 * length + 7;
      // Four runs, the second of which is not in the table; the last one's step passes the target.
      const runs = [
        { time: 0, rest: 0, h: 0.1 },
        { time: 1, rest: 0, h: 0.3 },
        { time: 2.5, rest: 1e-8, h: 1e-3 },
        { time: 3, rest: -1e-7, h: 100 },
      ];
      const target = 3.7;
      const progress = new Uint32Array(FLOW_WORDS * runs.length);
      const floats = new Float32Array(progress.buffer);
      runs.forEach(({ time, rest, h }, run) => floats.set([time, rest, h, 1], FLOW_WORDS * run + 4));
      const goal = new Uint32Array(4);
      new Float32Array(goal.buffer)[1] = target;
      const y = randomFloats(runs.length * length, 1);
      const work = randomFloats(6 * plane, 2);
      const placements = runs.map(() => ({ data: 0, targets: 0, stream: 0 }));
      const positions = [3, 0, 2];
      const result = await gpu.run(flowStage, {
        params: { length, channels, plane },
        overrides: { STAGE },
        shape: { length, run_tiles: positions.length },
        bind: {
          run_tiles: packTiles(positions, placements, channels, channels),
          goal,
          progress,
          y,
          work,
        },
      });
      const stage = <T>({ of, add, sub, mul }: Arithmetic<T>): T[] =>
        positions.flatMap((run) =>
          Array.from({ length }, (_, i) => {
            const at = run * length + i;
            const { time, rest, h: proposed } = runs[run];
            const room = sub(sub(of(Math.fround(target)), of(time)), of(Math.fround(rest)));
            const h = proposed === 100 ? room : of(Math.fround(proposed));
            const k = (number: number) => of(work[at + (number - 1) * plane]);
            const share = (value: number) => of(Math.fround(value));
            const value = of(y[at]);
            if (STAGE === 0) return value;
            if (STAGE === 1) return add(value, mul(mul(of(0.5), h), k(1)));
            if (STAGE === 2) return add(value, mul(mul(of(0.75), h), k(2)));
            const sum = add(add(mul(share(2 / 9), k(1)), mul(share(1 / 3), k(2))), mul(share(4 / 9), k(3)));
            return add(value, mul(h, sum));
          }),
        );
      const written = positions.flatMap((run) =>
        Array.from({ length }, (_, i) => 4 * plane + run * length + i),
      );
      const got = written.map((place) => result.work[place]);
      const bounds = stage(single);
      expect(got).toBeWithin(errors(bounds), values(bounds));
      if (gpu.isExact) expect(got).toBeExactly(stage(float32));
      const others = result.work.filter((_, place) => !written.includes(place));
      expect(others).toEqual(work.filter((_, place) => !written.includes(place)));
    });
