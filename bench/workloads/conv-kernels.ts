import { triangle } from "../../src/wgsl/kernel.ts";
import { expectConvKernel } from "./conv-kernel-reference.ts";
import { convSeeds } from "./conv-seeds.ts";
import { expectKernels, kernelProblem } from "./kernel-problem.ts";
import type { ConvKernels, Workload } from "./problem.ts";

/** Tangent kernels of networks of two convolutions on generated images, each from a start of its own. */
export function convKernels(
  samples: number,
  side: number,
  channels: number,
  runs: readonly number[],
): Workload<ConvKernels> {
  const networks = convSeeds(samples, side, channels, runs);
  return {
    id: networks.id.replace("conv", "conv-gram"),
    title: `tangent kernels of ${networks.title.replace(" from their own starts", "")}`,
    runs,
    mostChecked: 2,
    problem: (count) => ({ ...kernelProblem(networks.problem(count), samples), kind: "conv-kernels" }),
    // Forwards, back through the second convolution and to the weights of every sample, whose inner products are one triangle.
    flops({ runs, parameters, layers: [first, second, last] }) {
      const [own, through] = [first, second].map(
        ({ fan_in, fan_out, positions }) => fan_in * fan_out * positions,
      );
      return 2 * runs * (samples * (2 * own + 3 * through + last.fan_in) + triangle(samples) * parameters);
    },
    bytes: ({ runs, parameters }) => 4 * (runs * (parameters + samples ** 2) + samples * side ** 2),
    expect: expectKernels(expectConvKernel),
  };
}
