import fc from "fast-check";
import { expect, test } from "vitest";
import { findThreshold } from "../../src/search/threshold.ts";
import { simulate, threshold } from "./simulated.ts";

/** Rises from 0.5 to 1 through 0.6 at 125. */
const accuracy = (samples: number): number => 0.5 + 0.5 / (1 + (250 / samples) ** 2);

test("without noise the bracket holds the crossing, is as narrow as was asked for, and costs few probes", async () => {
  const crossings = fc.double({ min: 11, max: 1900, noNaN: true });
  const ratios = fc.double({ min: 1.001, max: 2, noNaN: true });
  await fc.assert(
    fc.asyncProperty(crossings, ratios, fc.boolean(), async (crossing, ratio, isWhole) => {
      const search = threshold({ ratio, trials: 2 });
      const { probes } = await simulate(search, (value) => 0.6 + Math.log(value / crossing), { isWhole });
      const {
        status,
        bracket: [low, high],
      } = findThreshold(search, probes, 1);
      expect(status).toBe("found");
      expect(low).toBeLessThan(crossing);
      expect(high).toBeGreaterThanOrEqual(crossing);
      expect(high / low <= ratio * (1 + 1e-9) || (isWhole && high - low === 1)).toBe(true);
      expect(probes.length).toBeLessThanOrEqual(9 + Math.log2(Math.LN2 / Math.log(ratio)) + 2);
      for (const { value } of probes) {
        expect(value).toBeGreaterThanOrEqual(10);
        expect(value).toBeLessThanOrEqual(2000);
        if (isWhole) expect(Number.isInteger(value)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test("without noise the value found is the crossing of the curve, from either side", async () => {
  const rising = await simulate(threshold(), accuracy);
  expect(findThreshold(threshold(), rising.probes, 1).value / 125 - 1).toBeCloseTo(0, 1.5);
  const search = threshold({ quantity: "test_loss", atMost: 0.4 });
  const { atLeast: _, ...falling } = search as typeof search & { atLeast: number };
  const { probes } = await simulate(falling as never, (value) => 1 - accuracy(value));
  const found = findThreshold(falling as never, probes, 1);
  expect(found).toMatchObject({ status: "found", threshold: 0.4 });
  expect(found.value).toBeCloseTo(findThreshold(threshold(), rising.probes, 1).value, 6);
});

test("one probe at a time, doubling from the lower end until one passes", async () => {
  const { rounds } = await simulate(threshold({ ratio: 1.2 }), accuracy);
  expect(rounds.map((wanted) => wanted.map(({ value }) => value))).toEqual([
    [10],
    [20],
    [40],
    [80],
    [160],
    [113],
    [134],
  ]);
});

test("a threshold that is never passed is not reached, one that always is lies below the range", async () => {
  const never = await simulate(threshold(), () => 0.5);
  expect(never.probes.at(-1)!.value).toBe(2000);
  expect(findThreshold(threshold(), never.probes, 1)).toMatchObject({ status: "not reached", value: NaN });
  const always = await simulate(threshold(), () => 0.7);
  expect(always.probes).toHaveLength(1);
  expect(findThreshold(threshold(), always.probes, 1)).toMatchObject({
    status: "below the range",
    value: NaN,
  });
});

test("a search that was stopped on the way has found nothing yet", async () => {
  const { probes } = await simulate(threshold(), accuracy);
  for (let count = 1; count < probes.length; count++)
    expect(findThreshold(threshold(), probes.slice(0, count), 1).status).toBe("unfinished");
});

test("a mean that is not finite passes nothing, and does not move the value", async () => {
  const diverging = (samples: number) => (samples < 70 ? NaN : accuracy(samples));
  const { probes } = await simulate(threshold(), diverging);
  const { status, value, interval } = findThreshold(threshold(), probes, 1);
  expect(status).toBe("found");
  expect(Math.abs(Math.log(value / 125))).toBeLessThan(0.03);
  expect(interval.every(Number.isFinite)).toBe(true);
});

test("nine of ten intervals or more hold the crossing, and their width is that of the value's scatter", async () => {
  const searches = 120;
  const logs: number[] = [];
  let holding = 0;
  let width = 0;
  for (let seed = 1; seed <= searches; seed++) {
    const { probes } = await simulate(threshold(), accuracy, { noise: 0.08, seed });
    const { value, interval } = findThreshold(threshold(), probes, 1);
    if (interval[0] <= 125 && 125 <= interval[1]) holding++;
    logs.push(Math.log(value / 125));
    width += Math.log(interval[1] / interval[0]) / searches;
  }
  const mean = logs.reduce((sum, log) => sum + log) / searches;
  const scatter = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / searches);
  // Three standard errors of a share of 0.95 of 120.
  expect(holding / searches).toBeGreaterThan(0.89);
  expect(Math.abs(mean)).toBeLessThan(0.025);
  expect(width / (2 * 1.96 * scatter)).toBeGreaterThan(0.75);
  expect(width / (2 * 1.96 * scatter)).toBeLessThan(1.4);
});
