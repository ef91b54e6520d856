import { convKernels } from "./conv-kernels.ts";
import { convSeeds } from "./conv-seeds.ts";
import { diagonalSweep, KERNEL, RICH } from "./diagonal-sweep.ts";
import { kernelRecords } from "./kernel-records.ts";
import { matrixSweep } from "./matrix-sweep.ts";
import { reluKernels } from "./relu-kernels.ts";
import { reluSeeds } from "./relu-seeds.ts";
import type { Workload } from "./problem.ts";

/** What is measured: one line a workload. */
export const workloads: readonly Workload[] = [
  diagonalSweep(10, 20, [1, 4, 16, 64, 256, 1024, 4096]),
  diagonalSweep(100, 250, [1, 4, 20, 64, 256, 512, 1024, 4096]),
  diagonalSweep(100, 250, [64], 2, RICH),
  diagonalSweep(100, 250, [64], 2, KERNEL),
  diagonalSweep(100, 1000, [1, 4, 16, 64, 256, 1024, 4096]),
  diagonalSweep(100, 1000, [64], 3),
  kernelRecords(10, 20),
  reluSeeds(200, 20, [10], [1, 4, 16, 60, 256]),
  reluSeeds(200, 20, [64, 64, 64], [1, 4, 16]),
  reluKernels(256, 20, [256, 256, 256], [16]),
  convSeeds(8, 12, 8, [16, 64]),
  convSeeds(8, 12, 32, [16, 64]),
  convSeeds(4, 28, 8, [16, 64]),
  convSeeds(4, 28, 32, [16, 64]),
  convKernels(8, 12, 8, [16]),
  convKernels(8, 12, 32, [16]),
  matrixSweep(10, 60, 2, [16, 64, 256, 1024, 4096]),
  matrixSweep(10, 60, 3, [16, 64, 256, 1024, 4096]),
  matrixSweep(100, 2000, 3, [1, 4, 16]),
];

/** @throws Error where there is none of that id */
export function workloadOf(id: string): Workload {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (!workload) throw new Error(`there is no workload "${id}"`);
  return workload;
}
