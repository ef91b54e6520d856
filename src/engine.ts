import type { Files } from "./data/kind.ts";
import { DocumentError } from "./document/error.ts";
import type { Experiment } from "./document/types.ts";
import { type AdapterChoice, requestAdapter } from "./gpu/adapter.ts";
import { Device, type DeviceLostError, OutOfMemoryError } from "./gpu/device.ts";
import type { Settled } from "./wgsl/choice.ts";
import { behaviourOf } from "./models/registry.ts";
import { type Member, batchSize } from "./plan/cohort.ts";
import { checkComparable, comparedMinima, comparisonWarnings } from "./quantities/comparisons.ts";
import { arrayShape } from "./quantities/array-axes.ts";
import { Cadence, type Checkpoint } from "./scheduler/checkpoint.ts";
import type { SweepSize } from "./plan/cohort.ts";
import { type CohortPlan, planCohort } from "./scheduler/cohort-plan.ts";
import { MOST_BINDING, splitByMemory } from "./scheduler/memory.ts";
import { WithoutRepeats } from "./scheduler/without-repeats.ts";
import { cohorts, partsOf, partsOfSizes } from "./scheduler/parts.ts";
import type { Kernels } from "./plan/planner.ts";
import { loadRuns } from "./scheduler/load.ts";
import type { EngineReport } from "./scheduler/report.ts";
import type { Sink } from "./scheduler/sink.ts";
import { stabilityWarnings } from "./scheduler/stability.ts";
import { type TrainOptions, train } from "./scheduler/train.ts";
import type { Tuned, TuningOptions } from "./tuner/tune.ts";

export type { EngineReport, Files };

/** Milliseconds after each failure to open a device in place of a lost one. */
const REOPENING = [50, 200, 1000, 3000];

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
  /** Milliseconds that a submit may take where that pays: for pages that nobody watches. */
  longestSubmit?: number;
  /** Fused steps, a whole update or many a dispatch, wherever a model can or never: unless told where it pays, and never another bit. */
  fused?: boolean;
  /** Takes the kernels that this sweep would. */
  sweepSize?: SweepSize | undefined;
  /** How works are done where not in the standard way, as `tuneExperiment` found; a checkpoint brings its own. */
  settled?: Settled | undefined;
  /** A device that is open already, with its compiled kernels; it stays open. */
  device?: Device;
  /** Goes on from here; what was handed over before is not handed over again. */
  checkpoint?: Checkpoint | undefined;
  /** Milliseconds between checkpoints: for the sink, and for a device that is lost. */
  checkpointInterval?: number | undefined;
  /** Told when a lost device has been replaced. */
  replaced?(loss: DeviceLostError): void;
}

/**
 * Loads every run's data and checks what only the data can tell: sizes, targets, initial weights from files.
 * Needs no GPU; the command calls it before a browser is started.
 *
 * @returns warnings, one line each (a step size past the stability limit, ...)
 * @throws DocumentError naming the file or the JSON path
 */
export async function checkExperiment(experiment: Experiment, files: Files): Promise<string[]> {
  const members = await loadRuns(experiment.runs, files);
  sameShapes(experiment, members);
  await partsOf(members, MOST_BINDING);
  await checkComparable(members);
  return [...(await stabilityWarnings(members)), ...(await comparisonWarnings(members))];
}

/**
 * Trains every run of an experiment on the GPU, or every run that its search wants, and hands records to the sink as they
 * come. A device that is lost is replaced and training goes on from the last checkpoint, unless the next device is lost
 * before the next checkpoint.
 *
 * @throws DocumentError for bad data; AdapterError when there is no WebGPU adapter; DeviceLostError when devices are
 *   lost one after the other; the signal's reason when aborted
 */
export async function runExperiment(
  experiment: Experiment,
  files: Files,
  options: EngineOptions,
): Promise<EngineReport> {
  const held: Held = { device: options.device, cadence: new Cadence(options.checkpointInterval) };
  const { search } = experiment;
  try {
    if (!search) return await trainRuns(experiment, files, options, held);
    const { runSearch } = await import("./search/run-search.ts");
    return await runSearch(experiment, search, options, (round, sink, checkpoint) =>
      trainRuns(round, files, { ...options, sink, checkpoint }, held),
    );
  } finally {
    if (held.device !== options.device) held.device?.destroy();
  }
}

