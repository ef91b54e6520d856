/** Different ways to do one dispatch's work, from the same bindings and parameters. */

import type { Kernel, Overrides, Shape } from "./kernel.ts";

/** A kernel with those of its `override` constants that decide how the work is cut. */
export interface Variant {
  kernel: Kernel;
  overrides: Overrides;
}

/** Variants to choose from. */
export interface Choice {
  /** The plain one first: the others must agree with it. */
  variants: readonly Variant[];
  /** What is taken unless something faster is known; it may be none of the variants. */
  standard: Variant;
}

/** The variants that works of a sweep are done by, by name, where not by the standard ones: the same in all its parts. */
export type Settled = Readonly<Record<string, string>>;

/** The values that a kernel's record offers for one of its constants, the plain one first. */
export const offered = ({ overrides }: Kernel, name: string): number[] => (overrides[name] ?? []).map(Number);

/** How a variant is called: shader, entry point, and the constants in an order of their own. */
export function variantName({ kernel, overrides }: Variant): string {
  const constants = Object.keys(overrides)
    .sort()
    .map((name) => `${name}=${Number(overrides[name])}`);
  return [`${kernel.file}#${kernel.entry}`, ...constants].join(" ");
}

/** All variants of a choice, each once: the plain one first, and the standard among them. */
export const variantsOf = ({ variants, standard }: Choice): Variant[] => [
  ...new Map([...variants, standard].map((variant) => [variantName(variant), variant])).values(),
];

/** Sizes that one run's work depends on, whatever the number of runs. */
const SIZES = [
  "samples",
  "inputs",
  "outputs",
  "channels",
  "capacity",
  "size",
  "length",
  "fields",
  "copies",
  "units",
  "height",
  "width",
];
const LAYER = ["fan_in", "fan_out"];

/** How a dispatch's work is called: the shader, what it is specialised by, and the sizes of one run's share. */
export function workName({ file }: Kernel, overrides: Overrides, shape: Shape): string {
  const special = Object.keys(overrides)
    .sort()
    .filter((name) => Number(overrides[name]) !== 0)
    .map((name) => `${name}=${Number(overrides[name])}`);
  const sizes = [...SIZES, ...LAYER]
    .filter((name) => shape[name] !== undefined)
    .map((name) => `${name}=${shape[name]}`);
  return [file, ...special, ...sizes].join(" ");
}
