import { expect, test } from "vitest";
import { sufficientScales } from "../../src/theory/index.ts";

test("Theorem 2's scales, worked by hand: the exponential term rules, and is far below float64", () => {
  const { richLog10, kernelLog10 } = sufficientScales({
    epsilon: 0.1,
    inputs: 250,
    minimumL1: 2.9328,
    minimumL2: 0.6765,
  });
  // exp(-250 / .29328) = 10^-370.2, and sqrt(2 * 1.1 * 21 * .6765) = 5.591
  expect(richLog10).toBeCloseTo(-370.2, 1);
  expect(10 ** kernelLog10).toBeCloseTo(5.591, 3);
});

test("with few inputs the power rules: (2 (1+e) b1)^(-(2+e)/(2e))", () => {
  const { richLog10 } = sufficientScales({ epsilon: 0.5, inputs: 1, minimumL1: 10, minimumL2: 1 });
  expect(richLog10).toBeCloseTo(-2.5 * Math.log10(30), 12);
});

test("an epsilon or a norm that is not positive is named", () => {
  expect(() => sufficientScales({ epsilon: 0, inputs: 2, minimumL1: 1, minimumL2: 1 })).toThrow(
    "epsilon is 0",
  );
  expect(() => sufficientScales({ epsilon: 1, inputs: 2, minimumL1: 1, minimumL2: NaN })).toThrow(
    "minimumL2 is NaN",
  );
});