/**
 * Measures, for sweeps that train long enough, which variants of the kernels are the fastest on this adapter: once for
 * all of a sweep, before it begins, so that parts, neighbours, lost devices and resumed trainings change no bit. A search,
 * whose runs nobody knows yet, takes the standard variants. A device that fails costs the tuning, nothing else.
 *
 * @throws what opening a device throws; the signal's reason when aborted
 */
export async function tuneExperiment(
  experiment: Experiment,
  files: Files,
  options: Pick<EngineOptions, "gpu" | "adapter" | "minimumLimits" | "device" | "signal"> & TuningOptions,
): Promise<{ settled: Settled; tuned: Tuned[] }> {
  const tuned: Tuned[] = [];
  if (experiment.search) return { settled: {}, tuned };
  const { isWorthTuning, settledBy, tuneCohort } = await import("./tuner/tune.ts");
  const members = await loadRuns(experiment.runs, files);
  const worthy: Member[][] = [];
  for (const cohort of await cohorts(members)) if (await isWorthTuning(cohort, options)) worthy.push(cohort);
  if (worthy.length === 0) return { settled: {}, tuned };
  const device = options.device ?? (await openDevice(options));
  try {
    for (const cohort of worthy) {
      options.signal?.throwIfAborted();
      const [part] = splitByMemory(cohort, await behaviourOf(cohort[0].run.model), device.maxBinding);
      tuned.push(...(await device.orLost(tuneCohort(device, cohort, part, options))));
    }
  } finally {
    if (device !== options.device) device.destroy();
  }
  return { settled: settledBy(tuned), tuned };
}

/** What the rounds of a search have in common. */
interface Held {
  /** The device that trains, once it is open; another after a loss. */
  device: Device | undefined;
  cadence: Cadence;
}

/** Trains runs that are known from the start. */
async function trainRuns(
  experiment: Experiment,
  files: Files,
  options: EngineOptions,
  held: Held,
): Promise<EngineReport> {
  const members = await loadRuns(experiment.runs, files);
  sameShapes(experiment, members);
  let device = (held.device ??= await openDevice(options));
  const sink = new WithoutRepeats(options.sink);
  let last = options.checkpoint ?? notBegun(members, options.settled);
  let losses = 0;
  for (;;) {
    try {
      return await trainParts(
        device,
        members,
        last,
        { ...options, sink, cadence: held.cadence },
        (checkpoint) => {
          last = checkpoint;
          losses = 0;
        },
      );
    } catch (error) {
      const loss = options.signal?.aborted ? undefined : await device.loss();
      if (!loss) throw error;
      losses += 1;
      if (losses > 1) throw loss;
      device = held.device = await reopenDevice(options, loss);
      options.replaced?.(loss);
    }
  }
}

