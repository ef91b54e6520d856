/**
 * Kernels with workgroup memory under wgsl_reflect's race detector, which runs one workgroup's invocations in lockstep
 * from barrier to barrier and compares what they touch in between.
 *
 * Version 1.6 steps over a barrier that is the first statement of a block, and then sees races that are not there: a
 * statement is put before every barrier. It does not watch single numbers in workgroup memory, so results are compared
 * too. That each barrier's absence is seen, in races or results, shows that the detector sees them all.
 */
import { expect, test } from "vitest";
import { detectRaces } from "wgsl_reflect/wgsl_reflect.module.js";
import { type Kernel, type Overrides, specialised } from "../../src/wgsl/kernel.ts";
import { kernels, nameOf } from "./records.ts";
import { sharesMemory } from "./wgsl.ts";

interface Inputs {
  overrides?: Overrides[];
  params: () => Uint32Array;
  step?: () => Uint32Array;
  bind: Record<string, () => Float32Array | Uint32Array>;
  /** Barriers, by their place in the code, whose absence changes nothing. */
  spare?: number[];
}

const zeros = (count: number) => () => new Uint32Array(count);
const poisoned = (count: number) => () => new Float32Array(count).fill(NaN);
/** A struct of u32 fields, then f32 fields. */
const struct = (words: number[], floats: number[]) => () =>
  Uint32Array.of(...words, ...new Uint32Array(Float32Array.from(floats).buffer));
const waves = (count: number) => () => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i));

/** `struct Params` of a layer (src/layers/layer.wgsl). */
const layer = struct([70, 0, 2, 1, 70, 1, 1, 3, 1, 3, 3, 0, 0, 0, 2, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2], []);

/** Inputs on which all of a kernel's loops run; more entries than lanes, and not a multiple of them. */
const inputs: Record<string, Inputs> = {
  "norms.wgsl": {
    params: struct([130, 130, 0, 0, 3, 1], []),
    bind: { run_tiles: zeros(12), v: waves(130), out: poisoned(3) },
  },
  "stop_check.wgsl": {
    overrides: [{ RUNNING: false }, { RUNNING: true }],
    params: struct([1, 130, 130, 1, 1], []),
    step: struct([0, 0, 130, 0], [1]),
    bind: {
      run_tiles: zeros(12),
      r: waves(130),
      runs: () => new Float32Array(6).fill(1000),
      running: () => new Float32Array(1),
      horizon: () => Uint32Array.of(1, 0),
      peak: () => new Float32Array(1),
    },
  },
  // Entries are as many as the square of the samples: fewer lanes will do.
  "gram_drift.wgsl": {
    overrides: [{ LANES: 8 }],
    params: struct([19, 1, 0, 0, 6], []),
    bind: {
      run_tiles: zeros(12),
      change: waves(19 * 19),
      start: waves(19 * 19),
      start_of: zeros(1),
      out: poisoned(8),
    },
  },
  // 2 steps on 3 samples.
  "lanczos.wgsl": {
    overrides: [{ LANES: 4 }],
    params: struct([3, 1, 0, 2, 3, 0, 6], []),
    bind: {
      run_tiles: zeros(12),
      change: zeros(9),
      start: () => Float32Array.from({ length: 9 }, (_, i) => Math.cos(Math.floor(i / 3) - (i % 3))),
      start_of: zeros(1),
      y: waves(3),
      runs: () => new Float32Array(7).fill(1),
      basis: () => new Float32Array(9),
      out: poisoned(6),
    },
  },
  "relu_activity.wgsl": {
    params: struct([3, 1, 1, 131, 0, 130, 0, 2], []),
    bind: { run_tiles: zeros(12), base: waves(393), z: waves(393), out: poisoned(2) },
  },
  // Two units below, the output above, 70 samples.
  "relu_jacobian.wgsl": {
    overrides: [{ LINEAR: true, FIRST: false, TOP: false, ADDS: false }],
    params: layer,
    bind: {
      run_tiles: zeros(12),
      X: waves(140),
      base: waves(210),
      z: waves(210),
      signals: waves(210),
      changes: waves(210),
      out: poisoned(3),
    },
  },
  "conv_jacobian.wgsl": {
    overrides: [{ ADDS: false }],
    params: layer,
    bind: { run_tiles: zeros(12), tangents: waves(280), out: poisoned(3) },
  },
  "margins.wgsl": {
    params: struct([130, 1, 0, 1, 0, 2], []),
    bind: {
      run_tiles: zeros(12),
      outputs: waves(130),
      y: () => new Float32Array(130).fill(1),
      out: poisoned(2),
    },
  },
  "matrix_flow_scale.wgsl": {
    overrides: [{ PAIR: false }, { PAIR: true }],
    params: struct([1, 390, 130], []),
    bind: {
      run_tiles: zeros(12),
      factors: () => Uint32Array.of(0, 130),
      runs: () => new Float32Array(7).fill(1),
      state: waves(390),
      scale: () => new Float32Array(390),
    },
  },
  // Its own first barrier: lane 0 alone reads, and wrote, what it reads.
  "flow_decide.wgsl": {
    params: struct([130, 1, 130, 130, 1], [0.01, 1]),
    bind: {
      run_tiles: zeros(12),
      goal: () => Uint32Array.of(100, ...struct([], [1])(), 100, ...struct([], [1])()),
      r: waves(130),
      runs: () => new Float32Array(7),
      progress: struct([0, 0, 0, 0], [0, 0, 0.1, 100, 0]),
      horizon: () => Uint32Array.of(9, 0),
      y: () => new Float32Array(130),
      work: () => Float32Array.from({ length: 6 * 130 }, (_, i) => (i < 4 * 130 ? 1e-3 * Math.sin(i) : 1)),
    },
    spare: [0],
  },
};

