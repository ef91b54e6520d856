import type { Kernel, Overrides } from "../../src/kernels/kernel.ts";
import { link } from "../../src/wgsl/link.ts";
import { modules } from "../../src/wgsl/modules.ts";

const sources = import.meta.glob<string>("../../shaders/*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const records = import.meta.glob<Record<string, unknown>>("../../src/kernels/*.ts", { eager: true });

/** Every shader by its file's name, with its modules: a new one is tested without being named here. */
export const shaders = new Map(
  Object.entries(sources).map(([path, code]) => {
    const file = path.slice(path.lastIndexOf("/") + 1);
    return [file, link(`shaders/${file}`, code, modules).code];
  }),
);

const isKernel = (value: unknown): value is Kernel =>
  typeof value === "object" && value !== null && "code" in value && "bindings" in value;

/** Every kernel record that src/kernels exports. */
export const kernels: Kernel[] = Object.values(records).flatMap((module) =>
  Object.values(module).filter(isKernel),
);

export const nameOf = ({ file, entry }: Kernel): string => `${file} ${entry}`;

/** All combinations of overrides' values. */
export function variantsOf(overrides: Kernel["overrides"]): Overrides[] {
  return Object.entries(overrides).reduce<Overrides[]>(
    (variants, [name, values]) =>
      variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value }))),
    [{}],
  );
}
