import { expect, test } from "vitest";
import { type StructInfo, type VariableInfo, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import type { BindingKind, Kernel } from "../../src/wgsl/kernel.ts";
import { Clock, STEP_BYTES, type StepNumbers } from "../../src/plan/clock.ts";
import { allModules, kernels, nameOf, shaders, textOf } from "./records.ts";
import { overridesIn, overridesOf } from "./wgsl.ts";

const reflected = new Map(kernels.map((kernel) => [kernel, new WgslReflect(textOf(kernel))]));

const fieldsOf = ({ members }: StructInfo) => members.map(({ name, type }) => [name, type.name]);

const structIn = (kernel: Kernel, name: string) =>
  reflected.get(kernel)!.structs.find((struct) => struct.name === name);

function kindOf(variable: VariableInfo): BindingKind {
  if (variable.resourceType === 0) return variable.type.name === "Step" ? "step" : "uniform";
  return variable.access === "read_write" ? "read-write" : "read";
}

test("every shader has a kernel record and every record a shader", () => {
  expect([...new Set(kernels.map(({ file }) => file))].sort()).toEqual([...shaders.keys()].sort());
});

for (const [file, code] of shaders)
  test(`${file} begins with a comment that says what it computes`, () => {
    expect(code).toMatch(/^\/\/ \S.*\n(\/\/.*\n)+\n/);
  });

const texts = [...new Set(kernels.map(textOf))].map(
  (text) => [text, kernels.filter((kernel) => textOf(kernel) === text)] as const,
);
for (const [text, own] of texts)
  test(`all entry points and overrides of ${own.map(nameOf).join(", ")} are in records`, () => {
    const entries = reflected.get(own[0])!.entry.compute.map(({ name }) => name);
    expect(own.map(({ entry }) => entry).sort()).toEqual(entries.sort());
    const tuned = own.flatMap(({ overrides, constants }) =>
      Object.keys(overrides).filter((name) => !constants.includes(name)),
    );
    expect([...new Set(tuned)].sort()).toEqual([...overridesIn(text).keys()].sort());
  });

for (const kernel of kernels)
  test(`the record of ${nameOf(kernel)} agrees with the shader`, () => {
    const shader = reflected.get(kernel)!;
    expect(kernel.code).toContain(
      shaders
        .get(kernel.file)!
        .replace(/^(enable|override) .*;\n/gm, "")
        .trimEnd(),
    );

    const variables = [...shader.uniforms, ...shader.storage].sort((a, b) => a.binding - b.binding);
    expect(variables.map(({ group }) => group)).toEqual(variables.map(() => 0));
    expect(variables.map(({ binding }) => binding)).toEqual([...variables.keys()]);
    expect(Object.entries(kernel.bindings)).toEqual(
      variables.map((variable) => [variable.name, kindOf(variable)]),
    );

    const params = structIn(kernel, "Params")!;
    expect(Object.entries(kernel.params)).toEqual(fieldsOf(params));
    expect(params.members.map(({ offset }) => offset)).toEqual(params.members.map((_, place) => 4 * place));

    const types = overridesIn(kernel.code);
    expect([...types.keys()]).toEqual(shader.overrides.map(({ name }) => name));
    const overridden = Object.keys(kernel.overrides).filter((name) => !kernel.constants.includes(name));
    expect(overridden.sort()).toEqual(overridesOf(kernel.code, kernel.entry).sort());
    for (const [name, values] of Object.entries(kernel.overrides))
      for (const value of values)
        expect(typeof value, name).toBe(types.get(name) === "bool" ? "boolean" : "number");
  });

for (const kernel of kernels)
  test(`${nameOf(kernel)} has workgroups of at most 256 invocations and 8 storage buffers`, () => {
    const entry = reflected.get(kernel)!.entry.compute.find(({ name }) => name === kernel.entry)!;
    const size = entry.attributes!.find(({ name }) => name === "workgroup_size")!.value as string | string[];
    const constants = new Map(
      Array.from(kernel.code.matchAll(/^const (\w+) = (\d+)u;/gm), ([, name, value]) => [
        name,
        [Number(value)],
      ]),
    );
    const choices = [size].flat().map((side) => {
      const values = kernel.overrides[side] ?? constants.get(side) ?? [Number(side)];
      return Math.max(...values.map(Number));
    });
    const invocations = choices.reduce((product, side) => product * side, 1);
    expect(invocations).toBeGreaterThan(0);
    expect(invocations).toBeLessThanOrEqual(256);
    const storage = Object.values(kernel.bindings).filter((kind) => kind === "read" || kind === "read-write");
    expect(storage.length).toBeLessThanOrEqual(8);
  });

test("struct Step is what the clock writes, in every shader that reads it", () => {
  const numbers: StepNumbers = { index: 1, start: 2, size: 3, order: 4, scale: 0.5 };
  let written = new DataView(new ArrayBuffer(0));
  const queue = {
    writeBuffer: (_: unknown, __: number, bytes: ArrayBuffer) => (written = new DataView(bytes)),
  };
  const clock = new Clock({ queue } as unknown as GPUDevice, {} as GPUBuffer);
  expect(clock.add({ ...numbers, index: 9 })).toBe(0);
  const slot = clock.add(numbers);
  clock.flush();
  let readers = 0;
  for (const kernel of kernels) {
    const { file, bindings } = kernel;
    const step = structIn(kernel, "Step");
    expect(step !== undefined, file).toBe(Object.values(bindings).includes("step"));
    if (!step) continue;
    readers += 1;
    expect(step.size).toBe(STEP_BYTES);
    const read = step.members.map(({ name, type, offset }) => [
      name,
      type.name === "f32" ? written.getFloat32(slot + offset, true) : written.getUint32(slot + offset, true),
    ]);
    expect(Object.fromEntries(read), file).toEqual(numbers);
  }
  expect(readers).toBeGreaterThan(0);
});

/** What a family of products says of itself (src/products/block.wgsl), and a kind of layer (src/layers/layer_forward.wgsl). */
const HOOKS =
  /^fn (?:product|size|row|column|term|below|above|parts|value)_of\b|^fn (?:left|right|four)_at\b|^fn (?:add|put|fold|see|close|has_above)\b|^fn (?:meet|base_below|z_below)\b/;

test("no struct or helper stands in two files", () => {
  const files = [
    ...[...shaders].map(([file, code]) => ({ file, code })),
    ...allModules.filter(({ file }) => !shaders.has(file.slice(file.lastIndexOf("/") + 1))),
  ];
  const places = new Map<string, string[]>();
  for (const { file, code } of files)
    for (const [text] of code.matchAll(/^(?:struct|fn) (?!Params)\w+[^]*?^\}/gm))
      if (!HOOKS.test(text)) places.set(text, [...(places.get(text) ?? []), file]);
  const twice = [...places].filter(([, files]) => files.length > 1);
  expect(Object.fromEntries(twice)).toEqual({});
});
