/** Where gradient flow ends, exactly, for the runs of results: the curves that measured points are drawn against. */

import { biasMinimizers } from "../../src/theory/bias-minimizer.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { RunSpecification } from "../../src/document/types.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import type { Results } from "../../src/results/types.ts";
import { generatedData } from "./generated-data.ts";
import { formatCell, pathSymbol, sweptPaths } from "./runs.ts";

/** A predictor that gradient flow ends with. */
export interface Limit {
  alpha: number;
  /** [inputs] */
  beta: Float64Array;
}

/** Runs that differ in alpha and in how they were trained, but not in where gradient flow would take them. */
export interface Family {
  /** Rows of the runs table. */
  rows: number[];
  /** What tells it from the others: "N = 50". */
  label: string;
}

/** What a family's limits are computed from. */
export interface Setting {
  dataset: Dataset;
  depth: number;
  /** The scale of the weights that stands for a document's alpha. */
  weightScale: (alpha: number) => number;
}

/** Alphas of a curve, a decade. */
const density = 4;
/** Multiplications that a curve may take, roughly: a page computes it while it is looked at. */
const mostWork = 4e9;
const newtonSteps = 8;

/** Everything of a run that the limit of gradient flow depends on, but for alpha. */
const settingOf = ({ data, model, loss, init: { shape, scaling, seed } }: RunSpecification): string =>
  JSON.stringify([data, model, loss, shape, scaling, typeof shape === "object" ? seed : null]);

/** Families in the order of the runs. */
export function familiesOf(results: Results): Family[] {
  const specified = specifiedRuns(results);
  const families = new Map<string, number[]>();
  specified.forEach((run, row) => {
    const setting = settingOf(run);
    families.set(setting, [...(families.get(setting) ?? []), row]);
  });
  const telling = sweptPaths(results).filter(
    (path) => /^(data|model|loss|init)\./.test(path) && path !== "init.alpha",
  );
  return Array.from(families.values(), (rows) => ({
    rows,
    label: telling
      .map((path) => `${pathSymbol(path)} = ${formatCell(results.runs.columns[path][rows[0]])}`)
      .join(", "),
  }));
}

/** Which of several families a figure draws. */
export function familyNotes(results: Results, index: number): string[] {
  const families = familiesOf(results);
  return families.length > 1 ? [`Drawn are the runs of ${families[index].label}.`] : [];
}

const known = new Map<string, Limit[] | undefined>();
/** So many curves are kept: a page draws the same ones at every record that comes in. */
const mostKept = 64;

/** The exact limits over a family's range of alpha; undefined where they are not known, or too much to compute here. */
export function limitsOf(results: Results, { rows }: Family): Limit[] | undefined {
  const specified = specifiedRuns(results);
  const run = specified[rows[0]];
  const alphas = curveAlphas(rows.map((row) => specified[row].init.alpha));
  const key = JSON.stringify([settingOf(run), alphas]);
  if (!known.has(key)) {
    if (known.size >= mostKept) known.clear();
    known.set(key, computeLimits(run, alphas));
  }
  return known.get(key);
}

function computeLimits(run: RunSpecification, alphas: number[]): Limit[] | undefined {
  const setting = settingFor(run);
  if (!setting) return undefined;
  const { samples, inputs } = setting.dataset;
  if (samples ** 2 * inputs * newtonSteps * alphas.length > mostWork) return undefined;
  try {
    const minimizers = biasMinimizers(setting.dataset, alphas.map(setting.weightScale), {
      depth: setting.depth,
    });
    return minimizers.map(({ beta }, k) => ({ alpha: alphas[k], beta }));
  } catch {
    // No predictor interpolates these data, or not in float64: there is no limit to draw.
    return undefined;
  }
}

/** Undefined where the limits of a run are not known. */
export function settingFor(run: RunSpecification): Setting | undefined {
  const { model, init, loss } = run;
  if (model.kind !== "diagonal" || loss.kind !== "squared" || loss.l2 > 0 || init.shape !== "ones")
    return undefined;
  const dataset = generatedData(run);
  if (!dataset) return undefined;
  const { depth } = model;
  return {
    dataset,
    depth,
    weightScale: (alpha) => (init.scaling === "output" ? alpha ** (1 / depth) : alpha),
  };
}

/** The true predictor of a family's data, where they are generated from one. */
export function truePredictor(results: Results, { rows }: Family): Float64Array | undefined {
  return generatedData(specifiedRuns(results)[rows[0]])?.betaStar;
}

/** More alphas than this are not solved for one by one; a curve through a few is the same to the eye. */
const mostAlphas = 24;

/** Evenly spaced in the logarithm over the range of the runs' own, and those themselves unless they are many. */
function curveAlphas(alphas: number[]): number[] {
  const own = [...new Set(alphas)].sort((a, b) => a - b);
  const [low, high] = [own[0], own.at(-1)!];
  const steps = Math.max(1, Math.ceil(density * Math.log10(high / low)));
  const even = Array.from({ length: steps - 1 }, (_, k) => low * (high / low) ** ((k + 1) / steps));
  const exact = own.length <= mostAlphas ? own : [low, high];
  // Closer to one of the runs' than a pixel or two, a point adds nothing.
  const apart = even.filter((alpha) => exact.every((other) => Math.abs(Math.log(alpha / other)) > 0.05));
  return [...exact, ...apart].sort((a, b) => a - b);
}