const BARRIER = /\b(?:workgroup|storage)Barrier\(\);/g;

/** Code whose barriers are never the first statement of a block. */
function stepped(code: string): string {
  let place = 0;
  return code.replace(BARRIER, (barrier) => `let before_${place++} = 0u; ${barrier}`);
}

/** A constant's value, or what an override is where nobody says otherwise. */
const numberIn = (code: string, name: string): string | undefined =>
  new RegExp(`^(?:const|override) ${name}(?:: u32)? = (\\d+)u?;`, "m").exec(code)?.[1];

/** Code whose workgroup arrays have numbers for sizes: wgsl_reflect knows no overrides there. */
const sized = (code: string, overrides: Overrides): string =>
  code.replace(
    /array<(u32|f32|vec\d[uf]|Sum|LaneSum), ([^<>]+)>/g,
    (whole, type: string, product: string) => {
      const size = product.split(" * ").reduce((total, factor) => {
        const [, name, more] = /^\(?(\w+)(?: \+ (\d+)\))?$/.exec(factor)!;
        return total * (Number(overrides[name] ?? numberIn(code, name)) + Number(more ?? 0));
      }, 1);
      return Number.isNaN(size) ? whole : `array<${type}, ${size}>`;
    },
  );

/** Code without its barrier number `place`. */
function without(code: string, place: number): string {
  let seen = 0;
  return code.replace(BARRIER, (barrier) => (seen++ === place ? "" : barrier));
}

function races(kernel: Kernel, code: string, overrides: Overrides) {
  const { bind, ...uniforms } = inputs[kernel.file];
  const bound = Object.entries(kernel.bindings).map(([name, kind]) =>
    kind === "uniform" || kind === "step"
      ? { uniform: uniforms[name as "params" | "step"]!() }
      : bind[name](),
  );
  const found = detectRaces(
    sized(code, overrides),
    kernel.entry,
    [1, 1, 1],
    { "0": { ...bound } },
    {
      constants: Object.fromEntries(
        Object.entries(overrides).filter(([name]) => !kernel.constants.includes(name)),
      ),
    },
  );
  const results = bound.filter((_, place) => Object.values(kernel.bindings)[place] === "read-write");
  return { ...found, results };
}

/**
 * Skeletons of products are beyond wgsl_reflect's interpreter. That split.wgsl needs its barrier is seen on 32 lanes by
 * test/kernels/relu-layers.test.ts: a software adapter runs four at a time to their end.
 */
const sharing = kernels.filter(({ code, entry, skeleton }) => !skeleton && sharesMemory(code, entry));

test("there are kernels with workgroup memory, and each has inputs here", () => {
  expect([...new Set(sharing.map(({ file }) => file))].sort()).toEqual(Object.keys(inputs).sort());
});

for (const kernel of sharing)
  for (const overrides of inputs[kernel.file]?.overrides ?? [{}])
    test(`${nameOf(kernel)} ${JSON.stringify(overrides)} has no race, and needs its barriers`, () => {
      const code = specialised(kernel, overrides);
      const whole = races(kernel, stepped(code), overrides);
      expect(whole.races.map(({ message }) => message)).toEqual([]);
      expect(whole.errors).toEqual([]);
      for (const result of whole.results as Float32Array[]) expect(Array.from(result)).not.toContain(NaN);
      const barriers = code.match(BARRIER)!.length;
      expect(barriers).toBeGreaterThan(0);
      const spare = Array.from({ length: barriers }, (_, place) => place).filter((place) => {
        const part = races(kernel, stepped(without(code, place)), overrides);
        const same = JSON.stringify(part.results) === JSON.stringify(whole.results);
        return part.races.length === 0 && part.errors.length === 0 && same;
      });
      expect(spare).toEqual(inputs[kernel.file].spare ?? []);
    });
