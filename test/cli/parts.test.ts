import { expect, test } from "vitest";
import { Parts } from "../../src/cli/process/parts.ts";

test("parts add up to the whole, each once, in the order of their beginnings", () => {
  const parts = new Parts();
  for (const name of ["adapter", "training", "adapter", "figures"]) parts.begin(name);
  const before = performance.now() / 1000;
  const [, whole, sum] = /^seconds: ([\d.]+) = (.*)$/.exec(parts.text())!;
  const after = performance.now() / 1000;
  // From the process's start to now; it is rounded to a hundredth, as each part is.
  expect(Number(whole)).toBeGreaterThanOrEqual(before - 0.006);
  expect(Number(whole)).toBeLessThanOrEqual(after + 0.006);
  const own = sum.split(" + ").map((part) => part.split(" "));
  expect(own.map(([name]) => name)).toEqual(["start", "adapter", "training", "figures"]);
  const total = own.reduce((seconds, [, text]) => seconds + Number(text), 0);
  expect(Math.abs(total - Number(whole))).toBeLessThan(0.005 * (own.length + 1) + 1e-9);
});
