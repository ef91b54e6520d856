import type { ConvNetworks, ReluNetworks } from "../workloads/problem.ts";

/** Where the runs start, a layer at a time: [runs, fan_out, fan_in] each. */
export const startsOf = ({
  layers,
  starts,
  runs,
  parameters,
}: ReluNetworks | ConvNetworks): Float32Array<ArrayBuffer>[] =>
  layers.map(({ offset, fan_in, fan_out }) => {
    const size = fan_in * fan_out;
    const layer = new Float32Array(runs * size);
    for (let run = 0; run < runs; run++)
      layer.set(starts.subarray(run * parameters + offset, run * parameters + offset + size), run * size);
    return layer;
  });
