/**
 * One descent step of diagonal networks. The mirror evaluates the shader's formula in float32, which the software
 * adapter must give bit for bit, and in running error analysis, which bounds every adapter (arithmetic.ts). The
 * references are other formulas in float64, with their own bounds: binomial sums, and plain w+ and w-.
 */
import { expect } from "vitest";
import { diagonalDescent, diagonalUpdate } from "../../src/kernels/diagonal-descent.ts";
import { predictorProducts } from "../../src/kernels/predictor-products.ts";
import { diagonalSplitUpdate } from "../../src/kernels/diagonal-split.ts";
import { double, errors, float32, single, values } from "./arithmetic.ts";
import {
  type DescentShape,
  PARAMETERS,
  columns,
  descend,
  descentProblem,
  expected,
  mapRuns,
  partOf,
} from "./descent-problem.ts";
import { equalCopies } from "./equal-copies.ts";
import { test } from "./gpu.ts";
import { splitCopies } from "./split-copies.ts";
import "./within.ts";

const WIDE = [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3];
const MIDDLE = [0.1, 0.3, 1, 3, 10];

const shapes: DescentShape[] = [
  { depth: 2, inputs: 65, samples: 63, alphas: WIDE, gap: true, invariant: true },
  {
    depth: 2,
    inputs: 257,
    samples: 65,
    alphas: [...WIDE, 0.5, 5],
    batch: { start: 64, size: 1 },
    gap: true,
    decays: true,
    shuffled: true,
    datasets: 2,
    streams: 3,
  },
  { depth: 2, inputs: 1, samples: 1, alphas: [1] },
  { depth: 2, inputs: 3, samples: 64, alphas: MIDDLE, decays: true, invariant: true },
  { depth: 1, inputs: 3, samples: 3, alphas: WIDE, gap: true, decays: true, invariant: true },
  { depth: 1, inputs: 64, samples: 7, alphas: MIDDLE, invariant: true },
  { depth: 3, inputs: 63, samples: 65, alphas: WIDE, gap: true, invariant: true, datasets: 3 },
  {
    depth: 3,
    inputs: 64,
    samples: 65,
    alphas: WIDE,
    batch: { start: 32, size: 32 },
    gap: true,
    decays: true,
    invariant: true,
    shuffled: true,
  },
  { depth: 4, inputs: 65, samples: 3, alphas: WIDE, batch: { start: 1, size: 2 }, gap: true },
  { depth: 6, inputs: 65, samples: 64, alphas: MIDDLE, decays: true, invariant: true },
  { depth: 10, inputs: 33, samples: 3, alphas: [...MIDDLE, 1e3], gap: true, invariant: true },
  { depth: 10, inputs: 257, samples: 1, alphas: [...MIDDLE, ...MIDDLE] },
];

const kinds = [
  {
    copies: "equal copies",
    coordinates: equalCopies,
    kernels: [diagonalDescent, diagonalUpdate],
    shapes,
  },
  {
    copies: "split copies",
    coordinates: splitCopies,
    kernels: [diagonalSplitUpdate],
    // Their displacements have no unit of their own: beyond alpha^D = 1e12 the twin's gap, near (alpha^-D)^3, underflows.
    shapes: shapes.map((shape) => ({
      ...shape,
      alphas: shape.alphas.filter((alpha) => alpha ** shape.depth <= 1e12),
    })),
  },
];

const cuts = [{ LANES: 64 }, { LANES: 4, PER_INVOCATION: 16 }];

const variants = kinds.flatMap(({ copies, coordinates, kernels }) =>
  kernels.flatMap((kernel) =>
    (kernel.entry === "update" ? cuts : cuts.slice(0, 1)).map((cut) => ({
      name: `${copies}, ${kernel.entry} ${JSON.stringify(cut)}`,
      coordinates,
      kernel,
      cut,
    })),
  ),
);

/** Sums over the batch by other skeletons. */
const staged = { kernel: predictorProducts.staged!, overrides: { LANES: 64, COLUMNS: 1 } };
const fours = { kernel: predictorProducts.fours!, overrides: { LANES: 8, COLUMNS: 8 } };

const describe = ({ alphas, ...shape }: DescentShape) =>
  `${JSON.stringify(shape).replaceAll('"', "")} at alpha ${alphas.join(" ")}`;

