import { expect, test } from "vitest";
import { fillNormal, fillSigns, fillUniform, maxSeed, purposes, stream } from "../../src/data/stream.ts";

const draws = 2 ** 18;

/**
 * Standard errors that a mean may be off: by the central limit theorem a correct generator is beyond 6 with
 * probability 2e-9, and the seeds are fixed.
 */
const standardErrors = 6;

type Fill = typeof fillNormal;

const fills: Record<string, Fill> = {
  uniform: (from, values, first) => fillUniform(from, values, 0, 1, first),
  normal: fillNormal,
  sign: fillSigns,
};

function drawn(fill: Fill, from = stream(1, "inputs"), count = draws, first = 0): Float64Array {
  const values = new Float64Array(count);
  fill(from, values, first);
  return values;
}

const mean = (values: Float64Array, of = (x: number) => x): number =>
  values.reduce((sum, x) => sum + of(x), 0) / values.length;

/** Moments of each law: power, exact value, variance of the power. */
const moments: Record<string, [power: number, value: number, variance: number][]> = {
  uniform: [
    [1, 1 / 2, 1 / 12],
    [2, 1 / 3, 1 / 5 - 1 / 9],
    [3, 1 / 4, 1 / 7 - 1 / 16],
  ],
  normal: [
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ],
  sign: [[1, 0, 1]],
};

for (const [law, cases] of Object.entries(moments)) {
  for (const [power, value, variance] of cases) {
    const bound = standardErrors * Math.sqrt(variance / draws);
    test(`moment ${power} of ${law} draws is ${value.toFixed(3)} within ${bound.toExponential(1)}`, () => {
      const moment = mean(drawn(fills[law]), (x) => x ** power);
      expect(Math.abs(moment - value)).toBeLessThan(bound);
    });
  }
}

test("uniform draws follow the uniform law within the Dvoretzky-Kiefer-Wolfowitz bound at 1e-9", () => {
  const sorted = drawn(fills.uniform).sort();
  const distance = sorted.reduce(
    (worst, u, k) => Math.max(worst, Math.abs(u - k / draws), Math.abs(u - (k + 1) / draws)),
    0,
  );
  expect(distance).toBeLessThan(Math.sqrt(Math.log(2 / 1e-9) / (2 * draws)));
});

test("neighbouring normal draws are uncorrelated, and so are the streams of any two purposes and seeds", () => {
  const bound = standardErrors / Math.sqrt(draws);
  const count = draws;
  const reference = drawn(fillNormal);
  const others = [
    drawn(fillNormal, stream(1, "inputs"), count, 1),
    drawn(fillNormal, stream(2, "inputs"), count),
    ...(Object.keys(purposes) as (keyof typeof purposes)[])
      .filter((purpose) => purpose !== "inputs")
      .map((purpose) => drawn(fillNormal, stream(1, purpose), count)),
  ];
  for (const other of others) {
    const covariance = reference.reduce((sum, x, k) => sum + x * other[k], 0) / count;
    expect(Math.abs(covariance)).toBeLessThan(bound);
  }
});

for (const [law, fill] of Object.entries(fills)) {
  test(`any stretch of a ${law} stream can be drawn by itself`, () => {
    const whole = drawn(fill, stream(5, "noise"), 257);
    for (const first of [0, 1, 63, 256]) {
      const part = drawn(fill, stream(5, "noise"), 257 - first, first);
      expect(part).toEqual(whole.subarray(first));
    }
  });
}

test("a stream goes on past 2^32 draws", () => {
  const [below, above] = [0, 2 ** 32].map((first) => drawn(fillNormal, stream(1, "inputs"), 3, first));
  expect(above).not.toEqual(below);
});

test("uniform draws stay below the upper end, even on an interval of one number", () => {
  const values = new Float64Array(1000);
  fillUniform(stream(1, "inputs"), values, 1, 1 + Number.EPSILON);
  expect(new Set(values)).toEqual(new Set([1]));
});

test("uniform draws on [-1, 1) are those on [0, 1), stretched", () => {
  const unit = drawn(fills.uniform, stream(3, "predictor"), 65);
  const stretched = new Float64Array(65);
  fillUniform(stream(3, "predictor"), stretched, -1, 1);
  expect(stretched).toEqual(unit.map((u) => 2 * u - 1));
});

test("seeds are taken modulo 2^32", () => {
  expect(stream(2 ** 32 + 3, "inputs")).toEqual(stream(3, "inputs"));
  expect(stream(-1, "inputs")).toEqual(stream(maxSeed, "inputs"));
});

test("purposes have different tags, none of them renumbered", () => {
  expect(purposes).toMatchObject({
    inputs: 1,
    predictor: 2,
    noise: 3,
    testInputs: 4,
    testNoise: 5,
    initialWeights: 6,
    shuffle: 7,
    teacher: 8,
    labels: 9,
    testLabels: 10,
    order: 11,
    testOrder: 12,
  });
  expect(new Set(Object.values(purposes)).size).toBe(Object.keys(purposes).length);
});

// From an independent implementation in Python (mpmath's erfinv with 50 digits for the normals).

test("seed 1 means the same uniform numbers as ever", () => {
  expect([...drawn(fills.uniform, stream(1, "predictor"), 4)]).toEqual([
    0.14646716125906867, 0.14645140345829433, 0.9612444605553062, 0.47790718438051905,
  ]);
});

test("seed 1 means the same normal numbers as ever, within 1e-15", () => {
  const expected = [
    0.80715885455141598432, 0.41347286514042419645, 0.33893776961946731416, 1.4922555618596217543,
    -1.0646633875679018072, 0.28721626710463314495,
  ];
  drawn(fillNormal, stream(1, "inputs"), 6).forEach((z, k) =>
    expect(Math.abs(z - expected[k])).toBeLessThanOrEqual(1e-15 * Math.abs(expected[k])),
  );
});

test("the largest seed means the same numbers as ever past 2^32 draws", () => {
  const [z] = drawn(fillNormal, stream(maxSeed, "inputs"), 1, 2 ** 32 + 5);
  expect(Math.abs(z + 1.4205642927755961043)).toBeLessThanOrEqual(1.5e-15);
  expect(drawn(fills.uniform, stream(maxSeed, "inputs"), 1, 2 ** 32 + 5)[0]).toBe(0.07772173264468007);
});

test("seed 1 means the same signs as ever", () => {
  expect([...drawn(fillSigns, stream(1, "teacher"), 8)]).toEqual([-1, -1, -1, -1, 1, 1, 1, -1]);
});
