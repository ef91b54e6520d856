import { type Kernel, type Overrides, specialised } from "../../src/wgsl/kernel.ts";

const sources = import.meta.glob<string>("../../shaders/*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const records = import.meta.glob<Record<string, unknown>>("../../src/kernels/*.ts", { eager: true });

/** Every shader's own text by its file's name: a new one is tested without being named here. */
export const shaders = new Map(
  Object.entries(sources).map(([path, code]) => [path.slice(path.lastIndexOf("/") + 1), code]),
);

const isKernel = (value: unknown): value is Kernel =>
  typeof value === "object" && value !== null && "origins" in value;

/** Every kernel record that src/kernels exports, on its own or as one of a family of products. */
export const kernels: Kernel[] = Object.values(records).flatMap((module) =>
  Object.values(module).flatMap((value) =>
    typeof value === "object" && value !== null ? [value, ...Object.values(value)].filter(isKernel) : [],
  ),
);

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
