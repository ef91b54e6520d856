import * as v from "valibot";
import type { Dataset } from "../data/dataset.ts";
import { DocumentError } from "../document/error.ts";
import { diagonalDescent, diagonalDescentTiled } from "../kernels/diagonal_descent.ts";
import { diagonalKernelWeights } from "../kernels/diagonal_kernel_weights.ts";
import { diagonalWeights } from "../kernels/diagonal_weights.ts";
import { residual, residualTiled } from "../kernels/residual.ts";
import { losses, evaluateOn } from "../quantities/losses.ts";
import { predictor } from "../quantities/predictor.ts";
import { tangentKernel } from "../quantities/tangent_kernel.ts";
import type { QuantityName } from "../quantities/catalogue.ts";
import type { Member } from "../scheduler/cohort.ts";
import type { Finish } from "../scheduler/recorder.ts";
import { gaussianWeights, initialFromFile } from "./initial.ts";
import type { CohortContext, CompiledModel, ModelKind } from "./model.ts";

/** Quantities that need the linearized twin, or the conserved quantity, to be trained beside the model. */
const TWIN: readonly QuantityName[] = ["linear_loss", "linear_distance", "function_distance"];
const INVARIANT: readonly QuantityName[] = ["flow_error"];

const includesAny = (names: readonly QuantityName[], wanted: readonly QuantityName[]) =>
  wanted.some((name) => names.includes(name));

/**
 * Diagonal networks f(x) = <w+^D - w-^D, x> (Woodworth et al. 2020, Section 4), in coordinates without cancellation:
 * a = alpha w0, d = w+ - w-, s = w+ + w- - 2a, e = d less the linearized twin's (shaders/diagonal_descent.wgsl).
 */
export const diagonal = {
  kind: "diagonal",
  schema: v.strictObject({
    kind: v.literal("diagonal"),
    depth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 2),
  }),

  weights: (_, inputs) => 2 * inputs,

  initial(run, inputs, files) {
    const { shape } = run.init;
    const copies = (values: Float64Array) => {
      const both = new Float64Array(2 * inputs);
      both.set(values);
      both.set(values, inputs);
      return both;
    };
    if (shape === "ones") return new Float64Array(2 * inputs).fill(1);
    if ("std" in shape) {
      if (typeof shape.std !== "number" && shape.std.length !== 1)
        throw new DocumentError("init.shape.std", "is a list; a diagonal network has one standard deviation");
      const std = typeof shape.std === "number" ? shape.std : shape.std[0]!;
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

  variant: (member) => (isSymmetric(member) ? "equal copies" : "different copies"),

  channels: (quantities) => (includesAny(TWIN, quantities) ? 2 : 1),

  bytes({ run, dataset: { samples, inputs } }) {
    const kernels = run.record.arrays.includes("ntk") ? 4 * samples * samples : 0;
    const state = 4 * 7 * inputs;
    return { total: state + 4 * 10 * inputs + 4 * 6 * samples + kernels, largest: Math.max(state, kernels) };
  },

  largestEigenvalue(member, dataset) {
    const { a, A, D } = start(member);
    const n = dataset.inputs;
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++) weights[i] = (A * D) ** 2 * (a[i]! ** (2 * D - 2) + a[n + i]! ** (2 * D - 2));
    return largestEigenvalueOfGram(dataset, weights);
  },

  async compile(context) {
    return compileSymmetric(context);
  },
} satisfies ModelKind;

/** Initial weights a = alpha w0 [2 inputs], output scale A and degree D of a run (interface.md, `scaling`). */
function start({ run, w0 }: Member): { a: Float64Array; A: number; D: number } {
  const { alpha, scaling } = run.init;
  const output = scaling === "output";
  return { a: output ? w0 : w0.map((value) => alpha * value), A: output ? alpha : 1, D: run.model.depth };
}

const isSymmetric = ({ w0 }: Member): boolean => {
  const inputs = w0.length / 2;
  return w0.subarray(0, inputs).every((value, i) => value === w0[inputs + i]);
};

