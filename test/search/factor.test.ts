import { expect, test } from "vitest";
import { findFactor } from "../../src/search/factor.ts";
import { factor, simulate } from "./simulated.ts";

/** Flat up to 0.1, then growing by 1 a decade. */
const loss = (alpha: number): number => 1 + Math.max(0, Math.log10(alpha / 0.1));

test("the whole grid is one round", async () => {
  const { rounds } = await simulate(factor(), loss);
  expect(rounds).toHaveLength(1);
  expect(rounds[0].map(({ value }) => value)).toEqual([0.01, 0.1, 1, 10]);
});

test("the value found is where the mean leaves the factor, between the last value within it and the next", async () => {
  const { probes } = await simulate(factor(), loss);
  expect(findFactor(factor(), probes.toReversed(), 1)).toMatchObject({
    status: "found",
    threshold: 1.5,
    bracket: [0.1, 1],
    value: expect.closeTo(Math.sqrt(0.1)) as number,
    interval: [expect.closeTo(Math.sqrt(0.1)), expect.closeTo(Math.sqrt(0.1))],
  });
});

test("an accuracy counts as its error, and the threshold is an accuracy", async () => {
  const search = factor({ quantity: "test_accuracy" });
  const { probes } = await simulate(search, (alpha) => 1 - 0.1 * loss(alpha));
  const { value, threshold } = findFactor(search, probes, 1);
  expect(value).toBeCloseTo(Math.sqrt(0.1));
  expect(threshold).toBeCloseTo(0.85);
});

test("the largest value within the factor counts, also where a smaller one is not", async () => {
  const { probes } = await simulate(factor(), (alpha) => (alpha === 0.1 ? 5 : loss(alpha)));
  expect(findFactor(factor({ withinFactor: 2.5 }), probes, 1).bracket).toEqual([1, 10]);
});

test("a grid that never leaves the factor has not reached its end; one of which nothing is finite says so", async () => {
  const flat = await simulate(factor(), () => 1);
  expect(findFactor(factor(), flat.probes, 1)).toMatchObject({ status: "not reached", threshold: 1.5 });
  const nothing = await simulate(factor(), () => NaN);
  expect(findFactor(factor(), nothing.probes, 1).status).toBe("not finite");
});

test("a value at which one trial diverges is not within the factor, in no resampling", async () => {
  const { probes } = await simulate(factor(), loss);
  const spoilt = probes.map(({ value, trials }) => ({
    value,
    trials: value < 1 ? trials : trials.with(3, NaN),
  }));
  expect(findFactor(factor({ withinFactor: 10 }), spoilt, 1)).toMatchObject({
    value: 0.1,
    interval: [0.1, 0.1],
    bracket: [0.1, 1],
  });
});

test("trials are compared with themselves: what all values of a trial share widens no interval", async () => {
  const { probes } = await simulate(factor(), loss, { noise: 0.001 });
  const shared = probes.map(({ value, trials }) => ({
    value,
    trials: trials.map((trial, k) => trial * (1 + 0.5 * Math.sin(k))),
  }));
  const [low, high] = findFactor(factor(), shared, 1).interval;
  expect(Math.log(high / low)).toBeLessThan(0.05);
});

test("most intervals hold the true value", async () => {
  const searches = 150;
  let holding = 0;
  for (let seed = 1; seed <= searches; seed++) {
    const { probes } = await simulate(factor({ trials: 30 }), loss, { noise: 0.2, seed });
    const [low, high] = findFactor(factor(), probes, 1).interval;
    if (low <= Math.sqrt(0.1) && Math.sqrt(0.1) <= high) holding++;
  }
  // The best of several noisy means is a little too good, so a few more than one of twenty miss.
  expect(holding / searches).toBeGreaterThan(0.85);
});
