/** The page that compares variants of kernels for `npm run kernel`, in headless Chrome. */

import { openDevice } from "../../src/engine.ts";
import { type KernelBench, kernelBenchOn } from "./contestants.ts";

declare global {
  interface Window {
    alphasweepKernels: KernelBench;
  }
}

window.alphasweepKernels = kernelBenchOn((adapter) => openDevice({ gpu: navigator.gpu, adapter }));
