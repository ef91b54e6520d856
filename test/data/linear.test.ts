import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape } from "../../src/data/registry.ts";
import { linearSparse } from "../../src/data/linear-sparse.ts";
import { linearUniform } from "../../src/data/linear-uniform.ts";
import type { LinearData } from "../../src/document/types.ts";
import { problem } from "./problem.ts";

const files = new Map<string, Uint8Array>();

const uniform = (fields: Partial<LinearData> = {}): LinearData => ({
  kind: "linear-uniform",
  samples: 10,
  dimension: 7,
  noise: 0,
  seed: 1,
  testSamples: 0,
  ...fields,
});

const sparse = (fields: Partial<LinearData> = {}): LinearData =>
  uniform({ kind: "linear-sparse", sparsity: 5, ...fields });

const load = (specification: LinearData): Dataset => loadDataset(specification, files);

/** <beta*, x_i> for every sample. */
const signals = (X: Float64Array, betaStar: Float64Array): Float64Array =>
  Float64Array.from({ length: X.length / betaStar.length }, (_, i) =>
    betaStar.reduce((sum, beta, j) => sum + beta * X[i * betaStar.length + j], 0),
  );

for (const make of [uniform, sparse]) {
  describe(make().kind, () => {
    test("has the sizes asked for", () => {
      const data = load(make({ samples: 65, dimension: 9, testSamples: 3 }));
      expect([data.samples, data.inputs, data.testSamples]).toEqual([65, 9, 3]);
      expect([data.X.length, data.y.length]).toEqual([65 * 9, 65]);
      expect([data.testX.length, data.testY.length]).toEqual([3 * 9, 3]);
      expect(data.betaStar).toHaveLength(9);
    });

    test("without noise, targets are exactly <beta*, x>", () => {
      const { X, y, testX, testY, betaStar } = load(make({ samples: 63, testSamples: 64 }));
      expect(y).toEqual(signals(X, betaStar!));
      expect(testY).toEqual(signals(testX, betaStar!));
    });

    test("noise on training and test targets has the standard deviation asked for", () => {
      const samples = 20_000;
      const noise = 0.3;
      const { X, y, testX, testY, betaStar } = load(make({ samples, testSamples: samples, noise }));
      for (const [targets, inputs] of [
        [y, X],
        [testY, testX],
      ]) {
        const exact = signals(inputs, betaStar!);
        const variance = targets.reduce((sum, target, i) => sum + (target - exact[i]) ** 2, 0) / samples;
        // The mean of squared normals has standard error noise^2 sqrt(2 / samples); 6 of them have probability 2e-9.
        expect(Math.abs(variance - noise ** 2)).toBeLessThan(6 * noise ** 2 * Math.sqrt(2 / samples));
      }
    });

    test("noise scales without changing its draws, the inputs or beta*", () => {
      const plain = load(make());
      const [small, large] = [load(make({ noise: 0.5 })), load(make({ noise: 1 }))];
      expect(small.X).toEqual(plain.X);
      expect(small.betaStar).toEqual(plain.betaStar);
      small.y.forEach((y, i) => {
        // Three roundings of numbers below 16: 3 * 2^-49.
        expect(Math.abs(2 * (y - plain.y[i]) - (large.y[i] - plain.y[i]))).toBeLessThan(6e-15);
      });
      expect(small.y).not.toEqual(plain.y);
    });

    test("more samples keep the earlier ones, their noise and beta*", () => {
      const few = load(make({ samples: 10, testSamples: 3, noise: 0.1 }));
      const many = load(make({ samples: 257, testSamples: 64, noise: 0.1 }));
      expect(many.betaStar).toEqual(few.betaStar);
      expect(many.X.subarray(0, few.X.length)).toEqual(few.X);
      expect(many.y.subarray(0, few.y.length)).toEqual(few.y);
      expect(many.testX.subarray(0, few.testX.length)).toEqual(few.testX);
      expect(many.testY.subarray(0, few.testY.length)).toEqual(few.testY);
    });

    test("loading other data in between changes nothing", () => {
      const before = load(make({ noise: 0.1, testSamples: 5 }));
      load(make({ seed: 2, samples: 31 }));
      expect(load(make({ noise: 0.1, testSamples: 5 }))).toEqual(before);
    });

    test("test inputs and test noise are not those of training", () => {
      const { X, testX, y, testY, betaStar } = load(make({ samples: 10, testSamples: 10, noise: 1 }));
      expect(testX).not.toEqual(X);
      const noise = y.map((target, i) => target - signals(X, betaStar!)[i]);
      const testNoise = testY.map((target, i) => target - signals(testX, betaStar!)[i]);
      noise.forEach((draw, i) => expect(Math.abs(draw - testNoise[i])).toBeGreaterThan(1e-6));
    });

    test("another seed means other inputs", () => {
      expect(load(make({ seed: 2 })).X).not.toEqual(load(make({ seed: 1 })).X);
    });

    test("its shape is known before it is generated", () => {
      expect(dataShape(make({ testSamples: 4 }))).toEqual({
        samples: 10,
        inputs: 7,
        outputs: 1,
        testSamples: 4,
      });
    });

    test("data too large to allocate are refused at once", () => {
      expect(problem(() => load(make({ samples: 2 ** 20, dimension: 1000 })))).toBe(
        "data.samples is 1048576; with 1000 inputs at most 134217 (2^27 entries)",
      );
      expect(problem(() => load(make({ testSamples: 2 ** 27 })))).toMatch(
        /^data\.testSamples is 134217728; with 7 /,
      );
    });
  });
}

