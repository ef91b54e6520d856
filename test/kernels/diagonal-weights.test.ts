/**
 * The tangent kernel's weights and the vectors of weight norms of diagonal networks, in states that training may visit.
 * Bounds are those of the mirror and of the float64 reference in running error analysis (arithmetic.ts).
 */
import { expect } from "vitest";
import { diagonalKernelWeights } from "../../src/kernels/diagonal-kernel-weights.ts";
import { diagonalSplitKernelWeights, diagonalSplitWeights } from "../../src/kernels/diagonal-split.ts";
import { diagonalWeights } from "../../src/kernels/diagonal-weights.ts";
import type { Kernel } from "../../src/wgsl/kernel.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, double, errors, float32, single, values } from "./arithmetic.ts";
import { type DescentProblem, PARAMETERS, descentProblem } from "./descent-problem.ts";
import { power } from "./diagonal-step.ts";
import { binomialSums, equalCopies } from "./equal-copies.ts";
import { type KernelBench, test } from "./gpu.ts";
import { splitCopies } from "./split-copies.ts";
import "./within.ts";

const WIDE = [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3];

const shapes = [
  { depth: 1, inputs: 3, alphas: [0.1, 1, 10], gap: true },
  { depth: 2, inputs: 65, alphas: WIDE, gap: true },
  { depth: 2, inputs: 1, alphas: [1], gap: false },
  { depth: 3, inputs: 63, alphas: WIDE, gap: false },
  { depth: 4, inputs: 64, alphas: [0.01, 0.1, 1, 10, 100], gap: true },
  { depth: 6, inputs: 257, alphas: [0.1, 1, 10], gap: false },
  { depth: 10, inputs: 65, alphas: [0.3, 1, 3], gap: true },
];

/** Factors of the runs, and what a step by `formula` gives at [runs * inputs] places. */
const factors = [1, 0.3, 2, 0.7, 1e-3, 4e4, 1.5];

type Fields<T> = Record<string, T> & { k: T; factor: T };

function everywhere<T>(
  arithmetic: Arithmetic<T>,
  { shape: { alphas, inputs }, layout, state, parameters }: DescentProblem,
  formula: (fields: Fields<T>) => T,
): T[] {
  const { of } = arithmetic;
  return alphas.flatMap((_, run) =>
    Array.from({ length: inputs }, (_, i) => {
      const fields = layout.map((name, field) => [
        name,
        of(state[(run * layout.length + field) * inputs + i]),
      ]);
      const k = of(parameters[run * PARAMETERS + 6]);
      return formula({ ...Object.fromEntries(fields), k, factor: of(Math.fround(factors[run])) });
    }),
  );
}

/** Runs a kernel over all runs but the last but one, which must be left alone, and gives its rows of all runs. */
async function run(gpu: KernelBench, kernel: Kernel, problem: DescentProblem, rows: number) {
  const { shape, layout, channels, placements, state, parameters } = problem;
  const { depth, inputs, alphas } = shape;
  const absent = alphas.length - 2;
  const positions = [...placements.keys()].filter((position) => position !== absent);
  const size = rows * inputs;
  const { out } = await gpu.run(kernel, {
    params: { inputs, channels },
    overrides: { ...("DEPTH" in kernel.overrides ? { DEPTH: depth } : {}), FIELDS: layout.length },
    shape: { inputs, run_tiles: positions.length },
    bind: {
      run_tiles: packTiles(positions, placements, channels, channels),
      state,
      runs: parameters,
      factor: Float32Array.from(factors),
      out: alphas.length * size,
    },
  });
  if (absent >= 0)
    expect(out.slice(absent * size, (absent + 1) * size)).toBeExactly(new Float32Array(size).fill(NaN));
  return {
    /** Of [runs, rows, inputs], a row of every run in the table. */
    row: <T>(numbers: ArrayLike<T>, row: number, of = rows): T[] =>
      positions.flatMap((position) =>
        Array.from({ length: inputs }, (_, i) => numbers[(position * of + row) * inputs + i]),
      ),
    out,
  };
}

const title = ({ alphas, ...shape }: (typeof shapes)[0]) =>
  `${JSON.stringify(shape).replaceAll('"', "")} at alpha ${alphas.join(" ")}`;

