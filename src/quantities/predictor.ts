import { difference } from "../kernels/difference.ts";
import type { CohortContext } from "../models/model.ts";
import type { Finish } from "../plan/recorder.ts";
import type { QuantityName } from "./catalogue.ts";
import { l1Norm, l2Norm } from "../theory/norms.ts";
import { solve } from "./solutions.ts";

/** Quantities of a linear predictor. */
export const predictorQuantities = [
  "predictor_l1",
  "predictor_l2",
  "population_l1",
  "population_l2",
  "min_l1_distance",
  "min_l2_distance",
  "excess_l1",
  "excess_l2",
  "bias_gap",
] as const satisfies readonly QuantityName[];

type Names = (typeof predictorQuantities)[number];

/**
 * Norms of the linear predictor beta and of its distance to given vectors.
 *
 * @param beta coefficients, [rows, inputs], `channels` rows a run
 * @param starts of each run, what its predictor started from where `beta` holds only the change since
 * @param row of a run's rows, which its predictor is
 */
export async function predictor(
  context: CohortContext,
  beta: GPUBuffer,
  channels: number,
  starts: readonly (Float64Array | undefined)[],
  row = 0,
): Promise<Record<Names, () => Finish>> {
  const solutions = await solve(context.members, context.quantities);
  const { recorder, planner, inputs, members, data } = context;
  const { singles } = context.tables;
  const stride = channels * inputs;

  /** Norms of the predictor less one vector a run: `vectors[of[position]]`, or less nothing where there is none. */
  const distance = (name: string, vectors: readonly (Float64Array | undefined)[], of: readonly number[]) =>
    recorder.norms(name, () => {
      const out = planner.buffer(name, 4 * members.length * inputs);
      // Runs that started from the same predictor and are compared with the same vector share one row.
      const rows = new Map<string, number>();
      const joined: number[] = [];
      const index = of.map((vector, position) => {
        const key = starts[position] ? `run ${position}` : `vector ${vector}`;
        if (!rows.has(key)) {
          rows.set(key, rows.size);
          for (let i = 0; i < inputs; i++)
            joined.push((vectors[vector]?.[i] ?? 0) - (starts[position]?.[i] ?? 0));
        }
        return rows.get(key)!;
      });
      const b = planner.filled(`${name} vectors`, Float32Array.from(joined));
      const place = planner.filled(`${name} of run`, Uint32Array.from(index));
      const scale = planner.filled("ones", new Float32Array(members.length).fill(1));
      recorder.add(() =>
        planner.dispatch(difference, {
          params: { length: inputs, a_stride: stride, a_offset: row * inputs, b_stride: inputs, b_offset: 0 },
          bind: { singles, a: beta, b, index: place, scale, out },
          shape: () => ({ length: inputs }),
        }),
      );
      return { buffer: out, length: inputs, stride: inputs, first: 0, fields: 1 };
    });
  const own = () => {
    if (starts.some(Boolean))
      return distance(
        "predictor",
        [undefined],
        starts.map(() => 0),
      );
    return recorder.norms("predictor", () => ({
      buffer: beta,
      length: inputs,
      stride,
      first: row,
      fields: 1,
    }));
  };
  const population = () =>
    distance(
      "population",
      data.datasets.map(({ betaStar }) => betaStar),
      [...data.datasetOf],
    );

  const toMinimumL1 = () =>
    distance("minimum l1", data.datasets.map(solutions.minimumL1), [...data.datasetOf]);
  const toMinimumL2 = () =>
    distance("minimum l2", data.datasets.map(solutions.minimumL2), [...data.datasetOf]);
  const toMinimizer = () =>
    distance("minimizer of Q", members.map(solutions.biasMinimizer), [...members.keys()]);

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
    min_l1_distance: () => {
      const norm = toMinimumL1();
      return (record) => record.norm(norm).l1;
    },
    min_l2_distance: () => {
      const norm = toMinimumL2();
      return (record) => record.norm(norm).l2;
    },
    excess_l1: () => {
      const norm = own();
      return (record) => record.norm(norm).l1 - l1Norm(solutions.minimumL1(record.member.dataset));
    },
    excess_l2: () => {
      const norm = own();
      return (record) => record.norm(norm).l2 - l2Norm(solutions.minimumL2(record.member.dataset));
    },
    bias_gap: () => {
      const norm = toMinimizer();
      return (record) => {
        const minimizer = solutions.biasMinimizer(record.member);
        return minimizer && record.norm(norm).l2 / l2Norm(minimizer);
      };
    },
  };
}
