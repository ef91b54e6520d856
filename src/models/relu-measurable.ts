import { reluConserved } from "../kernels/relu-measures.ts";
import type { Member } from "../plan/cohort.ts";
import type { Finish } from "../plan/recorder.ts";
import { packTiles } from "../plan/tiles.ts";
import { sizeOf } from "../layers/layer.ts";
import { hiddenUnits } from "../layers/network.ts";
import { outputsOf, rowsOf } from "../theory/network-kernel.ts";
import { type KernelParts, kernelStarts } from "./kernel-starts.ts";
import type { Measurable, SampleSet } from "./measurable.ts";
import type { CohortContext } from "./model.ts";
import { linearGap } from "./relu-kernels.ts";
import { type Network, type Pass, ROWS } from "./relu-pass.ts";
import { type ReluStart, reluStart } from "./relu-start.ts";
import { jacobianProducts } from "./relu-jacobian.ts";
import { reluTestKernel } from "./relu-test-kernel.ts";

/**
 * What networks of dense layers are measured on; whatever nobody asks for costs nothing.
 *
 * @param starts of each run
 * @param gradients free between steps
 * @param addPass makes each record evaluate another pass
 */
export function reluMeasurable(
  context: CohortContext,
  network: Network,
  {
    kernel,
    starts,
    gradients,
    addPass,
  }: { kernel: KernelParts; starts: readonly ReluStart[]; gradients: GPUBuffer; addPass(pass: Pass): void },
): Partial<Measurable> {
  const { planner, recorder, members, data, tables, inputs, outputs, testSamples } = context;
  const { layers, shared, pass: all, start, state, weights } = network;
  const { copies, units, stride, parameters, channels } = shared;
  const hidden = hiddenUnits(layers);
  const floats = (label: string, size: number) => planner.buffer(label, 4 * members.length * size);
  const fleeting = (label: string, size: number) => planner.scratchBuffer(label, 4 * members.length * size);
  const testPass = (): Pass =>
    recorder.once("test pass", () => {
      const test: Pass = {
        ...all,
        samples: testSamples,
        capacity: testSamples,
        test: true,
        X: data.testColumns,
        y: data.testY,
        base: floats("test pre-activations at the start", units * testSamples),
        z: floats("changes of test pre-activations", copies * units * testSamples),
        signal: floats("test signal", channels * testSamples),
        linear: undefined,
      };
      addPass(test);
      return test;
    });
  /** A linear network's predictor is what it makes of each input alone. */
  const probes = (): Pass =>
    recorder.once("probes", () => {
      const placements = members.map(() => ({ data: 0, targets: 0, stream: 0 }));
      const probe: Pass = {
        ...all,
        table: planner.filled("probe table", packTiles([...members.keys()], placements, channels, channels)),
        entries: "all",
        step: planner.still("step of probes", inputs),
        samples: inputs,
        capacity: inputs,
        X: planner.filled("probes", identity(inputs)),
        y: planner.filled("no targets", new Float32Array(inputs)),
        base: floats("pre-activations of probes at the start", units * inputs),
        z: fleeting("changes of pre-activations of probes", copies * units * inputs),
        signal: fleeting("signal of probes", channels * inputs),
        linear: undefined,
      };
      addPass(probe);
      return probe;
    });
  const passOn = (set: SampleSet): Pass => (set === "test" ? testPass() : all);
  const norm = (name: string, { signal, samples }: Pass, first: number) =>
    recorder.norms(name, () => ({
      buffer: signal,
      length: outputs * samples,
      stride: channels * samples,
      offset: first * outputs * samples,
      fields: 1,
    }));
  /** A norm of all of a run's weights, or of numbers beside them, which are stored over the run's unit. */
  const inUnits = (
    name: string,
    of: "l1" | "l2",
    buffer: () => GPUBuffer,
    each = copies * parameters,
  ): Finish => {
    const column = recorder.norms(name, () => ({
      buffer: buffer(),
      length: copies * parameters,
      stride: each,
      offset: 0,
      fields: 1,
    }));
    return (record) => starts[record.position].unit * record.norm(column)[of];
  };
  /** A run's weights at its end, in float64. */
  function endsOf(member: Member, values: Float32Array): Float64Array {
    const { weights, unit } = reluStart(member);
    return Float64Array.from(
      { length: copies * parameters },
      (_, place) => weights[place % parameters] + unit * values[place],
    );
  }
  return {
    losses: (set) => norm(`losses ${set}`, passOn(set), ROWS.root),
    outputs: (set) => ({ buffer: passOn(set).signal, channels, row: outputs * ROWS.output }),
    weights: {
      l1: () => inUnits("weights", "l1", () => weights),
      l2: () => inUnits("weights", "l2", () => weights),
      distance: () => inUnits("displacements", "l2", () => state, stride),
    },
    linearized: {
      losses: () => norm("linearized losses", all, ROWS.linearRoot),
      gap: () => norm("gap", all, ROWS.gap),
      gapScale: () => 1,
      distance: () => inUnits("linear gap", "l2", () => linearGap(context, network, { gradients, floats })),
    },
    conserved: () =>
      recorder.norms("conserved", () => {
        const out = floats("conserved quantity", copies * hidden);
        recorder.add(() =>
          planner.dispatch(reluConserved, {
            params: { ...shared, hidden },
            bind: { run_tiles: tables.runTiles, start, state, out },
            shape: () => ({ copies, hidden }),
          }),
        );
        return { buffer: out, length: copies * hidden, stride: copies * hidden, offset: 0, fields: 1 };
      }),
    tangentKernel: { parts: kernel, starts: () => kernelStarts(context, kernel, context.fullKernels) },
    jacobian: () => jacobianProducts(context, network),
    testKernel: () => reluTestKernel(context, network, testPass()),
    layers: {
      layers,
      sizes: shared,
      unit: (position) => starts[position].unit,
      weights,
      lastDistance() {
        const { offset, fan_in, fan_out } = layers.at(-1)!.sizes;
        const columns = Array.from({ length: copies }, (_, copy) =>
          recorder.norms(`displacements of the last layer of copy ${copy}`, () => ({
            buffer: state,
            length: fan_in * fan_out,
            stride,
            offset: copy * parameters + offset,
            fields: 1,
          })),
        );
        return (record) =>
          starts[record.position].unit * Math.hypot(...columns.map((column) => record.norm(column).l2));
      },
      first() {
        const { fan_in, fan_out } = layers[0].sizes;
        const length = fan_in * fan_out;
        const columns = Array.from({ length: copies }, (_, copy) =>
          recorder.collected(`first layer of copy ${copy}`, () => ({
            ...{ buffer: weights, length, stride: copies * parameters, offset: copy * parameters },
          })),
        );
        return (record) => {
          const { unit } = starts[record.position];
          return Float64Array.from(
            { length: copies * length },
            (_, k) => unit * record.column(columns[Math.floor(k / length)] + (k % length)),
          );
        };
      },
      base: all.base,
      z: all.z,
    },
    neurons: () => {
      const width = sizeOf(layers[0].above);
      const column = recorder.collected("weights", () => {
        const length = copies * parameters;
        return { buffer: weights, length, stride: length, offset: 0 };
      });
      return (record) => {
        const { unit } = starts[record.position];
        return Float64Array.from({ length: copies * parameters }, (_, k) => {
          const [neuron, place] = [Math.floor(k / (inputs + 1)), k % (inputs + 1)];
          const [copy, j] = [Math.floor(neuron / width), neuron % width];
          const isOutgoing = place === inputs;
          const at = copy * parameters + (isOutgoing ? width * inputs + j : j * inputs + place);
          return (isOutgoing && copy === 1 ? -unit : unit) * record.column(column + at);
        });
      };
    },
    predictor: {
      beta: () => probes().signal,
      channels,
      row: ROWS.output,
      starts: members.map(() => undefined),
    },
    finalWeights: (values, member) => endsOf(member, values),
    finalPredictor(values, member) {
      const { weights, A } = reluStart(member);
      const ends = endsOf(member, values);
      // What a copy makes of each input alone; of pairs, and of models less their start, a difference in float64.
      const probes = rowsOf(Float64Array.from(identity(inputs)), inputs);
      const coefficients = (weights: Float64Array) => outputsOf(layers, weights, probes);
      const less = copies === 2 ? ends.subarray(parameters) : member.run.init.subtract ? weights : undefined;
      const taken = less && coefficients(less);
      return coefficients(ends.subarray(0, parameters)).map((value, i) => A * (value - (taken?.[i] ?? 0)));
    },
  };
}

/** The identity matrix, [size, size]. */
function identity(size: number): Float32Array {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return values;
}
