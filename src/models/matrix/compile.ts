import type { MatrixModel } from "../../document/types.ts";
import { difference } from "../../kernels/difference.ts";
import { matrixEntries } from "../../kernels/matrix-entries.ts";
import { matrixProductsOf } from "../../kernels/matrix-products.ts";
import { blocksOf, matrixRuns, matrixSums } from "../../kernels/matrix-runs.ts";
import { matrixFlowScale } from "../../kernels/matrix-flow-scale.ts";
import { type Member, batchSize } from "../../plan/cohort.ts";
import type { Dispatch } from "../../plan/planner.ts";
import type { Shape } from "../../wgsl/kernel.ts";
import { residualLosses } from "../diagonal-outputs.ts";
import type { Measurable, Needs } from "../measurable.ts";
import type { CohortContext, CompiledModel } from "../model.ts";
import { coordinatesOf } from "./coordinates.ts";
import { ownedSteps, ownsMatrices } from "./owned.ts";
import type { MatrixFeatures } from "./making.ts";
import { kernelParts, sidesOf } from "./kernels.ts";
import { measureMatrix } from "./measure.ts";
import { type Operation, type Range, encode, isFlat, isInFours } from "./program.ts";
import type { FactorShapes } from "./shape.ts";
import { initialState, matrixStart, runNumbers, startPredictor } from "./start.ts";
import { kernelStarts } from "../kernel-starts.ts";

/** Entries of the largest factor from which on a run is worth more than a workgroup. */
const WIDE = 2048;

/** What is trained of a run, and what beside it. */
export const featuresOf = ({ run }: Member, needs: Needs): MatrixFeatures => ({
  unbiased: (run.model as MatrixModel).unbiased,
  symmetric: (run.model as MatrixModel).symmetric,
  twin: needs.has("linearized"),
  decay: run.loss.l2 > 0,
  flow: run.train.method === "gradient-flow",
});

/** Whether large matrices make a run worth more than a workgroup. */
const isWide = ({ factors }: FactorShapes, inputs: number): boolean =>
  Math.max(inputs, ...factors.map(({ rows, columns }) => rows * columns)) > WIDE;

/** Whether a run's state is the first of its numbers in place, and not a copy of them: a flow has several, and few of small runs are soon copied. */
const staysInPlace = ({ run: { train } }: Member, wide: boolean): boolean =>
  wide && train.method === "gradient-descent";

const entriesOf = (plan: Shape, trains: boolean) => (trains ? plan.trained_run_tiles : plan.run_tiles);

/** Of an operation, for every run. */
const sizesOf =
  ({ matrix, terms }: Operation, trains: boolean) =>
  (plan: Shape): Shape => ({
    entries: entriesOf(plan, trains),
    height: matrix.rows,
    width: matrix.columns,
    terms: terms.reduce((sum, { right }) => sum + (right?.rows ?? 0), 0),
  });

/** How lists of operations become dispatches. */
export interface Executor {
  /** What makes the dispatches of the lists from one to another, in the order of a step. */
  makers(from: string, to: string, options?: ExecuteOptions): (() => Promise<Dispatch>)[];
  work: GPUBuffer;
}

export interface ExecuteOptions {
  state?: GPUBufferBinding;
  signal?: GPUBuffer;
  /** Floats of a row of the signal. */
  capacity?: number;
  trains?: boolean;
  test?: boolean;
}

