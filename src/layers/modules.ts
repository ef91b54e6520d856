import { modulesOf } from "../wgsl/modules.ts";

/** Modules that shaders of layers may ask for; pages without networks fetch none of them. */
export const layerModules = modulesOf(
  import.meta.glob<string>("./**/*.wgsl", { query: "?raw", import: "default", eager: true }),
  "layers",
);
