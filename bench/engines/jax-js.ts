import { type Array as JaxArray, blockUntilReady, defaultDevice, init } from "@jax-js/jax";
import type { Problem } from "../workloads/problem.ts";
import type { Engine } from "./engine.ts";
import { convKernelsProgram, convProgram } from "./jax-js-conv.ts";
import { diagonalProgram } from "./jax-js-diagonal.ts";
import { matrixProgram } from "./jax-js-matrix.ts";
import type { JaxProgram } from "./jax-js-program.ts";
import { reluProgram } from "./jax-js-relu.ts";
import { reluKernelsProgram } from "./jax-js-relu-kernels.ts";
import { trainStepped } from "./stepped.ts";

function programOf(problem: Problem): JaxProgram {
  if (problem.kind === "diagonal-sweep") return diagonalProgram(problem);
  if (problem.kind === "matrix-sweep") return matrixProgram(problem);
  if (problem.kind === "conv-seeds") return convProgram(problem);
  if (problem.kind === "conv-kernels") return convKernelsProgram(problem);
  return problem.kind === "relu-seeds" ? reluProgram(problem) : reluKernelsProgram(problem);
}

const references = (weights: JaxArray[]) => weights.map((array) => array.ref);

/** jax-js as its users would write it: one compiled step of all runs. It has no loops to compile steps into. */
const jaxJs = (device: "webgpu" | "wasm"): Engine => ({
  id: `jax-js-${device}`,
  async prepare(problem) {
    if (!(await init(device)).includes(device)) throw new Error(`jax-js finds no ${device}`);
    defaultDevice(device);
    const program = programOf(problem);
    return trainStepped<JaxArray[], JaxArray>(problem, {
      start() {
        defaultDevice(device);
        return program.start();
      },
      step: (weights) => program.step(...weights),
      settle: async (weights) => {
        await blockUntilReady(weights);
      },
      result: (weights) => program.result(...references(weights)),
      read: async (array) => (await array.data()) as Float32Array,
      drop: (weights) => weights.forEach((array) => array.dispose()),
      release: () => program.held.forEach((each) => each.dispose()),
    });
  },
});

export const jaxJsWebgpu = jaxJs("webgpu");
export const jaxJsWasm = jaxJs("wasm");
