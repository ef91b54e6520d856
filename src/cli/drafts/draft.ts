/** A new document, made of a few choices. */

import type { Json } from "../../document/types.ts";
import { behaviourOf } from "../../models/registry.ts";
import { stabilityLimit } from "../../models/stability-limit.ts";
import { loadRuns } from "../../scheduler/load.ts";
import { roundedDown } from "../../scheduler/stability.ts";
import { beginningOf, dataName, dataPart, type ModelName } from "./draft-data.ts";
import type { OpenedExperiment } from "../experiment/experiment-file.ts";
import type { Scales } from "./scales.ts";

export const methods = ["gradient-descent", "gradient-flow"] as const;

export interface DraftChoices {
  model: ModelName;
  /** A kind of generated data, or the path of a table. */
  data: string;
  /** The table's column, where it is not "y". */
  target?: string | undefined;
  alpha: Scales;
  /** Of the model: its power, its layers of weights, or its factors. */
  depth: number;
  method: (typeof methods)[number];
  /** Where the document will lie. */
  out: string;
}

/** Choices that flags make; the others are asked for, or are the usual ones. */
export type GivenChoices = Partial<DraftChoices>;

type Draft = Record<string, Json>;

const address = "https://cdn.jsdelivr.net/npm/alphasweep/experiment.schema.json";
const hiddenUnits = 32;
const stopLoss = 1e-6;
const epochs = 5000;
const records = 60;
/** Descent below half of the limit follows the flow closely. */
const shareOfLimit = 0.5;

/** The fewest layers of weights (or factors, or the lowest power) that a model takes: a rectifier stands between two. */
export const leastDepth = (model: ModelName): number => (model === "relu" ? 2 : 1);

/**
 * @param check reads a document and all that it names
 * @throws DocumentError where the choices do not go together
 */
export async function draftOf(
  choices: DraftChoices,
  check: (document: Draft) => Promise<Pick<OpenedExperiment, "experiment" | "files">>,
): Promise<Draft> {
  const flow = draftBy({ method: "gradient-flow", stopLoss }, choices, choices.alpha.axis);
  const opened = await check(flow);
  if (choices.method === "gradient-flow") return flow;
  const draft = descentOf(choices, await stepSizesOf(opened));
  await check(draft);
  return draft;
}

function descentOf(choices: DraftChoices, stepSizes: readonly number[]): Draft {
  const train = { method: "gradient-descent", stepSize: stepSizes[0], epochs, stopLoss };
  if (new Set(stepSizes).size === 1) return draftBy(train, choices, choices.alpha.axis);
  const { stepSize: _, ...rest } = train;
  return draftBy(rest, choices, {
    paths: ["init.alpha", "train.stepSize"],
    values: choices.alpha.values.map((alpha, run) => [alpha, stepSizes[run]]),
  });
}

function draftBy(train: Draft, choices: DraftChoices, axis: Draft | undefined): Draft {
  const { model, data, target, alpha, out } = choices;
  const { quantities } = beginningOf(data);
  return {
    $schema: address,
    description: describe(choices),
    data: dataPart(data, target, out),
    model: modelPart(choices),
    init: {
      ...(axis === undefined && { alpha: alpha.values[0] }),
      shape: model === "diagonal" ? "ones" : model === "matrix" ? "identity" : "he",
    },
    train,
    record: {
      // Records of a flow are spaced in time only where it has an end.
      every: train.method === "gradient-flow" ? 10 : { log: records },
      quantities: [
        ...["loss", "weight_distance", "linear_distance", "ntk_drift"],
        ...(quantities.any ?? quantities[model] ?? []),
      ],
      arrays: [],
    },
    sweep: axis === undefined ? [] : ["paths" in axis ? axis : { path: "init.alpha", ...axis }],
  };
}

function modelPart({ model, depth }: DraftChoices): Draft {
  if (model === "diagonal") return { kind: model, depth };
  if (model === "matrix") return { kind: model, factors: depth };
  return { kind: model, widths: Array.from({ length: depth - 1 }, () => hiddenUnits) };
}

const names: Record<ModelName, string> = {
  diagonal: "diagonal network",
  relu: "ReLU network",
  linear: "linear network",
  matrix: "factorized matrix",
};

function describe({ model, data, alpha, depth, method }: DraftChoices): string {
  const scales =
    alpha.values.length > 1
      ? `alpha from ${Math.min(...alpha.values)} to ${Math.max(...alpha.values)}`
      : `alpha ${alpha.values[0]}`;
  return `A ${names[model]} of depth ${depth} on ${dataName(data)}, by ${method.replace("-", " ")}, at ${scales}.`;
}

/**
 * Of each run a share of its stability limit. Small weights grow until they fit the targets, and the kernel with them: below
 * alpha = 1 the limit is taken there.
 */
async function stepSizesOf({
  experiment,
  files,
}: Pick<OpenedExperiment, "experiment" | "files">): Promise<number[]> {
  const grown = experiment.runs.map((run) => ({
    ...run,
    init: { ...run.init, alpha: Math.max(1, run.init.alpha) },
  }));
  const members = await loadRuns(grown, files);
  return Promise.all(
    members.map(async (member) => {
      const { largestEigenvalue } = await behaviourOf(member.run.model);
      const eigenvalue = largestEigenvalue(member, member.dataset);
      return Number(roundedDown(shareOfLimit * stabilityLimit(member, eigenvalue)));
    }),
  );
}