test("linear-uniform and linear-sparse of one seed share their inputs", () => {
  expect(load(uniform()).X).toEqual(load(sparse()).X);
});

test("linear-uniform draws beta* on [-1, 1), anew for every seed", () => {
  const dimension = 20_000;
  const { betaStar } = load(uniform({ dimension, samples: 1 }));
  expect(betaStar!.every((beta) => beta >= -1 && beta < 1)).toBe(true);
  const mean = betaStar!.reduce((sum, beta) => sum + beta, 0) / dimension;
  const square = betaStar!.reduce((sum, beta) => sum + beta ** 2, 0) / dimension;
  // Six standard errors: variance 1/3 of beta, 1/5 - 1/9 of its square.
  expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(1 / 3 / dimension));
  expect(Math.abs(square - 1 / 3)).toBeLessThan(6 * Math.sqrt((1 / 5 - 1 / 9) / dimension));
  expect(load(uniform({ dimension, samples: 1, seed: 2 })).betaStar).not.toEqual(betaStar);
});

test("linear-sparse has leading entries 1/sqrt(sparsity), then zeros", () => {
  expect([...load(sparse({ sparsity: 4 })).betaStar!]).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0, 0]);
  expect(load(sparse({ sparsity: 7 })).betaStar).toEqual(new Float64Array(7).fill(1 / Math.sqrt(7)));
});

test("linear-sparse refuses more nonzero entries than inputs", () => {
  expect(problem(() => load(sparse({ sparsity: 8 })))).toBe("data.sparsity is 8; at most the dimension, 7");
});

test("the linear schemas fill in noise 0, seed 1 and no test set", () => {
  expect(v.parse(linearUniform.schema, { kind: "linear-uniform", samples: 3, dimension: 2 })).toEqual({
    kind: "linear-uniform",
    samples: 3,
    dimension: 2,
    noise: 0,
    seed: 1,
    testSamples: 0,
  });
});

const accepted = { samples: 3, dimension: 2 };
const refused: [string, object][] = [
  ["no samples", { dimension: 2 }],
  ["no dimension", { samples: 3 }],
  ["zero samples", { ...accepted, samples: 0 }],
  ["half a sample", { ...accepted, samples: 2.5 }],
  ["zero inputs", { ...accepted, dimension: 0 }],
  ["negative noise", { ...accepted, noise: -1 }],
  ["infinite noise", { ...accepted, noise: Infinity }],
  ["noise that overflows float32", { ...accepted, noise: 1e38 }],
  ["a negative seed", { ...accepted, seed: -1 }],
  ["a seed of 2^32", { ...accepted, seed: 2 ** 32 }],
  ["a negative test set", { ...accepted, testSamples: -1 }],
  ["a misspelt key", { ...accepted, nose: 1 }],
  ["a sparsity", { ...accepted, sparsity: 1 }],
];
for (const [what, fields] of refused) {
  test(`the schema of linear-uniform refuses ${what}`, () => {
    expect(v.is(linearUniform.schema, { kind: "linear-uniform", ...accepted })).toBe(true);
    expect(v.is(linearUniform.schema, { kind: "linear-uniform", ...fields })).toBe(false);
  });
}

test("the schema of linear-sparse requires a positive whole sparsity", () => {
  const allowed = (sparsity: unknown) =>
    v.is(linearSparse.schema, { kind: "linear-sparse", ...accepted, sparsity });
  expect([1, 2, undefined, 0, 1.5].map(allowed)).toEqual([true, true, false, false, false]);
});
