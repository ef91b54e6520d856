import { modulesOf } from "../wgsl/modules.ts";

/** Modules of losses, for shaders that train on one; pages fetch them with a model. */
export const lossModules = modulesOf(
  import.meta.glob<string>("../losses/**/*.wgsl", { query: "?raw", import: "default", eager: true }),
  "kernels",
);
