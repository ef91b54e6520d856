import { wholePower } from "../theory/powers.ts";
import { DocumentError } from "../document/error.ts";
import { shown } from "../document/shown.ts";
import { diagonalFlowScale } from "../kernels/diagonal-flow.ts";
import { checkTargets } from "../losses/targets.ts";
import { type Member, batchSize, stepSize } from "../plan/cohort.ts";
import { degreeOf } from "./degree.ts";
import { checkRange } from "./diagonal-range.ts";
import {
  type DiagonalStart,
  diagonalStart,
  startPredictor,
  largestDiagonalEigenvalue,
  weightsOfKernel,
} from "./diagonal-start.ts";
import { outputLosses } from "./diagonal-losses.ts";
import { equalCopies } from "./diagonal-equal.ts";
import { fusedSteps } from "./diagonal-fused.ts";
import { SHAPES } from "./diagonal-shapes.ts";
import { diagonalSteps } from "./diagonal-products.ts";
import { splitCopies } from "./diagonal-split.ts";
import { evaluateOn, outputsOn, residualLosses } from "./diagonal-outputs.ts";
import { type ElementwiseKernel, elementwiseKernel, elementwiseTestKernel } from "./elementwise-kernel.ts";
import { gaussianWeights, initialFromFile } from "./initial.ts";
import { kernelStarts } from "./kernel-starts.ts";
import type { Measurable, Needs } from "./measurable.ts";
import type { CohortContext, CompiledModel, ModelBehaviour } from "./model.ts";

/** Rows of residuals a run. */
const channelsOf = (needs: Needs): number => (needs.has("linearized") ? 2 : 1);

/** How diagonal networks start and are trained. */
export const diagonalBehaviour: ModelBehaviour = {
  initial(run, { inputs }, files) {
    const { shape } = run.init;
    const copies = (values: Float64Array) => {
      const both = new Float64Array(2 * inputs);
      both.set(values);
      both.set(values, inputs);
      return both;
    };
    if (shape === "ones") return new Float64Array(2 * inputs).fill(1);
    if (typeof shape === "string") throw new DocumentError("init.shape", `is "${shape}"; ${SHAPES}`);
    if ("std" in shape) {
      if (typeof shape.std !== "number" && shape.std.length !== 1)
        throw new DocumentError("init.shape.std", "is a list; a diagonal network has one standard deviation");
      const std = typeof shape.std === "number" ? shape.std : shape.std[0];
      return copies(gaussianWeights(run, inputs, std).map(Math.abs));
    }
    const values = initialFromFile(shape.file, files);
    if (values.length !== inputs && values.length !== 2 * inputs)
      throw new DocumentError(
        shape.file,
        `holds ${values.length} weights; ${inputs} inputs take ${inputs} (w+ = w-) or ${2 * inputs} (w+, then w-)`,
      );
    const wrong = values.findIndex((value) => !(value > 0));
    if (wrong >= 0)
      throw new DocumentError(
        shape.file,
        `holds ${values[wrong]} at entry ${wrong}; initial weights are positive`,
      );
    return values.length === inputs ? copies(values) : values;
  },

  variant: (member) => (diagonalStart(member).equal ? "equal copies" : "different copies"),

  startPredictor,

  check(member) {
    if (member.dataset.outputs > 1)
      throw new DocumentError(
        "model.kind",
        `is "diagonal", which has one output; the data have ${member.dataset.outputs} targets a sample`,
      );
    checkTargets(member.run.loss, member.dataset);
    const start = diagonalStart(member);
    if (member.run.loss.kind !== "squared" && startPredictor(member))
      throw new DocumentError(
        "init.shape",
        `starts w+ and w- apart; the ${shown(member.run.loss.kind)} loss needs outputs of 0 at the start: set init.subtract to true`,
      );
    const equalOnly = member.run.record.quantities.find((name) => ofEqualCopies.includes(name));
    if (!start.equal && equalOnly)
      throw new DocumentError(
        "init.shape",
        `starts w+ and w- apart; "${equalOnly}" is that of copies that start equal`,
      );
    const { rate, output_scale, displacement, factor } = runNumbers(member, start);
    checkRange(member, start, {
      "the step size in units of alpha": rate,
      "the output's slope": output_scale,
      "the unit of displacement": displacement,
      "the tangent kernel's unit": factor,
    });
  },

  channels: channelsOf,

  bytes({ run, dataset: { samples, inputs } }, needs) {
    // K0 of every run, and the kernels' changes.
    const kernel = needs.has("tangentKernel") ? 4 * samples * samples : 0;
    // Once more for a checkpoint, and for what a run ends with; a flow keeps its slopes and stages.
    const weights = 4 * 13 * inputs;
    const state = weights * (run.train.method === "gradient-flow" ? 6 : 1);
    const ends = needs.has("finalPredictor") || needs.has("finalWeights") ? weights : 0;
    return {
      total: 2 * state + ends + 4 * 13 * inputs + 4 * 6 * samples + 2 * kernel,
      largest: Math.max(state, kernel),
    };
  },

  largestEigenvalue: largestDiagonalEigenvalue,

  compile,
  reference: {
    compared: "predictor",
    operations({ run, dataset: { samples, inputs } }) {
      const batches = Math.ceil(samples / batchSize(run, samples));
      return batches * inputs * (4 * samples + 200 * degreeOf(run.model)) + 6 * samples * inputs;
    },
    train: async (...training) => (await import("./diagonal.bound.ts")).expectDiagonal(...training),
  },
};

