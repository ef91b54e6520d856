import type { Dataset } from "./data/dataset.ts";
import { inflateFiles } from "./data/gzip.ts";
import type { Files } from "./data/kind.ts";
import { loadDataset } from "./data/registry.ts";
import { DocumentError } from "./document/error.ts";
import type { Experiment, Run, Search } from "./document/types.ts";
import { type AdapterChoice, type AdapterReport, requestAdapter } from "./gpu/adapter.ts";
import { Device } from "./gpu/device.ts";
import { modelOf } from "./models/registry.ts";
import { type Member, batchSize, cohortKey } from "./scheduler/cohort.ts";
import { checkSolvable, needsSolution } from "./quantities/solutions.ts";
import { planCohort } from "./scheduler/cohort_plan.ts";
import { splitByMemory } from "./scheduler/memory.ts";
import type { Progress, Sink } from "./scheduler/sink.ts";
import { stabilityWarnings } from "./scheduler/stability.ts";
import { train } from "./scheduler/train.ts";
import { runSearch } from "./search/run-search.ts";

export type { Files };

export interface EngineOptions {
  /** Where WebGPU is: `navigator.gpu` in a page, Dawn's `gpu` in Node. */
  gpu: GPU | undefined;
  adapter?: AdapterChoice;
  sink: Sink;
  /** Aborting stops training after the submits in flight; what was recorded has been handed to the sink. */
  signal?: AbortSignal;
  /** WebGPU's guaranteed minimum limits and no optional feature, whatever the adapter has. */
  minimumLimits?: boolean;
  /** Milliseconds of work in a submit. */
  submitBudget?: number;
  /** Many updates a dispatch where runs are so small that it pays; on by default. */
  many?: boolean;
  /** A device that is open already, with its compiled kernels; it stays open. */
  device?: Device;
}

export interface EngineReport {
  adapter: AdapterReport;
  /** Wall seconds of training and recording. */
  seconds: number;
  /** The kernel variants that ran, by shader and entry point. */
  kernels: Record<string, Record<string, number | boolean>>;
}

/**
 * Loads every run's data and checks what only the data can tell: sizes, targets, initial weights from files.
 * Needs no GPU; the command calls it before a browser is started.
 *
 * @returns warnings, one line each (a step size past the stability limit, ...)
 * @throws DocumentError naming the file or the JSON path
 */
export async function checkExperiment(experiment: Experiment, files: Files): Promise<string[]> {
  const members = loadMembers(experiment.runs, await inflateFiles(files));
  sameShapes(experiment, members);
  for (const { run, dataset } of members) if (needsSolution(run.record.quantities)) checkSolvable(dataset);
  return stabilityWarnings(members);
}

/**
 * Trains every run of an experiment on the GPU, or every run that its search wants, and hands records to the sink as they come.
 *
 * @throws DocumentError for bad data; AdapterError when there is no WebGPU adapter; the signal's reason when aborted
 */
export async function runExperiment(
  experiment: Experiment,
  files: Files,
  options: EngineOptions,
): Promise<EngineReport> {
  if (experiment.search) return searchExperiment(experiment, experiment.search, files, options);
  const { sink, signal } = options;
  const members = loadMembers(experiment.runs, await inflateFiles(files));
  sameShapes(experiment, members);
  const device = options.device ?? (await openDevice(options));
  try {
    const begun = performance.now();
    const progress: Progress = {
      runs: members.length,
      runsDone: 0,
      runSteps: 0,
      runStepsTotal: members.reduce((sum, member) => sum + updates(member), 0),
      seconds: 0,
    };
    const kernels: EngineReport["kernels"] = {};
    for (const cohort of cohorts(members)) {
      const kind = modelOf(cohort[0]!.run.model);
      for (const part of splitByMemory(cohort, kind, device.maxBinding)) {
        signal?.throwIfAborted();
        const { run } = part[0]!;
        const plan = await device.checked("building the plan", () =>
          planCohort(device, kind, part, run.record, { many: options.many }),
        );
        try {
          let expected = part.reduce((sum, member) => sum + updates(member), 0);
          await train(plan, {
            sink,
            signal,
            budget: options.submitBudget,
            advanced: (runSteps, ended) => {
              expected -= runSteps;
              progress.runSteps += runSteps;
              progress.runsDone += ended;
              progress.seconds = (performance.now() - begun) / 1000;
              sink.progress?.({ ...progress });
            },
          });
          // Runs that stopped early will not make the rest of their steps.
          progress.runStepsTotal -= expected;
          for (const { kernel, overrides } of plan.planner.dispatches)
            kernels[`${kernel.file}#${kernel.entry}`] = overrides;
        } finally {
          plan.planner.release();
        }
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    sink.progress?.({ ...progress, seconds });
    return { adapter: device.adapter, seconds, kernels };
  } finally {
    if (!options.device) device.destroy();
  }
}

/** Trains the searches of an experiment, every round on the same device. */
async function searchExperiment(
  experiment: Experiment,
  search: Search,
  files: Files,
  options: EngineOptions,
): Promise<EngineReport> {
  const device = options.device ?? (await openDevice(options));
  try {
    return await runSearch(experiment, search, options.sink, (round, sink) =>
      runExperiment(round, files, { ...options, device, sink }),
    );
  } finally {
    if (!options.device) device.destroy();
  }
}

/** Opens a device on an adapter of the kind asked for; to be handed to several `runExperiment`s, or destroyed. */
export async function openDevice({
  gpu,
  adapter = "auto",
  minimumLimits = false,
}: Pick<EngineOptions, "gpu" | "adapter" | "minimumLimits">): Promise<Device> {
  return Device.open(await requestAdapter(gpu, adapter), { minimum: minimumLimits });
}

/** Updates of a run that never stops early; NaN under a flow that nobody can tell the steps of. */
function updates({ run: { train }, run, dataset }: Member): number {
  if (train.method === "gradient-descent")
    return train.epochs * Math.ceil(dataset.samples / batchSize(run, dataset.samples));
  return train.time === null && train.stopLoss === null ? train.maxSteps : NaN;
}

/** Each run with its data and initial weights; what runs share is made once. */
function loadMembers(runs: readonly Run[], files: Files): Member[] {
  const datasets = new Map<string, Dataset>();
  const starts = new Map<string, Float64Array>();
  return runs.map((run) => {
    const dataset = remembered(datasets, JSON.stringify(run.data), () => loadDataset(run.data, files));
    const { shape, seed } = run.init;
    const key = JSON.stringify([run.model, shape, seed, dataset.inputs]);
    const w0 = remembered(starts, key, () => modelOf(run.model).initial(run, dataset.inputs, files));
    const member = { run, dataset, w0 };
    modelOf(run.model).check(member);
    return member;
  });
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}

/** Recorded arrays have one shape for all runs. */
function sameShapes(experiment: Experiment, members: readonly Member[]): void {
  const shapes = {
    ntk: ({ dataset }: Member) => dataset.samples,
    predictor: ({ dataset }: Member) => dataset.inputs,
    weights: ({ run, dataset }: Member) => modelOf(run.model).weights(run.model, dataset.inputs),
  };
  for (const name of experiment.runs[0]?.record.arrays ?? []) {
    const sizes = [...new Set(members.map(shapes[name]))];
    if (sizes.length > 1)
      throw new DocumentError(
        "record.arrays",
        `asks for "${name}", whose size differs between runs (${sizes.slice(0, 3).join(", ")})`,
      );
  }
}

function cohorts(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = cohortKey(member, modelOf(member.run.model).variant(member));
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
}
