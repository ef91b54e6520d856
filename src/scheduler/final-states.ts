import { arrayShape } from "../quantities/array-axes.ts";
import { finalArrays } from "../quantities/measures.ts";
import type { CohortPlan } from "./cohort-plan.ts";
import type { Ending } from "./record-collector.ts";
import type { EndBlock, Sink } from "./sink.ts";

/**
 * Hands over how runs ended, with the predictors and weights that the document asks for, read from their states.
 *
 * @param staging room for the states, where any are read
 */
export async function readFinalStates(
  plan: CohortPlan,
  endings: readonly Ending[],
  sink: Sink,
  staging: GPUBuffer | undefined,
): Promise<void> {
  if (endings.length === 0) return;
  const { members, model, planner, record } = plan;
  const end: EndBlock = {
    runs: Uint32Array.from(endings, ({ position }) => members[position].run.index),
    status: endings.map(({ status }) => status),
    epochs: Float64Array.from(endings, ({ epoch }) => epoch),
    time: Float64Array.from(endings, ({ time }) => time),
  };
  if (staging) {
    const { gpu } = planner.device;
    const encoder = gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(model.state, 0, staging, 0, model.state.size);
    gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const states = new Float32Array(staging.getMappedRange());
    end.arrays = {};
    for (const name of record.arrays) {
      const read = finalArrays[name]?.(model.measurable);
      if (!read) continue;
      const items = endings.map(({ position }) =>
        read(states.subarray(position * model.stride, (position + 1) * model.stride), members[position]),
      );
      const { run, dataset } = members[endings[0].position];
      end.arrays[name] = { shape: arrayShape(name, run, dataset), data: stacked(items) };
    }
  }
  await sink.end(end);
}

function stacked(vectors: readonly Float64Array[]): Float32Array {
  const length = vectors[0].length;
  const rows = new Float32Array(vectors.length * length);
  vectors.forEach((vector, row) => rows.set(vector, row * length));
  return rows;
}
