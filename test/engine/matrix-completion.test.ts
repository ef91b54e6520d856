/**
 * Arora et al. 2019, Figures 1 and 2, on known draws: 100 x 100, of rank 5. It takes a quarter of an hour on two cores with lavapipe: with
 * CASES=all.
 */
import { expect, inject, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import type { Files } from "../../src/engine.ts";
import { l2Norm } from "../../src/theory/norms.ts";
import { normal, outer, smallest } from "../theory/matrices.ts";
import { npyFile, trained } from "./experiment.ts";

const size = 100;
/** Of the truth, whose Frobenius norm is as large as it has rows. */
const largest = 55.08;

/** Entries of one matrix, and Gaussian factors whose products are as small at every depth. */
function drawsOf(observed: number, depths: readonly number[]): Files {
  const product = outer(normal(101, 5 * size), normal(102, 5 * size), 5);
  const norm = l2Norm(product);
  const truth = product.map((entry) => (size * entry) / norm);
  const cells = smallest(103, size ** 2, observed);
  return new Map([
    [
      "entries.npy",
      npyFile(Float64Array.from([...cells].flatMap((cell) => [Math.floor(cell / size), cell % size])), [
        observed,
        2,
      ]),
    ],
    ["targets.npy", npyFile(Float64Array.from(cells, (cell) => truth[cell]))],
    ["truth.npy", npyFile(truth, [size, size])],
    ...depths.map((depth): [string, Uint8Array] => {
      const deviation = 1e-3 ** (1 / depth) / 10;
      const factors = Array.from({ length: depth }, (_, l) => [...normal(200 + l, size ** 2)]);
      return [`factors-${depth}.npy`, npyFile(Float64Array.from(factors.flat(), (z) => deviation * z))];
    }),
  ]);
}

interface Completion {
  error: number;
  nuclear: number;
  rank: number;
  least: number;
}

/** What products of 2, 3 and 4 factors end with, after so many steps at most, and the least nuclear norm of all that fit. */
async function completions(observed: number, epochs: number): Promise<Completion[]> {
  const depths = [2, 3, 4];
  const { rows } = await trained(
    {
      data: {
        ...{ kind: "matrix-file", rows: size, columns: size },
        ...{ entries: "entries.npy", targets: "targets.npy", truth: "truth.npy" },
      },
      model: { kind: "matrix" },
      init: { shape: { file: "factors-2.npy" } },
      train: { epochs, stopLoss: 1e-6 },
      record: {
        every: epochs,
        quantities: ["reconstruction_error", "predictor_nuclear", "effective_rank", "excess_nuclear"],
        arrays: [],
      },
      sweep: [
        {
          paths: ["model.factors", "init.shape.file", "train.stepSize"],
          values: depths.map((depth): Json[] => [
            depth,
            `factors-${depth}.npy`,
            (0.25 * observed) / (depth * largest ** (2 - 2 / depth)),
          ]),
        },
      ],
    },
    drawsOf(observed, depths),
  );
  return rows.map((records) => {
    const last = records.at(-1)!;
    return {
      error: last.reconstruction_error,
      nuclear: last.predictor_nuclear,
      rank: last.effective_rank,
      least: last.predictor_nuclear - last.excess_nuclear,
    };
  });
}

const hour = { timeout: 3_600_000 };

test.runIf(inject("isThorough"))(
  "2000 entries: two factors are wrong, three and four are right, and none looks for the least norm",
  hour,
  async () => {
    const found = await completions(2000, 100_000);
    const known = [
      [0.236, 222.19, 9.33],
      [0.0046, 221.36, 5.03],
      [0.0051, 221.35, 4.98],
    ];
    found.forEach(({ error, nuclear, rank, least }, k) => {
      expect(error).toBeCloseTo(known[k][0], 3);
      expect(nuclear).toBeCloseTo(known[k][1], 1);
      expect(rank).toBeCloseTo(known[k][2], 1);
      expect(Math.abs(least - 218.176)).toBeLessThan(0.01);
    });
  },
);

// Four factors reach the loss after 139 040 steps in float64, at 2.065.
test.runIf(inject("isThorough"))(
  "1000 entries: the more factors, the further from the truth",
  hour,
  async () => {
    const found = await completions(1000, 40_000);
    found.forEach(({ error }, k) => expect(error).toBeCloseTo([0.8046, 1.1596, 1.9869][k], 2));
  },
);
