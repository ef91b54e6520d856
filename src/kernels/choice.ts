/** Different ways to do one dispatch's work, from the same bindings and parameters. */

import type { Kernel, Overrides } from "./kernel.ts";

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
