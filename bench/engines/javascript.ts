import type { Engine } from "./engine.ts";
import { makeConvKernels, trainConv } from "./javascript-conv.ts";
import { trainDiagonal } from "./javascript-diagonal.ts";
import { trainMatrix } from "./javascript-matrix.ts";
import { trainRelu } from "./javascript-relu.ts";
import { makeKernels } from "./javascript-relu-kernels.ts";

/** The same training in plain JavaScript, as one would write it for speed: one thread, typed arrays of float32. */
export const javascript: Engine = {
  id: "js",
  async prepare(problem) {
    if (problem.kind === "diagonal-sweep") return trainDiagonal(problem);
    if (problem.kind === "matrix-sweep") return trainMatrix(problem);
    if (problem.kind === "conv-seeds") return trainConv(problem);
    if (problem.kind === "conv-kernels") return makeConvKernels(problem);
    return problem.kind === "relu-seeds" ? trainRelu(problem) : makeKernels(problem);
  },
};
