import { expect, test } from "vitest";
import { Parts } from "../../src/cli/process/parts.ts";

test("parts add up to the whole, each once, in the order of their beginnings", () => {
  const parts = new Parts();
  for (const name of ["adapter", "training", "adapter", "figures"]) parts.begin(name);
  const [, whole, sum] = /^seconds: ([\d.]+) = (.*)$/.exec(parts.text())!;
  const own = sum.split(" + ").map((part) => part.split(" "));
  expect(own.map(([name]) => name)).toEqual(["start", "adapter", "training", "figures"]);
  const total = own.reduce((seconds, [, text]) => seconds + Number(text), 0);
  // Each is rounded to a hundredth.
  expect(Math.abs(total - Number(whole))).toBeLessThan(0.005 * (own.length + 1) + 1e-9);
});
