import { difference } from "../kernels/difference.ts";
import type { CohortContext } from "../models/model.ts";
import type { Finish } from "../scheduler/recorder.ts";
import type { QuantityName } from "./catalogue.ts";

type Names = Extract<QuantityName, "predictor_l1" | "predictor_l2" | "population_l1" | "population_l2">;

/**
 * Norms of the linear predictor beta and of its distance to given vectors.
 *
 * @param beta coefficients, [rows, inputs], `channels` rows a run, the predictor first
 */
export function predictor(
  context: CohortContext,
  beta: GPUBuffer,
  channels: number,
): Record<Names, () => Finish> {
  const { recorder, planner, inputs, members, data } = context;
  const { singles } = context.tables;
  const stride = channels * inputs;
  const own = () =>
    recorder.norms("predictor", () => ({ buffer: beta, length: inputs, stride, first: 0, fields: 1 }));

  /** Norms of beta less one vector a dataset. */
  const distance = (name: string, vectors: () => Float32Array) =>
    recorder.norms(name, () => {
      const out = planner.buffer(name, 4 * members.length * inputs);
      const b = planner.filled(`${name} vectors`, vectors());
      const index = planner.filled(`${name} of run`, data.datasetOf);
      recorder.add(() =>
        planner.dispatch(difference, {
          params: { length: inputs, a_stride: stride, a_offset: 0, b_stride: inputs, b_offset: 0 },
          bind: { singles, a: beta, b, index, out },
          shape: () => ({ length: inputs }),
        }),
      );
      return { buffer: out, length: inputs, stride: inputs, first: 0, fields: 1 };
    });
  const population = () =>
    distance("population", () => {
      const vectors = new Float32Array(data.datasets.length * inputs);
      data.datasets.forEach(({ betaStar }, place) => betaStar && vectors.set(betaStar, place * inputs));
      return vectors;
    });

  return {
    predictor_l1: () => {
      const norm = own();
      return (record) => record.norm(norm).l1;
    },
    predictor_l2: () => {
      const norm = own();
      return (record) => record.norm(norm).l2;
    },
    population_l1: () => {
      const norm = population();
      return (record) => (record.member.dataset.betaStar ? record.norm(norm).l1 : NaN);
    },
    population_l2: () => {
      const norm = population();
      return (record) => (record.member.dataset.betaStar ? record.norm(norm).l2 ** 2 : NaN);
    },
  };
}
