import { Matrix, solve } from "ml-matrix";
import { expect, test } from "vitest";
import { fillSigns, stream } from "../../src/data/stream.ts";
import { isUnique, type LinearSystem, minimumL1, uniquenessMargin } from "../../src/theory/index.ts";
import { difference, l1Norm } from "../../src/theory/norms.ts";
import { normals, sparseRegression, unevenShape } from "./sparse-regression.ts";

async function marginOf(system: LinearSystem, weights?: Float64Array): Promise<number> {
  const options = weights ? { weights } : {};
  return uniquenessMargin(system, await minimumL1(system, options), options);
}

const systemOf = (rows: number[][], y: number[]): LinearSystem => ({
  samples: rows.length,
  inputs: rows[0].length,
  X: Float64Array.from(rows.flat()),
  y: Float64Array.from(y),
});

/** The system with one more input, whose column is a combination of the others'. */
function withColumn(system: LinearSystem, shares: (input: number) => number): LinearSystem {
  const { samples, inputs, X, y } = system;
  const rows = Array.from({ length: samples }, (_, i) => [...X.subarray(i * inputs, (i + 1) * inputs)]);
  return systemOf(
    rows.map((row) => [...row, row.reduce((sum, value, input) => sum + shares(input) * value, 0)]),
    [...y],
  );
}

const known: [what: string, system: LinearSystem, margin: number][] = [
  ["two equal columns, both of them the best", systemOf([[1, 1, 0.5]], [2]), 0],
  ["a column and its negative", systemOf([[1, -1, 0.5]], [2]), 0],
  ["two equal columns, neither of them the best", systemOf([[1, 0.5, 0.5]], [2]), 0.5],
  // (1, 1) is 1 + 1 of the first two, or 2 of the third.
  [
    "targets that are reached in two ways",
    systemOf(
      [
        [1, 0, 0.5],
        [0, 1, 0.5],
      ],
      [1, 1],
    ),
    0,
  ],
  // The third alone: its proof is (5/6, 5/6) or (1, 2/3), and simplex may find the latter.
  [
    "fewer inputs than samples",
    systemOf(
      [
        [1, 0, 0.6],
        [0, 1, 0.6],
      ],
      [1, 1],
    ),
    1 / 6,
  ],
  [
    "two ways of which one is shorter",
    systemOf(
      [
        [1, 0, 0.4],
        [0, 1, 0.4],
      ],
      [1, 1],
    ),
    0.2,
  ],
  [
    "a repeated row",
    systemOf(
      [
        [1, 1, 0.5],
        [1, 1, 0.5],
      ],
      [2, 2],
    ),
    0,
  ],
  ["targets of 0", systemOf([[1, 1, 0.5]], [0]), 1],
  [
    "as many samples as inputs",
    systemOf(
      [
        [1, 1],
        [1, -1],
      ],
      [1, 1],
    ),
    1,
  ],
];

test.for(known)("the margin of %s", async ([, system, margin]) => {
  expect(await marginOf(system)).toBeCloseTo(margin, 9);
  expect(isUnique(await marginOf(system))).toBe(margin > 0);
  // Whatever the units.
  const scaled = { ...system, X: system.X.map((x) => 1e-30 * x), y: system.y.map((y) => 1e20 * y) };
  expect(await marginOf(scaled)).toBeCloseTo(margin, 9);
});

for (const noise of [0.1, 0])
  test(`a random system has one solution, noise ${noise}; a copy of what it uses makes more, one of what it does not use none`, async () => {
    const system = sparseRegression(12, 30, 3, noise);
    const { beta } = await minimumL1(system);
    const margin = await marginOf(system);
    expect(margin).toBeGreaterThan(1e-3);
    const used = [...beta.keys()].filter((input) => beta[input] !== 0);
    const unused = beta.indexOf(0);
    expect(used.length).toBe(noise > 0 ? 12 : 5);

    const copied = (input: number, factor: number) =>
      marginOf(withColumn(system, (other) => (other === input ? factor : 0)));
    expect(isUnique(await copied(used[2], 1))).toBe(false);
    expect(isUnique(await copied(used[2], -1))).toBe(false);
    expect(await copied(used[2], 0.999)).toBeCloseTo(0.001, 9);
    expect(isUnique(await copied(used[2], 1 - 1e-6))).toBe(true);
    expect(await copied(unused, 1)).toBeCloseTo(margin, 9);
    // A mean of what is used, each with its sign, does as well as they do.
    const mean = (input: number) => Math.sign(beta[input]) / used.length;
    expect(isUnique(await marginOf(withColumn(system, mean)))).toBe(false);
    expect(isUnique(await marginOf(withColumn(system, (input) => 0.99 * mean(input))))).toBe(true);
  });

