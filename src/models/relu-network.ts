import type { NetworkModel } from "../document/types.ts";
import { depthOf, parametersOf, unitsOf, withKernels } from "../layers/network.ts";
import { unusedParams } from "../layers/params.ts";
import { reluLinear, reluLinearStep } from "../kernels/relu-linear.ts";
import { reluFlowScale } from "../kernels/relu-measures.ts";
import { reluOutput, reluWeights, updatesOf } from "../kernels/relu-step.ts";
import { placeOfLoss } from "../losses/registry.ts";
import type { Dispatch } from "../plan/planner.ts";
import { kernelStarts } from "./kernel-starts.ts";
import type { CohortContext, CompiledModel } from "./model.ts";
import { layersOf } from "./network-layers.ts";
import { reluKernels } from "./relu-kernels.ts";
import { reluMeasurable } from "./relu-measurable.ts";
import { type Network, type Pass, ROWS, constantsOf, rowsOf, shapeOf, isInFours } from "./relu-pass.ts";
import { fusedSteps } from "./relu-shallow.ts";
import { type ReluStart, firstTrained, frozenWeights, reluNumbers, reluStart } from "./relu-start.ts";

/** Compiles runs of one network: displacements from w(0), [copies, parameters], then the twin's a and c. */
export async function compileRelu(context: CohortContext): Promise<CompiledModel> {
  const { planner, recorder, members, needs, data, tables, order, samples, inputs, outputs } = context;
  const { device } = planner;
  const { capacity, shuffled, horizon, tiling } = context;
  const { run } = members[0];
  const model = run.model as NetworkModel;
  const layers = await withKernels(layersOf(model, members[0].dataset));
  const parameters = parametersOf(layers);
  const copies = model.unbiased ? 2 : 1;
  const units = unitsOf(layers);
  const channels = outputs * rowsOf(needs);
  const lowest = firstTrained(run.train, layers);
  const frozen = frozenWeights(run.train, layers);
  const twin = needs.has("linearized");
  const stride = copies * parameters + (twin ? outputs * samples + 1 : 0);
  const flows = run.train.method === "gradient-flow";
  const count = members.length;

  const starts = members.map(reluStart);
  const first = new Float32Array(count * parameters);
  const both = new Float32Array(count * copies * parameters);
  const numbers = members.map((member, position) => reluNumbers(member, starts[position]));
  starts.forEach(({ weights, unit }, position) => {
    const own = weights.map((value) => value / unit);
    first.set(own, position * parameters);
    for (let copy = 0; copy < copies; copy++) both.set(own, (position * copies + copy) * parameters);
  });
  const runs = planner.filled("run parameters", Float32Array.from(numbers.flatMap(Object.values)));
  const start = planner.filled("weights at the start", first);
  const weights = planner.filled("weights", both);
  const state = planner.buffer("state", 4 * count * stride);
  const gradients = planner.scratchBuffer("gradients", 4 * count * copies * parameters);

  const floats = (label: string, size: number) => planner.buffer(label, 4 * count * size);
  const fleeting = (label: string, size: number) => planner.scratchBuffer(label, 4 * count * size);
  const all: Pass = {
    table: tables.runTiles,
    entries: "run_tiles",
    samples,
    capacity: samples,
    shuffled: false,
    test: false,
    X: data.columns,
    y: data.y,
    base: floats("pre-activations at the start", units * samples),
    z: fleeting("changes of pre-activations", copies * units * samples),
    signal: fleeting("signal of all samples", channels * samples),
    linear: twin ? fleeting("linearized outputs", outputs * samples) : undefined,
  };
  // With full batches what a step leaves and what a record computes never live at the same time.
  const batch: Pass = shuffled
    ? {
        ...all,
        table: tables.trainedRunTiles,
        entries: "trained_run_tiles",
        capacity,
        shuffled,
        z: fleeting("changes of pre-activations of the batch", copies * units * capacity),
        signal: fleeting("signal of the batch", channels * capacity),
        linear: twin ? fleeting("linearized outputs of the batch", outputs * capacity) : undefined,
      }
    : { ...all, table: tables.trainedRunTiles, entries: "trained_run_tiles" };
  const delta = fleeting("signals back", copies * units * capacity);
  const shared = { copies, units, outputs, stride, parameters, inputs, channels, twin: copies * parameters };
  const sizes = ({ samples, capacity }: Pass) => ({
    ...unusedParams,
    ...shared,
    samples,
    capacity,
    slope: outputs * ROWS.slope,
  });

  /** Changes of a pass's pre-activations since w(0), layer by layer. */
  const propagate = (pass: Pass, from: GPUBufferBinding): Promise<Dispatch>[] =>
    layers.map((layer, l) =>
      planner.dispatch(layer.kernels.forward(l === 0, layer.sizes, pass.capacity, tiling, isInFours(pass)), {
        overrides: { SHUFFLED: pass.shuffled, ...constantsOf(layer), ...(l === 0 ? { FIRST: true } : {}) },
        params: { ...sizes(pass), ...layer.sizes },
        bind: {
          run_tiles: pass.table,
          order,
          X: pass.X,
          base: pass.base,
          state: from,
          weights,
          z: pass.z,
        },
        shape: shapeOf(shared, pass, { ...layer.sizes }),
        test: pass.test,
        step: pass.step,
      }),
    );

  /** Pre-activations at w(0), once. */
  const prepareBase = (pass: Pass) =>
    layers.forEach((layer, l) => {
      recorder.prepare(() =>
        planner.dispatch(layer.kernels.forward(true, layer.sizes, pass.capacity, tiling, isInFours(pass)), {
          overrides: { ...constantsOf(layer), ...(l === 0 ? { FIRST: true } : {}) },
          params: { ...sizes(pass), ...layer.sizes, copies: 1, stride: parameters },
          bind: {
            run_tiles: pass.table,
            order,
            X: pass.X,
            state: start,
            z: pass.base,
          },
          shape: shapeOf(shared, pass, { ...layer.sizes, copies: 1 }),
          test: pass.test,
          step: pass.step,
        }),
      );
    });
  prepareBase(all);
  const kernelUnit = (position: number) => numbers[position].kernel_unit;
  const network: Network = {
    model,
    layers,
    lowest,
    frozen,
    shared,
    tiling,
    pass: all,
    runs,
    kernelUnit,
    start,
    state,
    weights,
  };
  const kernel = reluKernels(context, network);
  const kernelStart = twin ? kernelStarts(context, kernel, outputs > 1) : undefined;

  /** Outputs, losses and slopes of a pass. */
  const forward = async (pass: Pass, from: GPUBufferBinding): Promise<Dispatch[]> => {
    const dispatches = propagate(pass, from);
    if (pass.linear)
      dispatches.push(
        planner.dispatch(reluLinear, {
          overrides: { SHUFFLED: pass.shuffled },
          params: { ...sizes(pass), layers: lowest > 0 ? 1 : depthOf(layers) },
          bind: {
            run_tiles: pass.table,
            order,
            K: kernelStart!.K,
            start_of: kernelStart!.of,
            base: pass.base,
            runs,
            state: from,
            linear: pass.linear,
          },
          shape: shapeOf(shared, pass),
        }),
      );
    dispatches.push(
      planner.dispatch(reluOutput, {
        overrides: {
          SHUFFLED: pass.shuffled,
          LOSS: placeOfLoss(run.loss),
          TWIN: pass.linear !== undefined,
          SUBTRACT: run.init.subtract,
        },
        params: sizes(pass),
        bind: {
          run_tiles: pass.table,
          order,
          base: pass.base,
          z: pass.z,
          y: pass.y,
          runs,
          linear: pass.linear ?? pass.base,
          signal: pass.signal,
        },
        shape: shapeOf(shared, pass),
        test: pass.test,
        step: pass.step,
      }),
    );
    return Promise.all(dispatches);
  };

  /** The update after a forward pass of the batch, or in `derivative` the state's time derivative. */
  const backward = (from: GPUBufferBinding, derivative?: GPUBufferBinding): Promise<Dispatch[]> => {
    const dispatches: Promise<Dispatch>[] = [];
    const back = { run_tiles: batch.table, order, base: batch.base, z: batch.z, signal: batch.signal, delta };
    const top = layers.length - 1;
    for (let l = top; l > lowest; l--)
      dispatches.push(
        planner.dispatch(
          layers[l].kernels.backward(layers[l].sizes, batch.capacity, tiling, batch.capacity % 4 === 0),
          {
            overrides: { SHUFFLED: shuffled, ...constantsOf(layers[l]), ...(l === top ? { TOP: true } : {}) },
            params: { ...sizes(batch), ...layers[l].sizes },
            bind: { ...back, weights },
            shape: shapeOf(shared, batch, { ...layers[l].sizes }),
          },
        ),
      );
    layers.forEach((layer, l) => {
      const choice = l >= lowest ? layer.kernels.gradient?.(layer.sizes, tiling) : undefined;
      if (choice)
        dispatches.push(
          planner.dispatch(choice, {
            overrides: {
              SHUFFLED: shuffled,
              ...constantsOf(layer),
              FIRST: l === 0,
              ...(l === top ? { TOP: true } : {}),
            },
            params: { ...sizes(batch), ...layer.sizes },
            bind: { ...back, X: batch.X, gradients },
            shape: shapeOf(shared, batch, { ...layer.sizes }),
          }),
        );
    });
    const FLOW = derivative !== undefined;
    dispatches.push(
      planner.dispatch(updatesOf(device.adapter.software), {
        overrides: { FLOW },
        params: { ...shared, frozen },
        bind: {
          run_tiles: batch.table,
          runs,
          start,
          gradients,
          state: derivative ?? from,
          weights,
          horizon,
        },
        shape: shapeOf(shared, batch),
      }),
    );
    if (twin)
      dispatches.push(
        planner.dispatch(reluLinearStep, {
          overrides: { SHUFFLED: shuffled, FLOW },
          params: { ...sizes(batch), slope: outputs * ROWS.linearSlope },
          bind: {
            run_tiles: batch.table,
            order,
            runs,
            signal: batch.signal,
            horizon,
            held: FLOW ? from : gradients,
            state: derivative ?? from,
          },
          shape: shapeOf(shared, batch),
        }),
      );
    return Promise.all(dispatches);
  };

  /** Weights of a state that has been moved from outside. */
  const restoreWeights = (from: GPUBufferBinding) =>
    planner.dispatch(reluWeights, {
      params: shared,
      bind: { run_tiles: tables.runTiles, start, state: from, weights },
      shape: shapeOf(shared, all),
    });

  const own: GPUBufferBinding = { buffer: state };
  const { isFused, dispatch: update } = await fusedSteps(
    context,
    layers,
    { ...shared, twin },
    { runs, start, state },
  );
  const trains = update
    ? { forward: [], backward: shuffled ? [update] : [], ...(shuffled ? {} : { fusedSteps: update }) }
    : { forward: await forward(batch, own), backward: await backward(own) };
  const evaluate = [...(flows || update ? [await restoreWeights(own)] : []), ...(await forward(all, own))];
  /** Makes each record evaluate a pass. */
  const addPass = (pass: Pass): void => {
    prepareBase(pass);
    const dispatches = forward(pass, own);
    for (let place = 0; place <= layers.length; place++) recorder.add(async () => (await dispatches)[place]);
  };
  return {
    parameters: runs,
    signal: batch.signal,
    evaluated: all.signal,
    residuals: [{ row: ROWS.slope, factor: 2 }, ...(twin ? [{ row: ROWS.linearSlope, factor: 2 }] : [])],
    isFused,
    ...trains,
    evaluate,
    flow: {
      forward: async (from) => [await restoreWeights(from), ...(await forward(batch, from))],
      slope: (from, derivative) => backward(from, derivative),
      scale: async (from, scale) => [
        await restoreWeights({ buffer: from }),
        await planner.dispatch(reluFlowScale, {
          params: shared,
          bind: {
            run_tiles: tables.runTiles,
            weights,
            floors: planner.filled("floors of weights", Float32Array.from(starts, floorOf)),
            scale,
          },
          shape: shapeOf(shared, all),
        }),
      ],
    },
    measurable: reluMeasurable(context, network, { kernel, starts, gradients, addPass }),
    state,
    stride,
  };
}

/** A tenth of the root mean square of the first weights, in the run's unit. */
const floorOf = ({ weights, unit }: ReluStart): number =>
  0.1 * Math.sqrt(weights.reduce((sum, value) => sum + (value / unit) ** 2, 0) / weights.length);
