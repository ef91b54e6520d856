import fc from "fast-check";
import { expect, test } from "vitest";
import { recordBound, recordEpochs } from "../../src/document/record-epochs.ts";
import type { TrainSpecification } from "../../src/document/types.ts";

const descent = (epochs: number) => ({ method: "gradient-descent", epochs }) as TrainSpecification;

const epochsOf = (...given: Parameters<typeof recordEpochs>) => Array.from(recordEpochs(...given));

test("every k epochs, with epoch 0 and the last", () => {
  expect(epochsOf(10, 30)).toEqual([0, 10, 20, 30]);
  expect(epochsOf(10, 31)).toEqual([0, 10, 20, 30, 31]);
  expect(epochsOf(100, 7)).toEqual([0, 7]);
  expect(epochsOf(1, 1)).toEqual([0, 1]);
});

test("spaced in the logarithm of the epoch, with epoch 0 and the last", () => {
  expect(epochsOf({ log: 5 }, 10000)).toEqual([0, 1, 10, 100, 1000, 10000]);
  expect(epochsOf({ log: 4 }, 8)).toEqual([0, 1, 2, 4, 8]);
  expect(epochsOf({ log: 1 }, 50)).toEqual([0, 1, 50]);
  expect(epochsOf({ log: 10 }, 1)).toEqual([0, 1]);
});

test("epochs that round to the same are recorded once", () =>
  expect(epochsOf({ log: 1000 }, 5)).toEqual([0, 1, 2, 3, 4, 5]));

test("the epochs increase from 0 to the last, and are never more than the bound", () => {
  const every = fc.oneof(
    fc.integer({ min: 1, max: 2000 }),
    fc.record({ log: fc.integer({ min: 1, max: 500 }) }),
  );
  fc.assert(
    fc.property(every, fc.integer({ min: 1, max: 10000 }), (every, epochs) => {
      const recorded = epochsOf(every, epochs);
      expect(recorded[0]).toBe(0);
      expect(recorded.at(-1)).toBe(epochs);
      expect(recorded.every((epoch, k) => k === 0 || epoch > recorded[k - 1])).toBe(true);
      if (typeof every === "number") expect(recorded.length).toBe(recordBound(every, descent(epochs)));
      else expect(recorded.length).toBeLessThanOrEqual(recordBound(every, descent(epochs)));
    }),
  );
});
