import { modulesOf } from "../../wgsl/modules.ts";

/** Modules that shaders of diagonal networks may ask for; other pages fetch none of them. */
export const diagonalModules = modulesOf(
  import.meta.glob<string>("./*.wgsl", { query: "?raw", import: "default", eager: true }),
  "kernels/diagonal",
);
