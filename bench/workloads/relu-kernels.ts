import { triangle } from "../../src/wgsl/kernel.ts";
import { expectKernels, kernelProblem } from "./kernel-problem.ts";
import type { ReluKernels, Workload } from "./problem.ts";
import { expectReluKernel } from "./relu-kernel-reference.ts";
import { reluSeeds } from "./relu-seeds.ts";

/** Tangent kernels of networks with some hidden layers on one dataset of sparse signs, each from a start of its own. */
export function reluKernels(
  samples: number,
  inputs: number,
  widths: number[],
  runs: readonly number[],
): Workload<ReluKernels> {
  const shape = [samples, inputs, ...widths].join("x");
  const networks = reluSeeds(samples, inputs, widths, runs);
  return {
    id: `gram-${shape}`,
    title: `tangent kernels of ReLU networks of ${widths.join(", ")} units, N = ${samples}, n = ${inputs}`,
    runs,
    mostChecked: 2,
    problem: (count) => ({ ...kernelProblem(networks.problem(count), samples), kind: "relu-kernels" }),
    // A product a layer forwards, one back through all but the first, and one triangle of two Gram matrices a layer:
    // the signals back from the output are 1, and the inputs' Gram matrix is the same for all runs.
    flops({ runs, parameters, layers: [first, ...above] }) {
      const products = samples * (2 * parameters - first.fan_in * first.fan_out);
      const hidden = above.reduce((sum, { fan_in }) => sum + 2 * fan_in, 0);
      return 2 * runs * (products + triangle(samples) * hidden);
    },
    bytes: ({ runs, parameters }) => 4 * (runs * (parameters + samples ** 2) + samples * inputs),
    expect: expectKernels(expectReluKernel),
  };
}