/** Quantities that only the coordinates of copies that start equal keep. */
const ofEqualCopies: readonly string[] = ["effective_alpha", "effective_bias_gap", "lasso_gap"];

/** Floats of `struct RunParameters`. */
const PARAMETERS = 7;

/** `struct RunParameters` of a run, in its order, and what takes a kernel's change to K0's largest weight. */
function runNumbers({ run }: Member, start: DiagonalStart) {
  const { A, D, unit, displacement } = start;
  const eta = stepSize(run);
  const decay = 2 * eta * run.loss.l2;
  const largest = Math.max(...weightsOfKernel(start));
  return {
    rate: (2 * eta * wholePower(unit, D - 2)) / (A * displacement),
    output_scale: A * wholePower(unit, D) * displacement,
    decay,
    invariant_decay: D === 2 ? -2 * decay + decay * decay : Math.expm1((2 - D) * Math.log1p(-decay)),
    stop_loss: run.train.stopLoss ?? -1,
    kernel_unit: (A * D) ** 2 * largest,
    displacement,
    factor: wholePower(unit, 2 * D - 2) / largest,
  };
}

async function compile(context: CohortContext): Promise<CompiledModel> {
  const { planner, recorder, members, needs, inputs: n, samples, capacity } = context;
  const D = degreeOf(members[0].run.model);
  const channels = channelsOf(needs);
  const starts = members.map(diagonalStart);
  const features = {
    twin: channels === 2,
    decay: members[0].run.loss.l2 > 0,
    invariant: needs.has("conserved") || needs.has("finalWeights"),
    effective: needs.has("effectiveStart"),
    average: needs.has("averagePredictor"),
    flow: members[0].run.train.method === "gradient-flow",
  };
  const flows = features.flow;
  const coordinates = (starts[0].equal ? equalCopies : splitCopies)(D, n, features);
  const { fields } = coordinates;

  const initial = new Float32Array(members.length * fields * n);
  const parameters = new Float32Array(members.length * PARAMETERS);
  const factors = new Float32Array(members.length);
  const kernelUnits = new Float64Array(members.length);
  const largest = starts.map((start) => Math.max(...weightsOfKernel(start)));
  members.forEach((_, position) => {
    const start = starts[position];
    coordinates.initial(start).forEach((values, field) => {
      initial.set(values, (position * fields + field) * n);
    });
    const { factor, ...given } = runNumbers(members[position], start);
    factors[position] = factor;
    kernelUnits[position] = given.kernel_unit;
    parameters.set(Object.values(given), position * PARAMETERS);
  });
  const state = planner.filled("state", initial);
  const runs = planner.filled("run parameters", parameters);
  const beta = planner.buffer("predictor", 4 * members.length * channels * n);
  const signal = planner.scratchBuffer("residual", 4 * members.length * channels * capacity);
  const evaluated = planner.buffer("residual of all samples", 4 * members.length * channels * samples);

  const losses =
    members[0].run.loss.kind === "squared" ? undefined : outputLosses(context, { runs, beta, channels });
  const roots = losses && planner.buffer("roots of all samples", evaluated.size);
  const steps = diagonalSteps(context, coordinates, { runs, beta, signal, losses });
  const { isFused, dispatch: fused } = starts[0].equal
    ? await fusedSteps(context, coordinates.overrides, { runs, state, beta, signal })
    : { isFused: undefined };

  const predict = async (from: GPUBufferBinding) => [
    await planner.dispatch(coordinates.predictor.kernel, {
      overrides: { DEPTH: D, FIELDS: fields, ...coordinates.predictor.overrides },
      bind: { run_tiles: context.tables.runTiles, state: from, runs, beta },
    }),
  ];

  const elementwise: ElementwiseKernel = {
    start: (position) =>
      Float32Array.from(weightsOfKernel(starts[position]), (weight) => weight / largest[position]),
    change: () =>
      recorder.once("kernel weights", () => {
        const out = planner.buffer("kernel weights", 4 * members.length * n);
        const factor = planner.filled("kernel factors", factors);
        recorder.add(() =>
          planner.dispatch(coordinates.kernelWeights, {
            overrides: { DEPTH: D, FIELDS: fields },
            bind: { run_tiles: context.tables.runTiles, state, factor, runs, out },
          }),
        );
        return out;
      }),
    changeScale: (position) => starts[position].displacement ** 2,
    unit: (position) => kernelUnits[position],
    parameters: runs,
  };
  const kernel = elementwiseKernel(context, elementwise);
  const startPredictors = members.map(startPredictor);
  const own = coordinates.measure(context, { state, runs }, starts);
  const measured = residualLosses(context, {
    ...(losses && roots && { losses, roots }),
    evaluated,
    channels,
    beta,
    gapScale: (position) => starts[position].displacement ** 2,
  });
  const measurable: Partial<Measurable> = {
    losses: measured.losses,
    outputs: (set) => ({
      buffer: outputsOn(context, set, { channels, beta }, startPredictors),
      channels,
      row: 0,
    }),
    weights: own.weights,
    linearized: { ...measured.linearized, distance: own.linearDistance },
    conserved: own.conserved,
    ...(own.averagePredictor && { averagePredictor: own.averagePredictor }),
    ...(own.effectiveStart && { effectiveStart: own.effectiveStart }),
    predictor: { beta: () => beta, channels, row: 0, starts: startPredictors },
    tangentKernel: { parts: kernel, starts: () => kernelStarts(context, kernel, false) },
    testKernel: () => elementwiseTestKernel(context, elementwise),
    implicitBias: true,
    finalWeights: (values, member) => coordinates.read(values, diagonalStart(member)).weights,
    finalPredictor(values, member) {
      const start = diagonalStart(member);
      const { predictor } = coordinates.read(values, start);
      const { plus, minus, A, D } = start;
      return member.run.init.subtract
        ? predictor.map((slope, i) => slope - A * (wholePower(plus[i], D) - wholePower(minus[i], D)))
        : predictor;
    },
  };
  return {
    parameters: runs,
    signal: losses?.roots ?? signal,
    evaluated: roots ?? evaluated,
    residuals: [{ row: 0, factor: 1 }],
    isFused,
    forward: fused || flows ? [] : await steps.forward(),
    backward: fused || flows ? [] : await steps.backward({ buffer: state }),
    ...(fused ? { fusedSteps: fused } : {}),
    flow: {
      forward: async (from) => [...(await predict(from)), ...(await steps.forward())],
      slope: (from, derivative) => steps.backward(from, derivative),
      scale: async (from, scale) => [
        await planner.dispatch(diagonalFlowScale, {
          overrides: { FIELDS: fields, SPLIT: !starts[0].equal },
          bind: { run_tiles: context.tables.runTiles, state: from, runs, scale },
        }),
      ],
    },
    evaluate: [
      // A flow's predictor is that of its last stage.
      ...(flows ? await predict({ buffer: state }) : []),
      ...(losses
        ? await losses.ofAll("training", evaluated, roots!)
        : [await evaluateOn(context, "training", { channels, beta }, evaluated)]),
    ],
    measurable,
    state,
    stride: fields * n,
  };
}