/** Compiles runs of a matrix model: their numbers in one buffer, their operations in one program. */
export async function compileMatrix(context: CohortContext): Promise<CompiledModel> {
  const { planner, members, needs, data, samples, inputs, capacity, tables, shuffled, tiling } = context;
  const starts = members.map(matrixStart);
  const features = featuresOf(members[0], needs);
  const coordinates = coordinatesOf(starts[0].shapes, features);
  const { size, fields } = coordinates;
  const { parameters, factors } = starts[0].shapes;
  const { train } = members[0].run;
  const flows = features.flow;
  const channels = features.twin ? 2 : 1;
  const isDense = members[0].dataset.matrix!.cells === undefined;
  const stops = train.stopLoss !== null;
  const wide = isWide(starts[0].shapes, inputs);
  const fits = train.method === "gradient-descent" && !shuffled && !(stops && train.stopRule === "keras");
  const isFused = fits ? (context.fused ?? !wide) : undefined;
  const stays = !isFused && staysInPlace(members[0], wide);
  const stride = stays ? size : coordinates.stride;

  const initial = new Float32Array(members.length * stride);
  members.forEach((member, position) =>
    initial.set(initialState(member, starts[position], coordinates), position * stride),
  );
  const numbers = members.map((member, position) => runNumbers(member, starts[position]));
  const state = planner.filled("state", initial);
  const runs = planner.filled(
    "run parameters",
    Float32Array.from(numbers.flatMap((own) => Object.values(own))),
  );
  const work = stays ? state : planner.scratchBuffer("numbers of runs", 4 * members.length * size);
  const apart = stays ? planner.filled("no state apart", new Float32Array(1)) : state;
  const signal = planner.scratchBuffer("residual", 4 * members.length * channels * capacity);
  const evaluated = planner.buffer("residual of all samples", 4 * members.length * channels * samples);

  // In the order of a step: the program is run from one list to another.
  const lists: Record<string, readonly Operation[]> = {
    load: stays ? [] : [coordinates.load],
    forward: coordinates.forward,
    residuals: coordinates.residuals,
    checks: isFused && stops ? coordinates.checks : [],
    backward: coordinates.backward,
    store: stays ? [] : [coordinates.store],
    kernels: coordinates.kernels,
    weights: coordinates.weights,
    conserved: coordinates.conserved.operations,
  };
  const { words, places } = encode(Object.values(lists));
  const program = planner.filled("program", words, GPUBufferUsage.UNIFORM);
  const names = Object.keys(lists);
  const between = (from: string, to: string) =>
    names
      .slice(names.indexOf(from), names.indexOf(to) + 1)
      .flatMap((name) =>
        places[names.indexOf(name)].map((place, k) => ({ place, operation: lists[name][k] })),
      );
  const rangeOf = (from: string, to: string): Range => {
    const all = between(from, to);
    return { first: all[0].place.first, last: all.at(-1)!.place.last };
  };
  const cells = (set: "cells" | "testCells") => {
    const joined = data.datasets.flatMap(({ matrix }) => [...(matrix![set] ?? [])]);
    return planner.filled(set === "cells" ? "entries" : "test entries", Uint32Array.from(joined));
  };
  const measurements = isDense ? data.X : cells("cells");
  const testCells = members[0].dataset.testSamples > 0 ? cells("testCells") : measurements;
  const blocks = blocksOf(tiling.software, wide);
  const head = fields * parameters;

  const dispatch = (
    { first: begin, last: end }: Range,
    {
      state: from = { buffer: apart },
      signal: r = signal,
      capacity: room = capacity,
      trains = false,
      test = false,
    }: ExecuteOptions,
    { range, sole }: { range?: Range; sole?: Operation } = {},
  ) => {
    const tiles = trains ? tables.trainedRunTiles : tables.runTiles;
    const params = {
      ...(test && { samples: context.testSamples }),
      ...{ stride, size, head, begin, end, capacity: room },
      first: range?.first ?? begin,
      last: range?.last ?? end,
    };
    const bind = {
      ...{ program, tiles, order: context.order, work, signal: r, horizon: context.horizon },
      measurements: test ? testCells : measurements,
      y: test ? data.testY : data.y,
      state: from,
    };
    const own = { TRAINS: trains, ...blocks };
    return sole
      ? planner.dispatch(matrixSums, { overrides: own, params, bind, test, shape: sizesOf(sole, trains) })
      : planner.dispatch(matrixRuns, {
          overrides: {
            ...own,
            FUSED: range !== undefined,
            DENSE: isDense && !test,
            SHUFFLED: trains && shuffled,
          },
          ...{ params, bind, test },
          shape: (plan) => ({ entries: entriesOf(plan, trains) }),
        });
  };
  /** What is done to every entry of large matrices for itself. */
  const byEntry = (
    { first: begin }: Range,
    { kind, matrix, count }: Operation,
    { state: from = { buffer: apart }, trains = false }: ExecuteOptions,
  ) =>
    planner.dispatch(matrixEntries, {
      overrides: { TRAINS: trains, LOAD: kind === "load", STORE: kind === "store" },
      params: { stride, size, head, begin },
      bind: {
        ...{ program, work, state: from, horizon: context.horizon },
        tiles: trains ? tables.trainedRunTiles : tables.runTiles,
      },
      shape: (plan) => ({
        entries: entriesOf(plan, trains),
        count: kind === "sum" ? matrix.rows * matrix.columns : count,
      }),
    });
  /** A sum of large matrices: of products, where at most one matrix is added to them, in the blocks that suit these. */
  const summed = (range: Range, operation: Operation, options: ExecuteOptions) => {
    const { matrix, terms, watched } = operation;
    const added = terms.filter(({ right }) => !right).length;
    if (added === terms.length && [matrix, ...terms.map(({ left }) => left)].every(isFlat))
      return byEntry(range, operation, options);
    if (added === terms.length || added > 1) return dispatch(range, options, { sole: operation });
    const { trains = false } = options;
    const inFours = [matrix, ...terms.flatMap(({ right }) => right ?? [])].every(isInFours);
    return planner.dispatch(matrixProductsOf(matrix.rows, matrix.columns, inFours, tiling), {
      overrides: { TRAINS: trains, ADDS: added > 0, WATCHES: trains && watched },
      params: { size, head, begin: range.first },
      bind: {
        program,
        work,
        tiles: trains ? tables.trainedRunTiles : tables.runTiles,
        horizon: context.horizon,
      },
      shape: sizesOf(operation, trains),
    });
  };

  const executor: Executor = {
    work,
    makers(from, to, options = {}) {
      const all = between(from, to);
      if (all.length === 0) return [];
      if (!wide) return [() => dispatch(rangeOf(from, to), options)];
      return all.map(
        ({ place, operation }) =>
          () =>
            operation.kind === "sum"
              ? summed(place, operation, options)
              : operation.kind === "load" || operation.kind === "store"
                ? byEntry(place, operation, options)
                : dispatch(place, options),
      );
    },
  };
  const made = (from: string, to: string, options?: ExecuteOptions) =>
    Promise.all(executor.makers(from, to, options).map((maker) => maker()));
  const forward = (options: ExecuteOptions) => made("load", "residuals", options);
  const all = { signal: evaluated, capacity: samples };
  const starting = members.map(startPredictor);
  const square = (position: number) => starts[position].displacement ** 2;
  const predictors = () =>
    context.recorder.once("predictor", () => {
      const beta = planner.buffer("predictor", 4 * members.length * inputs);
      const b = planner.filled("nothing", new Float32Array(inputs));
      const index = planner.filled("no index", new Uint32Array(members.length));
      const scale = planner.filled("no scales", new Float32Array(members.length));
      context.recorder.add(() =>
        planner.dispatch(difference, {
          params: {
            length: inputs,
            a_stride: size,
            a_offset: coordinates.predictor.at,
            b_stride: 0,
            b_offset: 0,
          },
          bind: { run_tiles: tables.runTiles, a: work, b, index, scale, out: beta },
          shape: () => ({ length: inputs }),
        }),
      );
      return beta;
    });
  const factorTable = () =>
    planner.filled(
      "factors",
      Uint32Array.from(factors.flatMap(({ rows, columns, offset }) => [offset, rows * columns])),
    );
  const { linearized, losses } = residualLosses(context, {
    ...{ evaluated, channels, beta: work, gapScale: square },
    evaluateTest: (r) =>
      dispatch(places[names.indexOf("residuals")][0], {
        ...{ signal: r, capacity: context.testSamples, test: true },
      }),
  });
  const kernel = kernelParts(context, executor, coordinates, {
    starts,
    measurements,
    isDense,
    parameters: runs,
  });
  const measurable: Partial<Measurable> = {
    losses,
    ...measureMatrix(context, executor, coordinates, { state, stride, starts, features, linearized }),
    predictor: { beta: predictors, channels: 1, row: 0, starts: starting },
    tangentKernel: { parts: kernel, starts: () => kernelStarts(context, kernel, false) },
  };
  const { rows, columns } = starts[0].shapes;
  measurable.matrix = {
    ...{ rows, columns, starts: starting },
    entries: () =>
      context.recorder.collected("W", () => ({
        ...{ buffer: work, length: inputs, stride: size, offset: coordinates.predictor.at },
      })),
    residuals: () =>
      context.recorder.collected("residuals", () => ({
        ...{ buffer: evaluated, length: samples, stride: channels * samples, offset: 0 },
      })),
  };
  const owns = isFused && !stops && !isDense && ownsMatrices(context, features, factors);
  return {
    ...{ parameters: runs, signal, evaluated, isFused, measurable, state, stride },
    ...(isFused
      ? {
          forward: [],
          backward: [],
          fusedSteps: owns
            ? await ownedSteps(context, { runs, state, stride, parameters, factors, starting })
            : await dispatch(
                rangeOf("load", "store"),
                { trains: true },
                {
                  range: {
                    first: rangeOf("forward", "forward").first,
                    last: rangeOf("store", "store").first,
                  },
                },
              ),
        }
      : flows
        ? { forward: [], backward: [] }
        : {
            forward: await forward({ trains: true }),
            backward: await made("backward", "store", { trains: true }),
          }),
    flow: {
      forward: (from) => forward({ state: from }),
      slope: (_, derivative) => made("backward", "store", { state: derivative }),
      scale: async (from, scale) => [
        await planner.dispatch(matrixFlowScale, {
          overrides: { PAIR: features.unbiased },
          params: { stride, parameters },
          bind: { run_tiles: tables.runTiles, factors: factorTable(), runs, state: from, scale },
          shape: () => ({ factors: factors.length }),
        }),
      ],
    },
    evaluate: await forward(all),
  };
}

