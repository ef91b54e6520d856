import type { MatrixSweep } from "../workloads/problem.ts";

/** Where the runs start, a factor at a time: [runs, size, size] each, W_1 first. */
export const factorsOfRuns = ({
  size,
  factors,
  runs,
  parameters,
  starts,
}: MatrixSweep): Float32Array<ArrayBuffer>[] =>
  Array.from({ length: factors }, (_, l) => {
    const all = new Float32Array(runs * size * size);
    for (let run = 0; run < runs; run++) {
      const at = run * parameters + l * size * size;
      all.set(starts.subarray(at, at + size * size), run * size * size);
    }
    return all;
  });