for (const { copies, coordinates, kernels, shapes } of kinds)
  for (const shape of shapes)
    test(`a step of ${copies} is the mirror's, and that of binomials and of plain weights: ${describe(shape)}`, async ({
      gpu,
    }) => {
      const problem = descentProblem(coordinates, shape);
      const bits = expected(float32, coordinates.shader, problem);
      const bounds = expected(single, coordinates.shader, problem);
      const references = coordinates.references.map((formula) => expected(double, formula, problem));
      const results = [];
      for (const kernel of kernels)
        if (kernel.entry !== "update") results.push(await descend(gpu, kernel, problem, { LANES: 64 }));
        else
          for (const cut of cuts)
            for (const sums of [undefined, staged, fours])
              results.push(await descend(gpu, kernel, problem, { ...cut, sums }));
      for (const result of results) {
        for (const [name, column] of Object.entries(columns(problem, result))) {
          const bound = bounds.map((entry) => entry[name]);
          const told = references.filter((reference) => name in reference[0]);
          expect(told.length, name).toBe(name === "drift" ? 1 : 2);
          for (const reference of told) {
            const exact = reference.map((entry) => entry[name]);
            expect(column, name).toBeWithin(errors(bound, exact), values(exact));
          }
          if (gpu.isExact) expect(column, name).toBeExactly(bits.map((entry) => entry[name]));
          // docs/mathematics.md: right to 3e-5 at every alpha, here by the bound, of the run's largest entry.
          shape.alphas.forEach((_, run) => {
            const own = bound.slice(run * shape.inputs, (run + 1) * shape.inputs);
            const largest = Math.max(...own.map(({ value }) => Math.abs(value)));
            expect(Math.max(...own.map(({ error }) => error)), name).toBeLessThanOrEqual(3e-5 * largest);
          });
        }
        expect(result.horizon).toEqual(problem.horizon);
      }
    });

const manyRuns: DescentShape = {
  depth: 2,
  inputs: 65,
  samples: 63,
  alphas: [...WIDE, 0.5, 5],
  gap: true,
  invariant: true,
};

for (const { name, coordinates, kernel, cut } of variants) {
  test(`permuting runs permutes their step bit for bit, and no run minds its neighbours: ${name}`, async ({
    gpu,
  }) => {
    const problem = descentProblem(coordinates, manyRuns);
    const runs = [...manyRuns.alphas.keys()];
    const together = await descend(gpu, kernel, problem, cut);
    const permutation = [4, 8, 0, 6, 2, 7, 1, 5, 3];
    const permuted = mapRuns(problem, permutation);
    const moved = await descend(gpu, kernel, permuted, cut);
    for (const run of runs)
      expect(partOf(permuted, moved, run)).toEqual(partOf(problem, together, permutation[run]));

    const alone = await descend(gpu, kernel, problem, { ...cut, positions: [5] });
    for (const run of runs) {
      const part = partOf(problem, alone, run);
      if (run === 5) expect(part).toEqual(partOf(problem, together, run));
      else {
        expect(part.state).toEqual(partOf(problem, { ...alone, state: problem.state }, run).state);
        expect(part.beta).toEqual(part.beta.map(() => NaN));
      }
    }
  });

  test(`a run whose horizon is reached is left as it was: ${name}`, async ({ gpu }) => {
    const problem = descentProblem(coordinates, manyRuns);
    const free = await descend(gpu, kernel, problem, cut);
    const { index } = problem.step;
    const horizon = problem.horizon.slice();
    [horizon[2 * 0], horizon[2 * 3], horizon[2 * 7]] = [index, index - 1, index + 1];
    horizon[2 * 3 + 1] = 1;
    const result = await descend(gpu, kernel, { ...problem, horizon }, cut);
    expect(result.horizon).toEqual(horizon);
    for (const run of manyRuns.alphas.keys()) {
      const part = partOf(problem, result, run);
      if (run === 0 || run === 3) {
        expect(part.state).toEqual(partOf(problem, { ...result, state: problem.state }, run).state);
        expect(part.beta).toEqual(part.beta.map(() => NaN));
      } else expect({ ...part, horizon: [] }).toEqual({ ...partOf(problem, free, run), horizon: [] });
    }
  });

  test(`an update that is not finite marks its run as diverged, and no other: ${name}`, async ({ gpu }) => {
    const problem = descentProblem(coordinates, manyRuns);
    const free = await descend(gpu, kernel, problem, cut);
    const { layout, channels, capacity, step } = problem;
    const { inputs } = manyRuns;
    const parameters = problem.parameters.slice();
    const signal = problem.signal.slice();
    const state = problem.state.slice();
    const put = (run: number, field: string, input: number, value: number) =>
      (state[(run * layout.length + layout.indexOf(field)) * inputs + input] = value);
    const [first, second] = coordinates === equalCopies ? ["d", "s"] : ["p", "m"];
    // A rate that overflows, a residual that is NaN, and weights that are infinite at the last input alone.
    parameters[PARAMETERS * 2] = 3e38;
    signal[4 * channels * capacity + step.size - 1] = NaN;
    put(8, first, inputs - 1, Infinity);
    put(8, second, inputs - 1, Infinity);
    // At one input, d or w+ alone overflows; at one, s or w- alone.
    for (const run of [1, 6]) parameters[PARAMETERS * run] *= 1e12;
    put(6, "a", 3, 3e38);
    put(6, first, 3, 0);
    put(1, coordinates === equalCopies ? "d" : "b", 64, 3e38);
    const result = await descend(gpu, kernel, { ...problem, parameters, signal, state }, cut);
    const last = (field: string, run: number, input: number) =>
      Number.isFinite(result.state[(run * layout.length + layout.indexOf(field)) * inputs + input]);
    expect([last(first, 6, 3), last(second, 6, 3)]).toEqual([false, true]);
    expect([last(first, 1, 64), last(second, 1, 64)]).toEqual([true, false]);
    for (const run of manyRuns.alphas.keys()) {
      const part = partOf(problem, result, run);
      if ([1, 2, 4, 6, 8].includes(run)) expect(part.horizon, `run ${run}`).toEqual([step.index + 1, 2]);
      else expect(part, `run ${run}`).toEqual(partOf(problem, free, run));
    }
    // Where only one input is infinite, the others go on.
    const others = partOf(problem, result, 8).state.slice(0, manyRuns.inputs - 1);
    expect(others).toEqual(partOf(problem, free, 8).state.slice(0, manyRuns.inputs - 1));
  });
}