test("weights: the margin of the rescaled inputs", async () => {
  const system = sparseRegression(8, 20, 5, 0);
  const weights = unevenShape(20, 5, 4);
  const rescaled = { ...system, X: system.X.map((value, k) => value / weights[k % 20]) };
  expect(await marginOf(system, weights)).toBeCloseTo(await marginOf(rescaled), 9);
});

test("no other interpolator is as close to the least norm as the margin allows", async () => {
  const system = sparseRegression(6, 15, 3, 0);
  const solution = await minimumL1(system);
  const margin = await uniquenessMargin(system, solution);
  const others = [...solution.beta.keys()].filter((input) => solution.beta[input] === 0);
  for (let seed = 0; seed < 50; seed++) {
    // Other solutions: those of weights of their own.
    const weights = normals(15, seed).map((value) => Math.exp(value));
    const { beta } = await minimumL1(system, { weights });
    const off = others.reduce((sum, input) => sum + Math.abs(beta[input]), 0);
    expect(l1Norm(beta) - solution.norm).toBeGreaterThan(margin * off - 1e-9);
  }
});

/** All solutions of least l1 norm whose inputs have independent columns: the corners of the solution set. */
function corners({ samples, inputs, X, y }: LinearSystem): Float64Array[] {
  const found: Float64Array[] = [];
  for (let subset = 0; subset < 2 ** inputs; subset++) {
    const chosen = Array.from({ length: inputs }, (_, input) => input).filter(
      (input) => (subset >> input) & 1,
    );
    if (chosen.length !== samples) continue;
    const square = new Matrix(
      Array.from({ length: samples }, (_, i) => chosen.map((input) => X[i * inputs + input])),
    );
    // Of whole numbers: 0 or at least 1.
    if (Math.abs(determinant(square)) < 0.5) continue;
    const values = solve(square, Matrix.columnVector([...y])).to1DArray();
    const beta = new Float64Array(inputs);
    chosen.forEach((input, k) => (beta[input] = values[k]));
    found.push(beta);
  }
  const least = Math.min(...found.map(l1Norm));
  const best = found.filter((beta) => l1Norm(beta) < least + 1e-9);
  return best.filter((beta, k) => !best.slice(0, k).some((other) => l1Norm(difference(beta, other)) < 1e-9));
}

const determinant = (square: Matrix): number =>
  square.rows === 1
    ? square.get(0, 0)
    : Array.from({ length: square.rows }, (_, column) => {
        const rest = Array.from({ length: square.rows }, (__, k) => k);
        const minor = square.selection(
          rest.slice(1),
          rest.filter((k) => k !== column),
        );
        return (-1) ** column * square.get(0, column) * determinant(minor);
      }).reduce((sum, term) => sum + term, 0);

test("of small systems of signs it tells whether their solution set has one corner or more", async () => {
  const tally = { one: 0, more: 0 };
  for (let seed = 0; seed < 200; seed++) {
    const [samples, inputs] = [
      [1, 3],
      [2, 4],
      [3, 6],
      [3, 8],
    ][seed % 4];
    const system = { samples, inputs, X: new Float64Array(samples * inputs), y: new Float64Array(samples) };
    fillSigns(stream(seed, "inputs"), system.X);
    // Some zeros and twos, or every column would be another's or its negative.
    normals(system.X.length, seed).forEach(
      (value, k) => (system.X[k] *= Math.min(3, Math.floor(Math.abs(2 * value)))),
    );
    normals(samples, seed + 1000).forEach((value, k) => (system.y[k] = Math.round(2 * value)));
    const all = corners(system);
    // Of a lower rank, or without targets.
    if (all.length === 0 || system.y.every((target) => target === 0)) continue;
    expect(isUnique(await marginOf(system)), `seed ${seed}`).toBe(all.length === 1);
    tally[all.length === 1 ? "one" : "more"] += 1;
  }
  expect(Math.min(tally.one, tally.more)).toBeGreaterThan(30);
});
