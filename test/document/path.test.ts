import { expect, test } from "vitest";
import { DocumentError } from "../../src/document/error.ts";
import { formatPath, parsePath, valueAt, withValue } from "../../src/document/path.ts";

test("a path is written as it is read", () => {
  for (const text of ["init.alpha", "sweep[0].path", "a[1][22].b_c.$d"]) {
    expect(formatPath(parsePath(text)!)).toBe(text);
  }
  expect(parsePath("sweep[10].path")).toEqual(["sweep", 10, "path"]);
  expect(formatPath(["train", "step size", 0])).toBe('train["step size"][0]');
});

test("what is no path, or leads through what every object inherits, is none", () => {
  const wrong = [
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "a[",
    "a[-1]",
    "a[x]",
    "[0]",
    "a b",
    "a.0",
    "__proto__",
    "a.constructor.b",
  ];
  for (const text of wrong) expect(parsePath(text), text).toBeUndefined();
});

test("a value is set in a copy that shares all else, with the objects that it needs", () => {
  const document = { train: { epochs: 1 }, sweep: [{ path: "init.seed" }, {}] };
  expect(withValue(document, ["init", "shape", "std"], 2)).toEqual({
    ...document,
    init: { shape: { std: 2 } },
  });
  const changed = withValue(document, ["sweep", 0, "path"], "init.alpha");
  expect(changed).toEqual({ train: { epochs: 1 }, sweep: [{ path: "init.alpha" }, {}] });
  expect(valueAt(changed, ["train"])).toBe(document.train);
  expect(document.sweep[0]).toEqual({ path: "init.seed" });
});

test("entries of lists can be replaced, not made", () => {
  expect(() => withValue({ sweep: [] }, ["sweep", 0], 1)).toThrow(
    new DocumentError("sweep[0]", "is not there; only entries of a list can be set"),
  );
});

test("there is no value where an object only inherits one", () => {
  expect(valueAt({}, ["constructor"])).toBeUndefined();
  expect(valueAt([1], ["length"])).toBeUndefined();
});
