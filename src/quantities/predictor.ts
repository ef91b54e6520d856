import { difference } from "../kernels/difference.ts";
import { l1Norm, l2Norm } from "../theory/norms.ts";
import type { Measure, Measured } from "./measured.ts";
import { type Solutions, solve } from "./solutions.ts";

/** A column: norms of the predictor less one vector a run, `vectors[of[position]]`, or less nothing where there is none. */
const distance = (
  { context, model }: Measured,
  name: string,
  vectors: readonly (Float64Array | undefined)[],
  of: readonly number[],
): number =>
  context.recorder.norms(name, () => {
    const { recorder, planner, inputs, members, tables } = context;
    const { beta, channels, row, starts } = model.predictor;
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
    const a = beta();
    recorder.add(() =>
      planner.dispatch(difference, {
        params: {
          length: inputs,
          a_stride: channels * inputs,
          a_offset: row * inputs,
          b_stride: inputs,
          b_offset: 0,
        },
        bind: { run_tiles: tables.runTiles, a, b, index: place, scale, out },
        shape: () => ({ length: inputs }),
      }),
    );
    return { buffer: out, length: inputs, stride: inputs, offset: 0, fields: 1 };
  });

/** A column: norms of the predictor itself. */
function own(measured: Measured): number {
  const { recorder, inputs } = measured.context;
  const { beta, channels, row, starts } = measured.model.predictor;
  if (starts.some(Boolean))
    return distance(
      measured,
      "predictor",
      [undefined],
      starts.map(() => 0),
    );
  return recorder.norms("predictor", () => ({
    buffer: beta(),
    length: inputs,
    stride: channels * inputs,
    offset: row * inputs,
    fields: 1,
  }));
}

const population = (measured: Measured): number => {
  const { data } = measured.context;
  return distance(
    measured,
    "population",
    data.datasets.map(({ betaStar }) => betaStar),
    [...data.datasetOf],
  );
};

/** What the predictor is compared with, computed once a plan. */
const solutionsOf = ({ context, quantities }: Measured): Promise<Solutions> =>
  context.recorder.once("solutions", () => solve(context.members, quantities));

/** Norms of the linear predictor beta and of its distance to given vectors. */
export const predictorMeasures = {
  predictor_l1: (measured) => {
    const norm = own(measured);
    return (record) => record.norm(norm).l1;
  },
  predictor_l2: (measured) => {
    const norm = own(measured);
    return (record) => record.norm(norm).l2;
  },
  population_l1: (measured) => {
    const norm = population(measured);
    return (record) => (record.member.dataset.betaStar ? record.norm(norm).l1 : NaN);
  },
  population_l2: (measured) => {
    const norm = population(measured);
    return (record) => (record.member.dataset.betaStar ? record.norm(norm).l2 ** 2 : NaN);
  },
  reconstruction_error: (measured) => {
    const norm = population(measured);
    return (record) => {
      const { betaStar } = record.member.dataset;
      return betaStar ? record.norm(norm).l2 / l2Norm(betaStar) : NaN;
    };
  },
  min_l1_distance: async (measured) => {
    const { datasets, datasetOf } = measured.context.data;
    const { minimumL1 } = await solutionsOf(measured);
    const norm = distance(measured, "minimum l1", datasets.map(minimumL1), [...datasetOf]);
    return (record) => record.norm(norm).l1;
  },
  min_l2_distance: async (measured) => {
    const { datasets, datasetOf } = measured.context.data;
    const { minimumL2 } = await solutionsOf(measured);
    const norm = distance(measured, "minimum l2", datasets.map(minimumL2), [...datasetOf]);
    return (record) => record.norm(norm).l2;
  },
  excess_l1: async (measured) => {
    const { minimumL1 } = await solutionsOf(measured);
    const norm = own(measured);
    return (record) => record.norm(norm).l1 - l1Norm(minimumL1(record.member.dataset));
  },
  excess_l2: async (measured) => {
    const { minimumL2 } = await solutionsOf(measured);
    const norm = own(measured);
    return (record) => record.norm(norm).l2 - l2Norm(minimumL2(record.member.dataset));
  },
  bias_gap: async (measured) => {
    const { members } = measured.context;
    const { biasMinimizer } = await solutionsOf(measured);
    const norm = distance(measured, "minimizer of Q", members.map(biasMinimizer), [...members.keys()]);
    return (record) => {
      const minimizer = biasMinimizer(record.member);
      return minimizer && record.norm(norm).l2 / l2Norm(minimizer);
    };
  },
} satisfies Record<string, Measure>;