/** Bytes of buffers a run takes, its data and recorded arrays aside, and those of the largest one. */
export function bytesOfMatrix(member: Member, needs: Needs): { total: number; largest: number } {
  const { run, dataset } = member;
  const { shapes } = matrixStart(member);
  const features = featuresOf(member, needs);
  const { stride: own, size, kernelChange } = coordinatesOf(shapes, features);
  const { samples, testSamples, inputs } = dataset;
  const stays = staysInPlace(member, isWide(shapes, inputs));
  const stride = stays ? size : own;
  const channels = features.twin ? 2 : 1;
  const kernel = needs.has("tangentKernel") ? samples * samples : 0;
  const sides = kernel > 0 && !dataset.matrix!.cells ? sidesOf(samples, inputs, kernelChange.length) : 0;
  const states = stride * (features.flow ? 6 : 1);
  // A record's columns, in all staging buffers.
  const brought = needs.has("matrix") ? 4 * (inputs + samples) : 0;
  const ends = needs.has("finalPredictor") || needs.has("finalWeights") ? stride : 0;
  return {
    // The state once more for a checkpoint.
    total:
      4 *
        (2 * states +
          ends +
          brought +
          (stays ? 0 : size) +
          channels * (batchSize(run, samples) + samples) +
          testSamples +
          inputs) +
      4 * (2 * kernel + sides) +
      4 * 7,
    largest: 4 * Math.max(states, size, kernel, sides),
  };
}