/** Trains the parts of a sweep that a checkpoint leaves, one after the other; halves of one that the adapter has no memory for. */
async function trainParts(
  device: Device,
  members: readonly Member[],
  from: Checkpoint,
  options: EngineOptions & { sink: WithoutRepeats; cadence: Cadence },
  reached: (checkpoint: Checkpoint) => void,
): Promise<EngineReport> {
  const { sink, signal, cadence } = options;
  const begun = performance.now() - 1000 * from.progress.seconds;
  const progress = { ...from.progress };
  const kernels = { ...from.kernels };
  const { settled } = from;
  let { sizes } = from;
  const parts = sizes
    ? await partsOfSizes(members, device.maxBinding, sizes)
    : await partsOf(members, device.maxBinding);
  const now = (): Checkpoint => ({
    parts: done,
    ...(sizes && { sizes }),
    progress: { ...progress },
    kernels: { ...kernels },
    settled,
  });
  let done = from.parts;
  let { training } = from;
  while (done < parts.length) {
    signal?.throwIfAborted();
    const part = parts[done];
    try {
      const ran = await trainPart(device, part, settled, options, {
        sink,
        signal,
        budget: options.submitBudget,
        longest: options.longestSubmit,
        from: training,
        checkpoints: {
          cadence,
          take: async (state) => {
            const checkpoint = { ...now(), training: state };
            reached(checkpoint);
            await sink.checkpoint(checkpoint);
          },
        },
        advanced: (runSteps, ended) => {
          progress.runSteps += runSteps;
          progress.runsDone += ended;
          progress.seconds = (performance.now() - begun) / 1000;
          sink.progress({ ...progress });
        },
      });
      Object.assign(kernels, ran);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      // What has been recorded of a part is a record of all its runs.
      if (part.length === 1 || training || sink.hasRecords) throw noMemory(part, error);
      const half = Math.ceil(part.length / 2);
      parts.splice(done, 1, part.slice(0, half), part.slice(half));
      sizes = parts.map(({ length }) => length);
      reached(now());
      continue;
    }
    done += 1;
    training = undefined;
    sink.nextPart();
    // Runs that stopped early will not make the rest of their steps.
    progress.runStepsTotal =
      progress.runSteps +
      parts
        .slice(done)
        .flat()
        .reduce((sum, member) => sum + updates(member), 0);
    reached(now());
    if (cadence.due()) {
      const began = performance.now();
      await sink.checkpoint(now());
      cadence.taken(began);
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  sink.progress({ ...progress, seconds });
  const minimumNuclear = await comparedMinima(members);
  return { adapter: device.adapter, seconds, kernels, ...(minimumNuclear.length > 0 && { minimumNuclear }) };
}

/**
 * Trains the runs of a part together.
 *
 * @returns the kernel variants that ran
 * @throws OutOfMemoryError before anything is recorded
 */
async function trainPart(
  device: Device,
  part: readonly Member[],
  settled: Settled,
  { fused, sweepSize }: EngineOptions,
  options: TrainOptions,
): Promise<Kernels> {
  const { run } = part[0];
  let plan: CohortPlan | undefined;
  try {
    const compiling = device.checked("building the plan", async () => {
      plan = await planCohort(device, await behaviourOf(run.model), part, run.record, {
        fused,
        sweepSize,
        settled: (work) => settled[work],
      });
    });
    await device.orLost(compiling);
    await train(plan!, options);
    return plan!.planner.kernels;
  } finally {
    plan?.planner.release();
  }
}

const noMemory = (part: readonly Member[], { message }: Error): Error =>
  new Error(
    `the adapter has no memory for ${part.length === 1 ? "one run" : `${part.length} runs`} more (${message}); ` +
      "close what else uses it, or use fewer samples, inputs or recorded arrays",
  );

const notBegun = (members: readonly Member[], settled: Settled = {}): Checkpoint => ({
  parts: 0,
  progress: {
    runs: members.length,
    runsDone: 0,
    runSteps: 0,
    runStepsTotal: members.reduce((sum, member) => sum + updates(member), 0),
    seconds: 0,
  },
  kernels: {},
  settled,
});

/** Opens a device on an adapter of the kind asked for; to be handed to several `runExperiment`s, or destroyed. */
export async function openDevice({
  gpu,
  adapter = "auto",
  minimumLimits = false,
}: Pick<EngineOptions, "gpu" | "adapter" | "minimumLimits">): Promise<Device> {
  return Device.open(await requestAdapter(gpu, adapter), { minimum: minimumLimits });
}

/** A browser may need a moment to start its GPU process again. */
async function reopenDevice(options: EngineOptions, loss: DeviceLostError): Promise<Device> {
  for (const wait of REOPENING) {
    try {
      return await openDevice(options);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw loss;
}

/** Updates of a run that never stops early; NaN under a flow that nobody can tell the steps of. */
function updates({ run: { train }, run, dataset }: Member): number {
  if (train.method === "gradient-descent")
    return train.epochs * Math.ceil(dataset.samples / batchSize(run, dataset.samples));
  return train.time === null && train.stopLoss === null ? train.maxSteps : NaN;
}

/** Recorded arrays have one shape for all runs. */
function sameShapes(experiment: Experiment, members: readonly Member[]): void {
  for (const name of experiment.runs[0]?.record.arrays ?? []) {
    const shapes = members.map(({ run, dataset }) => arrayShape(name, run, dataset).join(" x "));
    const sizes = [...new Set(shapes)];
    if (sizes.length > 1)
      throw new DocumentError(
        "record.arrays",
        `asks for "${name}", whose size differs between runs (${sizes.slice(0, 3).join(", ")})`,
      );
  }
}