for (const shape of shapes)
  test(`the kernel's change has the weights of the mirror, of binomials and of plain weights: ${title(shape)}`, async ({
    gpu,
  }) => {
    const { depth: D } = shape;
    const equal = {
      kernel: diagonalKernelWeights,
      problem: descentProblem(equalCopies, { ...shape, samples: 1 }),
      mirror: <T>({ of, add, mul }: Arithmetic<T>, { a, d, s, k, factor }: Fields<T>): T => {
        const [half, two, k2] = [of(0.5), of(2), mul(k, k)];
        if (D === 2)
          return mul(add(mul(mul(two, a), s), mul(half, add(mul(d, d), mul(mul(k2, s), s)))), factor);
        const m = add(a, mul(half, mul(k2, s)));
        const q = mul(mul(half, d), mul(half, d));
        let [mK, F, O, rise, aK] = [of(1), of(0), of(0), of(0), of(1)];
        for (let i = 0; i < 2 * (D - 1); i++) {
          const F1 = add(mul(m, F), mul(q, O));
          O = add(mul(m, O), add(mK, mul(k2, F)));
          F = F1;
          rise = add(mul(m, rise), aK);
          [mK, aK] = [mul(mK, m), mul(aK, a)];
        }
        return mul(add(mul(s, rise), mul(two, F)), factor);
      },
      references: [
        <T>(arithmetic: Arithmetic<T>, { a, d, s, k, factor }: Fields<T>): T => {
          const { mul, div } = arithmetic;
          const k2 = mul(k, k);
          const { E } = binomialSums(arithmetic, a, mul(k, d), mul(k2, s));
          return div(mul(E(2 * D - 2), factor), k2);
        },
        <T>(arithmetic: Arithmetic<T>, { a, d, s, k, factor }: Fields<T>): T => {
          const { of, add, sub, mul, div } = arithmetic;
          const k2 = mul(k, k);
          const pow = (x: T) => power(arithmetic, x, 2 * D - 2);
          const plus = add(a, mul(of(0.5), add(mul(k2, s), mul(k, d))));
          const minus = add(a, mul(of(0.5), sub(mul(k2, s), mul(k, d))));
          const change = sub(add(pow(plus), pow(minus)), mul(of(2), pow(a)));
          return div(mul(change, factor), k2);
        },
      ],
    };
    const split = {
      kernel: diagonalSplitKernelWeights,
      problem: descentProblem(splitCopies, { ...shape, samples: 1 }),
      mirror: <T>({ of, add, mul }: Arithmetic<T>, { a, b, p, m, factor }: Fields<T>): T => {
        const grown = (start: T, displacement: T) => {
          let [rise, power] = [of(0), of(1)];
          for (let i = 0; i < 2 * (D - 1); i++) {
            rise = add(mul(add(start, displacement), rise), power);
            power = mul(power, start);
          }
          return mul(displacement, rise);
        };
        return mul(add(grown(a, p), grown(b, m)), factor);
      },
      references: [
        <T>(arithmetic: Arithmetic<T>, { a, b, p, m, factor }: Fields<T>): T => {
          const { add, sub, mul } = arithmetic;
          const grown = (start: T, displacement: T) =>
            sub(power(arithmetic, add(start, displacement), 2 * D - 2), power(arithmetic, start, 2 * D - 2));
          return mul(add(grown(a, p), grown(b, m)), factor);
        },
      ],
    };
    for (const { kernel, problem, mirror, references } of [equal, split]) {
      const { row, out } = await run(gpu, kernel, problem, 1);
      const bounds = row(
        everywhere(single, problem, (fields) => mirror(single, fields)),
        0,
      );
      for (const reference of references) {
        const exact = row(
          everywhere(double, problem, (fields) => reference(double, fields)),
          0,
        );
        expect(row(out, 0), kernel.file).toBeWithin(errors(bounds, exact), values(exact));
      }
      if (gpu.isExact)
        expect(row(out, 0), kernel.file).toBeExactly(
          row(
            everywhere(float32, problem, (fields) => mirror(float32, fields)),
            0,
          ),
        );
    }
  });

for (const shape of shapes)
  test(`vectors of weight norms are the mirror's, and their norms those of plain weights: ${title(shape)}`, async ({
    gpu,
  }) => {
    const given = descentProblem(equalCopies, { ...shape, samples: 1 });
    // Every other w+ - w- four times as large: an update may leave a weight negative, and |w+ - w-| above |w+ + w-|.
    const state = given.state.map((value, place) => {
      const field = Math.floor(place / shape.inputs) % given.layout.length;
      return field === 1 && place % 2 === 0 ? 4 * value : value;
    });
    const equal = { ...given, state };
    const { row, out } = await run(gpu, diagonalWeights, equal, 2);
    const sum = <T>({ of, add, mul }: Arithmetic<T>, { a, s, k }: Fields<T>): T =>
      add(mul(of(2), a), mul(mul(k, k), s));
    const apart = <T>({ mul }: Arithmetic<T>, { d, k }: Fields<T>): T => mul(k, d);
    const sums = row(
      everywhere(single, equal, (fields) => sum(single, fields)),
      0,
      1,
    );
    const aparts = row(
      everywhere(single, equal, (fields) => apart(single, fields)),
      0,
      1,
    );
    expect(row(out, 0)).toBeWithin(errors(sums), values(sums));
    // |w+| + |w-| = max(|w+ + w-|, |w+ - w-|)
    const total = sums.map(({ value }, i) => {
      const [plus, minus] = [(value + aparts[i].value) / 2, (value - aparts[i].value) / 2];
      return Math.abs(plus) + Math.abs(minus);
    });
    const most = sums.map(({ error }, i) => Math.max(error, aparts[i].error) + 2 ** -52 * total[i]);
    expect(row(out, 1)).toBeWithin(most, total);
    if (gpu.isExact) {
      const bits = row(
        everywhere(float32, equal, (fields) => sum(float32, fields)),
        0,
        1,
      );
      const other = row(
        everywhere(float32, equal, (fields) => apart(float32, fields)),
        0,
        1,
      );
      expect(row(out, 0)).toBeExactly(bits);
      expect(row(out, 1)).toBeExactly(bits.map((value, i) => Math.max(Math.abs(value), Math.abs(other[i]))));
    }

    // One rounding: exact on every adapter.
    const split = descentProblem(splitCopies, { ...shape, samples: 1 });
    const weights = await run(gpu, diagonalSplitWeights, split, 2);
    const copies: ((fields: Fields<number>) => number)[] = [({ a, p }) => a + p, ({ b, m }) => b + m];
    copies.forEach((copy, place) => {
      const exact = weights.row(everywhere(float32, split, copy), 0, 1);
      expect(weights.row(weights.out, place)).toBeExactly(exact.map(Math.fround));
    });
  });
