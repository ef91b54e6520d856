/** A sample of sparse regression for the figures' tests: the exact flow of depth 2, of which the smallest alphas stop early. */

import { loadDataset } from "../../../src/data/datasets.ts";
import type { Dataset } from "../../../src/data/dataset.ts";
import type { DataSpecification, Json } from "../../../src/document/types.ts";
import type { Results } from "../../../src/results/types.ts";
import {
  biasMinimizer,
  dualFlow,
  minimumL1,
  populationErrors,
  solutionDistances,
} from "../../../src/theory/index.ts";
import { l1Norm } from "../../../src/theory/norms.ts";
import { trained } from "./samples.ts";

const alphas = [0.001, 0.01, 0.1, 1];
const sampleCounts = [8, 14];
const records = 24;
const end = 30;
const times = Array.from({ length: records }, (_, k) => 0.01 * (end / 0.01) ** (k / (records - 1)));
const stopLoss = 1e-6;

const data = (samples: number) =>
  ({
    kind: "linear-sparse",
    samples,
    dimension: 24,
    sparsity: 2,
    noise: 0.1,
    seed: 3,
    testSamples: 0,
  }) satisfies DataSpecification;

interface Record {
  run: number;
  epoch: number;
  time: number;
  loss: number;
  predictor_l1: number;
  excess_l1: number;
  min_l1_distance: number;
  population_l1: number;
}

async function recordsOf(run: number, dataset: Dataset, alpha: number) {
  const solution = (await minimumL1(dataset)).beta;
  const flow = dualFlow(dataset, { alpha }, { times, stopLoss });
  const points = flow.records.length < records ? [...flow.records, flow.final] : flow.records;
  const own = points.map(({ time, loss, beta }, epoch): Record => {
    const { excess_l1, min_l1_distance } = solutionDistances(beta, {
      minimumL1: solution,
      minimumL2: solution,
    });
    const { population_l1 } = populationErrors(beta, dataset.betaStar!);
    return { run, epoch, time, loss, predictor_l1: l1Norm(beta), excess_l1, min_l1_distance, population_l1 };
  });
  return { own, predictor: points.at(-1)!.beta, converged: own.at(-1)!.loss <= stopLoss };
}

/** The same results as if descent had given them. */
export function asDescent(results: Results): Results {
  const descended = structuredClone(results);
  (descended.manifest.document as { train: Json }).train = { method: "gradient-descent", stepSize: 0.01 };
  return descended;
}

/** Gradient flow's limits over N and alpha, as runs of depth 2. */
export function recovery(): Results {
  const counts = [8, 14, 18];
  const scales = [0.003, 0.01, 0.03, 0.1, 0.3, 1];
  const runs = counts.flatMap((samples) => scales.map((alpha) => ({ samples, alpha })));
  const columns = {
    run: Int32Array.from(runs.keys()),
    epoch: new Float64Array(runs.length),
    time: new Float64Array(runs.length),
    population_l2: Float64Array.from(runs, ({ samples, alpha }) => {
      const dataset = loadDataset(data(samples), new Map());
      return populationErrors(biasMinimizer(dataset, { alpha }).beta, dataset.betaStar!).population_l2;
    }),
  };
  return {
    manifest: {
      ...trained("one-diverges").manifest,
      document: {
        data: data(counts[0]) as unknown as Json,
        model: { kind: "diagonal", depth: 2 },
        loss: { kind: "squared", reduction: "mean", l2: 0 },
        init: { alpha: 1, shape: "ones", scaling: "weights", seed: 1 },
      },
    },
    runs: {
      rows: runs.length,
      columns: {
        ...columns,
        "data.samples": Int32Array.from(runs, ({ samples }) => samples),
        "init.alpha": Float64Array.from(runs, ({ alpha }) => alpha),
        status: runs.map(() => "converged"),
      },
    },
    history: { rows: runs.length, columns },
    arrays: {},
  };
}

export async function sparseRegression(): Promise<Results> {
  const runs = sampleCounts.flatMap((samples) => alphas.map((alpha) => ({ samples, alpha })));
  const flows = await Promise.all(
    runs.map(({ samples, alpha }, run) => recordsOf(run, loadDataset(data(samples), new Map()), alpha)),
  );
  const rows = flows.flatMap(({ own }) => own);
  const last = flows.map(({ own }) => own.at(-1)!);
  const columnsOf = (from: Record[]) =>
    Object.fromEntries(
      (Object.keys(from[0]) as (keyof Record)[]).map((name) => [
        name,
        Float64Array.from(from, (record) => record[name]),
      ]),
    );
  const { run, epoch, ...values } = columnsOf(last);
  return {
    manifest: {
      ...trained("one-diverges").manifest,
      name: "sparse-regression",
      document: {
        name: "sparse-regression",
        data: data(sampleCounts[0]) as unknown as Json,
        model: { kind: "diagonal", depth: 2 },
        loss: { kind: "squared", reduction: "mean", l2: 0 },
        init: { alpha: 1, shape: "ones", scaling: "weights", seed: 1 },
        train: { method: "gradient-flow", tolerance: 1e-6, stopLoss, time: end, maxSteps: 1000 },
      },
    },
    runs: {
      rows: runs.length,
      columns: {
        run,
        "data.samples": Int32Array.from(runs, ({ samples }) => samples),
        "init.alpha": Float64Array.from(runs, ({ alpha }) => alpha),
        status: flows.map(({ converged }) => (converged ? "converged" : "finished")),
        epochs: epoch,
        ...values,
      },
    },
    history: { rows: rows.length, columns: columnsOf(rows) },
    arrays: {
      predictor: {
        shape: [runs.length, data(1).dimension],
        data: Float32Array.from(flows.flatMap(({ predictor }) => [...predictor])),
      },
    },
  };
}
