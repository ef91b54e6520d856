import { diagonalModules } from "../../src/kernels/diagonal/modules.ts";
import { lossModules } from "../../src/kernels/loss-modules.ts";
import { layerModules } from "../../src/layers/modules.ts";
import { productModules } from "../../src/products/products.ts";
import { modules } from "../../src/wgsl/modules.ts";
import { type Kernel, type Overrides, specialised } from "../../src/wgsl/kernel.ts";

const sources = import.meta.glob<string>(["../../shaders/*.wgsl", "../../src/layers/*/*.wgsl"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const records = import.meta.glob<Record<string, unknown>>(
  ["../../src/kernels/*.ts", "../../src/layers/*/*.ts"],
  { eager: true },
);

/** Every module, of whichever table. */
export const allModules = [modules, productModules, lossModules, layerModules, diagonalModules].flatMap(
  (table) => [...table.values()],
);

const asked = new Set(
  Object.values(sources).flatMap((code) =>
    Array.from(code.matchAll(/^\/\/ use (\w+)$/gm), ([, name]) => name),
  ),
);

/** Every shader's own text by its file's name, but for modules of others: a new one is tested without being named here. */
export const shaders = new Map(
  Object.entries(sources)
    .map(([path, code]) => [path.slice(path.lastIndexOf("/") + 1), code] as const)
    .filter(([file]) => !asked.has(file.slice(0, -".wgsl".length))),
);

const isKernel = (value: unknown): value is Kernel =>
  typeof value === "object" && value !== null && "origins" in value;

/** A record, or those of a family of products, or of a kind of layer. */
const kernelsIn = (value: unknown, depth = 0): Kernel[] =>
  isKernel(value)
    ? [value]
    : typeof value === "object" && value !== null && depth < 2
      ? Object.values(value).flatMap((inner) => kernelsIn(inner, depth + 1))
      : [];

/** Every kernel record that src/kernels and src/layers export. */
export const kernels: Kernel[] = [
  ...new Set(
    Object.values(records).flatMap((module) => Object.values(module).flatMap((value) => kernelsIn(value))),
  ),
];

/** A kernel's whole text, its constants those that its record has first. */
export const textOf = (kernel: Kernel): string =>
  specialised(kernel, Object.fromEntries(kernel.constants.map((name) => [name, kernel.overrides[name][0]])));

export const nameOf = ({ file, entry }: Kernel): string => `${file} ${entry}`;

/** All combinations of overrides' values. */
export function variantsOf(overrides: Kernel["overrides"]): Overrides[] {
  return Object.entries(overrides).reduce<Overrides[]>(
    (variants, [name, values]) =>
      variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value }))),
    [{}],
  );
}
