import { expect, test } from "vitest";
import { link } from "../../src/wgsl/link.ts";
import { allModules, kernels } from "./records.ts";

const known = new Map([
  ["one", { file: "m/one.wgsl", code: "// use two\nconst ONE = TWO - 1;\n" }],
  ["two", { file: "m/two.wgsl", code: "// use one\nconst TWO = 2;\n" }],
]);

test("each module is put in once, whoever asks for it, and every line tells where it was written", () => {
  const { code, origins } = link("k.wgsl", "// A kernel.\n// use one\n// use two\nfn f() {}\n", known);
  expect(code.match(/const \w+/g)).toEqual(["const ONE", "const TWO"]);
  const lines = code.split("\n");
  expect(origins).toHaveLength(lines.length);
  const at = (text: string) => origins[lines.findIndex((line) => line.startsWith(text))];
  expect(at("fn f")).toEqual({ file: "k.wgsl", line: 4 });
  expect(at("const ONE")).toEqual({ file: "m/one.wgsl", line: 2 });
  expect(at("const TWO")).toEqual({ file: "m/two.wgsl", line: 2 });
});

test("overrides stand before all that may depend on them, and tell where they were written", () => {
  const array = "var<workgroup> kept: array<f32, 2 * LANES>;";
  const modules = new Map([
    ["lanes", { file: "m/lanes.wgsl", code: `override LANES: u32 = 4;\n${array}\n` }],
  ]);
  const { code, origins } = link(
    "k.wgsl",
    "// use lanes\nenable subgroups;\nfn f() {}\noverride LAST: bool = false;\n",
    modules,
  );
  const lines = code.split("\n").filter(Boolean);
  expect(lines.slice(0, 3)).toEqual([
    "enable subgroups;",
    "override LAST: bool = false;",
    "override LANES: u32 = 4;",
  ]);
  expect(origins[code.split("\n").indexOf("override LANES: u32 = 4;")]).toEqual({
    file: "m/lanes.wgsl",
    line: 1,
  });
  expect(lines.filter((line) => line.startsWith("override"))).toHaveLength(2);
});

test("a module that is not there is told with file and line", () => {
  expect(() => link("k.wgsl", "\n// use three\n", known)).toThrow("k.wgsl:2: no WGSL module is called three");
});

test("every module is used by some shader", () => {
  const used = new Set(kernels.flatMap(({ origins }) => origins.map(({ file }) => file)));
  for (const { file } of allModules) expect(used).toContain(file);
});
