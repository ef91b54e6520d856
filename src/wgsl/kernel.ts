/**
 * A kernel as the scheduler may know it: WGSL, its bindings in order, its `override` constants, its grid.
 *
 * `test/shaders/reflection.test.ts` reads every shader and fails when it disagrees with its record.
 */

import { type Linked, link } from "./link.ts";
import { type Modules, modules } from "./modules.ts";

/** `step` is a uniform with a dynamic offset: one training step's numbers (src/plan/clock.ts). */
export type BindingKind = "uniform" | "step" | "read" | "read-write";
export type Field = "u32" | "f32";
export type Overrides = Record<string, number | boolean>;
/** The sizes that a grid and a cost depend on, by name. */
export type Shape = Record<string, number>;

export interface KernelDefinition {
  /** The shader's file, and its folder: shaders/ where it is left out. */
  file: string;
  folder?: string;
  /** Its text, which may use modules (src/wgsl/link.ts). */
  code: string;
  entry?: string;
  /** Modules that it may ask for beside those of src/wgsl. */
  modules?: readonly Modules[];
  /** The skeleton of products that it fills (src/products/): modules, the first of which has an entry point of its name. */
  skeleton?: readonly string[];
  /** Optional features that its shader enables. */
  features?: readonly GPUFeatureName[];
  /** Variables of group 0, in binding order. */
  bindings: Record<string, BindingKind>;
  /** Fields of `struct Params`, in order; the uniform `params` holds them. */
  params: Record<string, Field>;
  /** `override` constants and the values that the tuner may try, the plain one first. */
  overrides?: Record<string, readonly (number | boolean)[]>;
  /** Of these, whole numbers that are constants of the shader's text, so that registers are as many as are used. */
  constants?: readonly string[];
  /** Workgroups. */
  grid(shape: Shape, overrides: Overrides): [number, number?, number?];
  /** Multiplications and additions of one dispatch. */
  flops?(shape: Shape): number;
  /** What variants are compared on, of a kernel that has any. */
  trial?: Trial;
}

/** Numbers on which variants of a kernel must agree. */
export interface Trial {
  /**
   * By binding, what its floats are drawn from; bindings that hold places, lengths or states of runs keep what they have.
   * Of small whole numbers all products and sums are exact, in any order and with any contraction.
   */
  numbers: Record<string, readonly number[]>;
  /** Roundings of an output that is not exact even so; variants may differ by those of both. None where left out. */
  roundings?(overrides: Overrides, shape: Shape): number;
}

/** Whole numbers, none of them 0: every product counts. */
export const WHOLE = [-2, -1, 1, 2];

export interface Kernel extends KernelDefinition {
  /** Where each line of the code was written. */
  origins: Linked["origins"];
  entry: string;
  features: readonly GPUFeatureName[];
  overrides: Record<string, readonly (number | boolean)[]>;
  constants: readonly string[];
}

export const defineKernel = (definition: KernelDefinition): Kernel => ({
  entry: definition.skeleton?.[0] ?? "main",
  features: [],
  overrides: {},
  constants: [],
  ...definition,
  ...link(
    `${definition.folder ?? "shaders"}/${definition.file}`,
    definition.code,
    new Map([modules, ...(definition.modules ?? [])].flatMap((table) => [...table])),
    definition.skeleton,
  ),
});

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Entries on and below the diagonal of a size x size matrix. */
export const triangle = (size: number): number => (size * (size + 1)) / 2;

/** A kernel's text, specialised: its constants are declared in the first empty line. */
export const specialised = ({ code, constants }: Kernel, overrides: Overrides): string =>
  code.replace(/^$/m, constants.map((name) => `const ${name} = ${Number(overrides[name])}u;`).join(" "));
