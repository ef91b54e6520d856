import { scalesOf } from "../plan/cohort.ts";
import type { Dataset, MatrixShape } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import type { MatrixModel } from "../document/types.ts";
import { degreeOf } from "../models/degree.ts";
import { widthsOf } from "../models/matrix/shape.ts";
import type { Member } from "../plan/cohort.ts";
import {
  InfeasibleError,
  type MatrixProblem,
  biasMinimizers,
  minimumL1,
  minimumL2,
  singularBiasMinimizers,
} from "../theory/index.ts";
import type { QuantityName } from "./catalogue.ts";
import { matrixProblem } from "./nuclear-minima.ts";

/** What predictors are compared with: interpolating solutions, computed in float64. */
export interface Solutions {
  /** Of each dataset. */
  minimumL1(dataset: Dataset): Float64Array;
  minimumL2(dataset: Dataset): Float64Array;
  /** The minimizer of Q subject to X beta = y, of each run; undefined where its copies start apart. */
  biasMinimizer(member: Member): Float64Array | undefined;
}

const l1: readonly QuantityName[] = ["min_l1_distance", "excess_l1"];
const l2: readonly QuantityName[] = ["min_l2_distance", "excess_l2"];
const bias: readonly QuantityName[] = ["bias_gap"];

const knownL1 = new WeakMap<Dataset, Float64Array>();
const knownL2 = new WeakMap<Dataset, Float64Array>();

/**
 * Computes the solutions that the quantities asked for compare with; those of a dataset are computed once.
 *
 * @throws DocumentError where X beta = y has no solution
 */
export async function solve(
  members: readonly Member[],
  quantities: readonly QuantityName[],
): Promise<Solutions> {
  const wants = (names: readonly QuantityName[]) => names.some((name) => quantities.includes(name));
  const datasets = [...new Set(members.map(({ dataset }) => dataset))];
  for (const dataset of datasets)
    await feasible(async () => {
      if (wants(l1) && !knownL1.has(dataset)) knownL1.set(dataset, (await minimumL1(dataset)).beta);
      if (wants(l2)) checkSolvable(dataset);
    });
  const minimizers = new Map<Member, Float64Array>();
  if (wants(bias)) await feasible(async () => minimizeBias(members, minimizers));
  return {
    minimumL1: (dataset) => knownL1.get(dataset)!,
    minimumL2: (dataset) => knownL2.get(dataset)!,
    biasMinimizer: (member) => minimizers.get(member),
  };
}

/** @throws DocumentError where X beta = y has no solution */
export function checkSolvable(dataset: Dataset): void {
  if (knownL2.has(dataset)) return;
  const { cells } = dataset.matrix ?? {};
  if (cells) {
    // What is seen, and zeros.
    const entries = new Float64Array(dataset.inputs);
    cells.forEach((cell, i) => (entries[cell] = dataset.y[i]));
    knownL2.set(dataset, entries);
    return;
  }
  try {
    knownL2.set(dataset, minimumL2(dataset).beta);
  } catch (error) {
    throw refusal(error);
  }
}

/** Runs that share data and the shape of w0 share a continuation along alpha. */
function minimizeBias(members: readonly Member[], minimizers: Map<Member, Float64Array>): void {
  const families = new Map<string, Member[]>();
  const places = new Map<Dataset, number>();
  for (const member of members) {
    const n = member.w0.length / 2;
    const equal = member.w0.subarray(0, n).every((value, i) => value === member.w0[n + i]);
    const { matrix } = member.dataset;
    const isKnown = matrix ? startsFromIdentity(member.run.model as MatrixModel, matrix) : equal;
    if (!isKnown || degreeOf(member.run.model) < 2) continue;
    if (!places.has(member.dataset)) places.set(member.dataset, places.size);
    const { model, init } = member.run;
    const key = JSON.stringify([places.get(member.dataset), model, init.shape, init.seed, init.scaling]);
    families.set(key, [...(families.get(key) ?? []), member]);
  }
  for (const family of families.values()) {
    const { dataset, w0, run } = family[0];
    const depth = degreeOf(run.model);
    // Output scaling by alpha is weight scaling by its D-th root.
    const scale = ({ run }: Member) => scalesOf(run).weights * scalesOf(run).A ** (1 / depth);
    const alphas = [...new Set(family.map(scale))].sort((one, other) => other - one);
    const found = dataset.matrix
      ? singularBiasMinimizers(checkSize(dataset), alphas).map(({ W }) => W)
      : biasMinimizers(dataset, alphas, { depth, w0: w0.subarray(0, w0.length / 2) }).map(({ beta }) => beta);
    for (const member of family) minimizers.set(member, found[alphas.indexOf(scale(member))]);
  }
}

/** Whether U U^T = V V^T = alpha^2 I at the start: narrower factors have zeros on their diagonals. */
const startsFromIdentity = (model: MatrixModel, sides: MatrixShape): boolean =>
  widthsOf(model, sides)[0] >= Math.max(sides.rows, sides.columns);

/** Numbers of what Newton's method holds, a minute's worth of steps. */
const MOST_NUMBERS = 2 ** 24;

/** @throws DocumentError where the minimizer over singular values is too large for its Newton steps */
function checkSize(dataset: Dataset): MatrixProblem {
  const { rows, columns } = dataset.matrix!;
  const size = rows + columns;
  const numbers = dataset.samples * Math.max(dataset.samples, (size * (size + 1)) / 2);
  if (numbers > MOST_NUMBERS)
    throw new DocumentError(
      "record.quantities",
      `asks for "bias_gap", whose minimizer takes too long for ${dataset.samples} measurements of a ${rows} x ${columns} matrix: leave it out`,
    );
  return matrixProblem(dataset);
}

async function feasible(compute: () => Promise<void>): Promise<void> {
  try {
    await compute();
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (!(error instanceof InfeasibleError)) return error;
  return new DocumentError(
    "record.quantities",
    `compares with a solution of X beta = y, but there is none (${error.message}): use fewer samples, or leave out ` +
      [...l1, ...l2, ...bias].join(", "),
  );
}
