import * as tf from "@tensorflow/tfjs-core";
import type { Problem } from "../workloads/problem.ts";
import type { Engine } from "./engine.ts";
import { trainStepped } from "./stepped.ts";
import { convKernelsProgram, convProgram } from "./tfjs-conv.ts";
import { diagonalProgram } from "./tfjs-diagonal.ts";
import { matrixProgram } from "./tfjs-matrix.ts";
import { reluProgram } from "./tfjs-relu.ts";
import { reluKernelsProgram } from "./tfjs-relu-kernels.ts";

/** A problem's training as functions of its weights; they are called within `tf.tidy`. */
export interface TensorProgram {
  start(): tf.Tensor[];
  step(weights: tf.Tensor[]): tf.Tensor[];
  /** What every run has come to, [runs, length]. */
  result(weights: tf.Tensor[]): tf.Tensor;
  /** Tensors that all of these use. */
  constants: tf.Tensor[];
}

function programOf(problem: Problem): TensorProgram {
  if (problem.kind === "diagonal-sweep") return diagonalProgram(problem);
  if (problem.kind === "matrix-sweep") return matrixProgram(problem);
  if (problem.kind === "conv-seeds") return convProgram(problem);
  if (problem.kind === "conv-kernels") return convKernelsProgram(problem);
  return problem.kind === "relu-seeds" ? reluProgram(problem) : reluKernelsProgram(problem);
}

/**
 * TensorFlow.js as its users would write it: one tidied step of all runs, the gradient by hand.
 *
 * @param backend imported by whoever calls this
 */
export const tensorflow = (backend: "webgpu" | "wasm"): Engine => ({
  id: `tfjs-${backend}`,
  async prepare(problem) {
    // Small tensors would be computed in JavaScript, and the row would not be WebGPU's.
    if (backend === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs finds no ${backend}`);
    const program = programOf(problem);
    return trainStepped<tf.Tensor[], tf.Tensor>(problem, {
      start() {
        tf.setBackend(backend);
        return program.start();
      },
      step(weights) {
        const next = tf.tidy(() => program.step(weights));
        tf.dispose(weights);
        return next;
      },
      async settle(weights) {
        await weights[0].data();
      },
      result: (weights) => tf.tidy(() => program.result(weights)),
      async read(tensor) {
        const numbers = (await tensor.data()) as Float32Array;
        tensor.dispose();
        return numbers;
      },
      drop: (weights) => tf.dispose(weights),
      release: () => tf.dispose(program.constants),
    });
  },
});