for (const shape of shapes.slice(0, 2))
  test(`a tile steps as many runs as it holds, from one to full: ${describe(shape)}`, async ({ gpu }) => {
    const problem = descentProblem(equalCopies, { ...shape, datasets: 1, streams: 1 });
    const together = await descend(gpu, diagonalUpdate, problem, { LANES: 4 });
    for (let count = 1; count <= Math.min(8, shape.alphas.length); count++) {
      const positions = [...shape.alphas.keys()].slice(0, count);
      const some = await descend(gpu, diagonalUpdate, problem, { LANES: 4, positions });
      for (const run of shape.alphas.keys())
        expect(partOf(problem, some, run).beta).toEqual(
          partOf(problem, together, run).beta.map((value) => (run < count ? value : NaN)),
        );
    }
  });

for (const { copies, coordinates, kernels, shapes } of kinds)
  for (const shape of shapes.filter(({ invariant }) => invariant))
    test(`a step of ${copies} is homogeneous: weights twice as large at a rate 2^(2 - D) predict 2^D times as much, bit for bit: ${describe(shape)}`, async ({
      gpu,
    }) => {
      const { depth } = shape;
      const problem = descentProblem(coordinates, shape);
      const doubled = {
        ...problem,
        state: scaledFields(problem, (field) => (field === "drift" ? 1 : 2)),
        parameters: problem.parameters.map((value, place) =>
          place % PARAMETERS === 0 ? value * 2 ** (2 - depth) : value,
        ),
      };
      const before = columns(problem, await descend(gpu, kernels[0], problem, { LANES: 64 }));
      const after = columns(problem, await descend(gpu, kernels[0], doubled, { LANES: 64 }));
      for (const [name, column] of Object.entries(after)) {
        const factor = name === "drift" ? 1 : name === "beta" || name === "gamma" ? 2 ** depth : 2;
        expect(column, name).toBeExactly(before[name].map((value) => factor * value));
      }
    });

for (const shape of shapes.filter(({ invariant, decays }) => invariant && !decays))
  test(`the unit of displacement is of no consequence, bit for bit: ${describe(shape)}`, async ({ gpu }) => {
    // With k / 2 for k: d, s and e count in k, k^2 and k^3, and so do the rate's inverse, h over k^2 and beta over k.
    const powers: Record<string, number> = { a: 1, d: 2, s: 4, e: 8, drift: 1, beta: 1, gamma: 4 };
    const problem = descentProblem(equalCopies, shape);
    const factors = [2, 0.5, 1, 1, 1, 1, 0.5];
    const halved = {
      ...problem,
      state: scaledFields(problem, (field) => powers[field]),
      parameters: problem.parameters.map((value, place) => value * factors[place % PARAMETERS]),
      signal: problem.signal.map((value, place) =>
        Math.floor(place / problem.capacity) % problem.channels === 1 ? 4 * value : value,
      ),
    };
    const before = columns(problem, await descend(gpu, diagonalDescent, problem, { LANES: 64 }));
    const after = columns(problem, await descend(gpu, diagonalDescent, halved, { LANES: 64 }));
    for (const [name, column] of Object.entries(after))
      expect(column, name).toBeExactly(before[name].map((value) => powers[name] * value));
  });

/** The state with each field times a factor. */
function scaledFields(
  { state, layout, shape: { inputs } }: ReturnType<typeof descentProblem>,
  factor: (field: string) => number,
): Float32Array {
  return state.map((value, place) => value * factor(layout[Math.floor(place / inputs) % layout.length]));
}
