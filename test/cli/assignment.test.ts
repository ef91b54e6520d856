import fc from "fast-check";
import { expect, test } from "vitest";
import { assign, parseAssignment } from "../../src/cli/experiment/assignment.ts";
import { UsageError } from "../../src/cli/process/failure.ts";
import { DocumentError } from "../../src/document/error.ts";

const set = (document: Parameters<typeof assign>[0], ...texts: string[]) =>
  assign(document, texts.map(parseAssignment));

test.for([
  ["train.epochs=10", { train: { epochs: 10, stepSize: 1 } }],
  ["train.stepSize=1e-3", { train: { epochs: 5, stepSize: 1e-3 } }],
  ['name="a=b"', { name: "a=b", train: { epochs: 5, stepSize: 1 } }],
  ["init.alpha=2", { init: { alpha: 2 }, train: { epochs: 5, stepSize: 1 } }],
  ['train={"epochs": 1}', { train: { epochs: 1 } }],
] as const)("%s", ([text, expected]) => {
  const document = { train: { epochs: 5, stepSize: 1 } };
  expect(set(document, text)).toEqual(expected);
  expect(document).toEqual({ train: { epochs: 5, stepSize: 1 } });
});

test("entries of lists are set, later assignments see earlier ones", () => {
  expect(
    set({ sweep: [{ path: "a", values: [1, 2] }] }, "sweep[0].values[1]=7", 'sweep[0].path="b"'),
  ).toEqual({
    sweep: [{ path: "b", values: [1, 7] }],
  });
  expect(() => set({ sweep: [] }, "sweep[0].values=[1]")).toThrow(DocumentError);
});

test.for([
  "a",
  "=1",
  "a..b=1",
  "a[-1]=1",
  "a[x]=1",
  "__proto__.x=1",
  "a.__proto__=1",
  "constructor.prototype.x=1",
  "a=",
  "a={",
  "a=NaN",
])("%s is refused", (text) => {
  expect(() => parseAssignment(text)).toThrow(UsageError);
});

test("no text changes what every object inherits", () => {
  fc.assert(
    fc.property(fc.string(), fc.json(), (path, value) => {
      try {
        set({ train: {} }, `${path}=${value}`);
      } catch (error) {
        expect(error instanceof UsageError || error instanceof DocumentError).toBe(true);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