/** Largest eigenvalue of X diag(weights) X^T by power iteration: a lower estimate, within 1e-3 or so. */
function largestEigenvalueOfGram({ X, samples, inputs }: Dataset, weights: Float64Array): number {
  let vector: Float64Array = Float64Array.from({ length: samples }, (_, i) => 1 + 0.1 * Math.sin(i));
  let eigenvalue = 0;
  for (let iteration = 0; iteration < 200; iteration++) {
    const through = new Float64Array(inputs);
    for (let i = 0; i < samples; i++)
      for (let k = 0; k < inputs; k++) through[k]! += X[i * inputs + k]! * vector[i]!;
    for (let k = 0; k < inputs; k++) through[k]! *= weights[k]!;
    const next = new Float64Array(samples);
    for (let i = 0; i < samples; i++)
      for (let k = 0; k < inputs; k++) next[i]! += X[i * inputs + k]! * through[k]!;
    const norm = Math.hypot(...next);
    if (!(norm > 0)) return 0;
    vector = next.map((value) => value / norm);
    if (Math.abs(norm - eigenvalue) <= 1e-6 * norm) return norm;
    eigenvalue = norm;
  }
  return eigenvalue;
}

async function compileSymmetric(context: CohortContext): Promise<CompiledModel> {
  const { planner, recorder, members, quantities, arrays, data, inputs: n, samples, capacity } = context;
  const { singles, training } = context.tables;
  const D = members[0]!.run.model.depth;
  const channels = diagonal.channels(quantities);
  const decay = members[0]!.run.loss.l2 > 0;
  const invariant = includesAny(INVARIANT, quantities) || arrays.includes("weights");

  let fields = 3;
  const GAP = channels === 2 ? fields++ : 0;
  const GAP_SUM = GAP && decay ? fields++ : 0;
  const INVARIANT_FIELD = invariant ? fields++ : 0;

  const initial = new Float32Array(members.length * fields * n);
  const parameters = new Float32Array(members.length * 6);
  const factors = new Float32Array(members.length);
  const starts = members.map(start);
  members.forEach(({ run, w0 }, position) => {
    const { a, A } = starts[position]!;
    initial.set(a.subarray(0, n), position * fields * n);
    const step = run.train.stepSize;
    const mu = 2 * step * run.loss.l2;
    const largest = Math.max(...w0.subarray(0, n)) * (run.init.scaling === "output" ? 1 : run.init.alpha);
    factors[position] = 1 / (2 * largest ** (2 * D - 2));
    parameters.set(
      [
        (2 * step) / A,
        A,
        mu,
        D === 2 ? -2 * mu + mu * mu : Math.expm1((2 - D) * Math.log1p(-mu)),
        run.train.stopLoss ?? -1,
        2 * (A * D) ** 2 * largest ** (2 * D - 2),
      ],
      position * 6,
    );
  });
  const state = planner.filled("state", initial);
  const runs = planner.filled("run parameters", parameters);
  const beta = planner.buffer("predictor", 4 * members.length * channels * n);
  const signal = planner.buffer("residual", 4 * members.length * channels * capacity);
  const evaluated = planner.buffer("residual of all samples", 4 * members.length * channels * samples);

  const lanes = context.tiled ? context.lanes : 64;
  const SHUFFLED = context.shuffled;
  const batch = { tiles: training, order: context.order };
  const step = [
    await planner.dispatch(context.tiled ? residualTiled : residual, {
      overrides: { LANES: lanes, SHUFFLED },
      bind: { ...batch, X: data.columns, y: data.y, beta, r: signal },
      shape: () => ({ size: capacity }),
    }),
    await planner.dispatch(context.tiled ? diagonalDescentTiled : diagonalDescent, {
      overrides: {
        LANES: lanes,
        SHUFFLED,
        DEPTH: D,
        FIELDS: fields,
        GAP,
        GAP_SUM,
        INVARIANT: INVARIANT_FIELD,
        DECAY: decay,
      },
      bind: { ...batch, X: data.X, signal, runs, state, beta, horizon: context.horizon },
      shape: () => ({ size: capacity }),
    }),
  ];
  const evaluate = [await evaluateOn(context, "training", { channels, beta }, evaluated)];

  const field = (name: string, first: number) =>
    recorder.norms(name, () => ({ buffer: state, length: n, stride: fields * n, first, fields: 1 }));
  const halfPair = (x: number, y: number) => Math.hypot(x, y) / Math.SQRT2;
  const kernel = tangentKernel(context, {
    start: (position) => {
      const { a } = starts[position]!;
      const largest = Math.max(...a.subarray(0, n));
      return Float32Array.from(a.subarray(0, n), (value) => (value / largest) ** (2 * D - 2));
    },
    change: () => {
      const out = planner.buffer("kernel weights", 4 * members.length * n);
      const factor = planner.filled("kernel factors", factors);
      recorder.add(() =>
        planner.dispatch(diagonalKernelWeights, {
          overrides: { DEPTH: D, FIELDS: fields },
          bind: { singles, state, factor, out },
        }),
      );
      return out;
    },
    parameters: runs,
  });
  const sums = () =>
    recorder.norms("weights", () => {
      const out = planner.buffer("weights", 4 * members.length * 2 * n);
      recorder.add(() =>
        planner.dispatch(diagonalWeights, { overrides: { FIELDS: fields }, bind: { singles, state, out } }),
      );
      return { buffer: out, length: n, stride: 2 * n, first: 0, fields: 2 };
    });

  const measure: Record<QuantityName, () => Finish> = {
    ...losses(context, { evaluated, channels, beta }),
    ...predictor(context, beta, channels),
    ...kernel.quantities,
    weight_distance: () => {
      const [d, s] = [field("d", 1), field("s", 2)];
      return (record) => halfPair(record.norm(d).l2, record.norm(s).l2);
    },
    linear_distance: () => {
      const [e, s] = [field("e", GAP), GAP_SUM ? field("e_s", GAP_SUM) : field("s", 2)];
      return (record) => halfPair(record.norm(e).l2, record.norm(s).l2);
    },
    flow_error: () => {
      const drift = field("invariant", INVARIANT_FIELD);
      return (record) => record.norm(drift).max;
    },
    weight_l1: () => {
      const norms = sums();
      return (record) => record.norm(norms + 3).l1;
    },
    weight_l2: () => {
      const [norms, d] = [sums(), field("d", 1)];
      return (record) => halfPair(record.norm(norms).l2, record.norm(d).l2);
    },
  };
  const finish = new Map(quantities.map((name) => [name, measure[name]()]));

  return {
    parameters: runs,
    signal,
    evaluated,
    step,
    evaluate,
    finish,
    ...(arrays.includes("ntk") ? { ntk: kernel.array() } : {}),
    state,
    stride: fields * n,
    read: (values, member) => readWeights(values, member, n, INVARIANT_FIELD),
  };
}

/**
 * Weights and predictor from a run's stored coordinates, in float64. The smaller of w+ and w- is lost in
 * (s - |d|) / 2 once the other is large; the conserved quantity keeps it.
 */
function readWeights(state: Float32Array, member: Member, n: number, invariant: number) {
  const { A, D } = start(member);
  const weights = new Float64Array(2 * n);
  const predicted = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, d, s] = [state[i]!, state[n + i]!, state[2 * n + i]!];
    const large = a + (s + Math.abs(d)) / 2;
    let small = a + (s - Math.abs(d)) / 2;
    const kept = invariant ? 1 + state[invariant * n + i]! : NaN;
    if (invariant && small < 0.5 * large) {
      if (D === 2) small = (a * a * kept) / large;
      else if (D > 2) small = (2 * a ** (2 - D) * kept - large ** (2 - D)) ** (-1 / (D - 2));
    }
    weights[i] = d >= 0 ? large : small;
    weights[n + i] = d >= 0 ? small : large;
    // w+^D - w-^D = d times the sum of w+^i w-^(D-1-i)
    let sum = 0;
    for (let power = 0; power < D; power++) sum += large ** power * small ** (D - 1 - power);
    predicted[i] = A * d * sum;
  }
  return { weights, predictor: predicted };
}
