import type { Engine } from "./engine.ts";
import { trainDiagonal } from "./javascript_diagonal.ts";
import { trainRelu } from "./javascript_relu.ts";

/** The same training in plain JavaScript, as one would write it for speed: one thread, typed arrays of float32. */
export const javascript: Engine = {
  id: "js",
  prepare: async (problem) => (problem.kind === "relu-seeds" ? trainRelu(problem) : trainDiagonal(problem)),
};
