import { expect, test } from "vitest";
import { nearest } from "../../src/document/nearest.ts";

const figures = [
  "figure-1",
  "figure-6",
  "figure-6-datasets",
  "woodworth-figure-6",
  "alpha",
  "shape",
  "epochs",
];

test.for([
  ["figur-6", "figure-6"],
  ["fig-6", "figure-6"],
  ["fig.6", "figure-6"],
  ["alfa", "alpha"],
  ["ALPHA", "alpha"],
  ["epocs", "epochs"],
  ["ep", undefined],
  ["fig", undefined],
  ["fig-", undefined],
  ["temperature", undefined],
] as const)("%s is taken for %s", ([word, meant]) => {
  expect(nearest(word, figures)).toBe(meant);
});

test("an abbreviation of several is nobody's", () => {
  expect(nearest("fig-6-da", ["figure-6-datasets", "figure-60-data"])).toBeUndefined();
});
