import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { crossEntropy } from "../../src/losses/cross-entropy/cross-entropy.ts";
import type { LossKind } from "../../src/losses/loss.ts";
import { lossKinds, lossOfOutput } from "../../src/losses/registry.ts";

const numbers = [-30, -2, -0.5, 0, 1e-3, 0.7, 1, 3, 30];

/** Outputs and targets: of one output, and where the loss is of all of them together of three. */
function casesOf({ joint }: LossKind): [f: number[], y: number[]][] {
  if (!joint) return numbers.flatMap((f) => [-1, 1].map((y): [number[], number[]] => [[f], [y]]));
  return numbers.flatMap((f) =>
    [0, 2].map((own): [number[], number[]] => [[f, -1, 0.5], [0, 1, 2].map((k) => Number(k === own))]),
  );
}

describe.each<[string, LossKind]>(lossKinds.map((loss) => [loss.kind, loss]))("%s", (_, loss) => {
  const cases = casesOf(loss);
  const moved = (f: number[], k: number, by: number) =>
    f.map((value, own) => (own === k ? value + by : value));

  test("slopes are derivatives of the value", () => {
    // Central differences: off by h^2 / 6 of a third derivative of at most 1, and by roundings over h.
    const h = 1e-4;
    for (const [f, y] of cases) {
      const { value, slopes } = loss.sample(f, y);
      const error = h * h + (4 * Number.EPSILON * (1 + Math.abs(value))) / h;
      slopes.forEach((slope, k) => {
        const [below, above] = [-h, h].map((by) => loss.sample(moved(f, k, by), y).value);
        expect(Math.abs((above - below) / (2 * h) - slope)).toBeLessThanOrEqual(error);
      });
    }
  });

  test("curvatures are no less than second derivatives, and those of one output these themselves", () => {
    const h = 1e-4;
    for (const [f, y] of cases) {
      const { value, curvatures } = loss.sample(f, y);
      const error = h * h + (8 * Number.EPSILON * (1 + Math.abs(value))) / h;
      curvatures.forEach((curvature, k) => {
        const [below, above] = [-h, h].map((by) => loss.sample(moved(f, k, by), y).slopes[k]);
        const bend = (above - below) / (2 * h);
        if (loss.joint) expect(bend).toBeLessThanOrEqual(curvature + error);
        else expect(Math.abs(bend - curvature)).toBeLessThanOrEqual(error);
        expect(bend).toBeLessThanOrEqual(loss.largestCurvature + error);
      });
    }
  });

  if (!loss.joint)
    test("a slope's change keeps the digits of a small change", () => {
      const { at, slopeChange } = lossOfOutput(loss as { kind: "squared" });
      for (const [[f], [y]] of cases)
        for (const change of [-40, -1.1, -0.9, -0.01, 0.02, 0.9, 1.1, 40]) {
          const difference = at(f, y).slope - at(f - change, y).slope;
          expect(Math.abs(slopeChange(f, change, y) - difference)).toBeLessThan(
            1e-14 * (1 + Math.abs(f) + Math.abs(change)),
          );
          // To first order in a small one.
          const tiny = slopeChange(f, 1e-12 * change, y) / (1e-12 * change);
          expect(Math.abs(tiny / at(f, y).curvature - 1)).toBeLessThan(1e-9);
        }
    });

  test("no slope is larger than it says", () => {
    for (const [f, y] of cases) {
      const most = 2 * loss.largestSlope(Math.max(...f.map(Math.abs)), Math.max(...y.map(Math.abs)));
      for (const slope of loss.sample(f, y).slopes) expect(Math.abs(slope)).toBeLessThanOrEqual(most);
    }
  });
});

describe("classes", () => {
  const of = (y: number[], testY: number[] = []): Dataset => ({
    ...{ samples: y.length, inputs: 1, outputs: 1, X: new Float64Array(y.length), y: Float64Array.from(y) },
    ...{ testSamples: testY.length, testX: new Float64Array(testY.length), testY: Float64Array.from(testY) },
  });

  test("targets become an output a class", () => {
    const { outputs, y, testY } = crossEntropy.encode!(of([0, 2, 1], [1]));
    expect(outputs).toBe(3);
    expect([...y]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect([...testY]).toEqual([0, 1, 0]);
  });

  for (const [what, data, message] of [
    ["signs", of([-1, 1]), "its targets number classes from 0, and target 0 is -1"],
    ["fractions", of([0, 1], [0.5]), "its targets number classes from 0, and test target 0 is 0.5"],
    [
      "a class of the test set alone",
      of([0, 1], [2]),
      "test target 0 is class 2; the training set has none beyond 1",
    ],
    ["one class", of([0, 0]), "the training set has one class, 0"],
    ["years", of([1999, 2001]), "target 1 is class 2001, of 2 samples: classes are numbered from 0"],
  ] as const)
    test(`of ${what} it says so`, () => {
      expect(() => crossEntropy.encode!(data)).toThrow(message);
    });
});
