import { unusedParams } from "../kernels/layer-params.ts";
import { reluGradient } from "../kernels/relu-layers.ts";
import { reluLinearGap } from "../kernels/relu-linear.ts";
import { reluActivity, reluConserved, reluPaths } from "../kernels/relu-measures.ts";
import type { CohortContext } from "../models/model.ts";
import type { Layer } from "../models/relu-start.ts";
import type { Finish, RawRecord } from "../plan/recorder.ts";
import { agreement } from "./agreement.ts";
import type { QuantityName } from "./catalogue.ts";

/** What ReLU networks are measured on, as a record's evaluation leaves it. */
export interface ReluBuffers {
  layers: readonly Layer[];
  linear: boolean;
  shared: {
    copies: number;
    units: number;
    stride: number;
    parameters: number;
    channels: number;
    twin: number;
  };
  /** Hidden units of one network. */
  hidden: number;
  /** What a run's weights are stored over. */
  unit(position: number): number;
  start: GPUBuffer;
  state: GPUBuffer;
  weights: GPUBuffer;
  /** Free between steps. */
  gradients: GPUBuffer;
  base: GPUBuffer;
  z: GPUBuffer;
  /** Rows of all training samples (shaders/relu_output.wgsl). */
  signal: GPUBuffer;
  /** Signals back at w(0), [runs, units, samples]. */
  signals(): GPUBuffer;
  /** `pass` makes each record leave the rows of the test samples in `signal`. */
  test: { signal: GPUBuffer; pass(): void } | undefined;
}

/** Rows of `signal`. */
const [ROOT, OUTPUT, GAP, LINEAR_ROOT] = [0, 2, 3, 4];

/** Everything that is measured on ReLU networks, tangent kernels aside. */
export function reluMeasures(
  context: CohortContext,
  buffers: ReluBuffers,
): Partial<Record<QuantityName, () => Finish>> {
  const { recorder, planner, samples, testSamples, members, inputs, data, order } = context;
  const { singles } = context.tables;
  const { layers, linear, shared, hidden, unit } = buffers;
  const { copies, units, stride, parameters, channels } = shared;
  const count = copies * parameters;

  const rowNorm = (row: number) =>
    recorder.norms(`signal ${row}`, () => ({
      buffer: buffers.signal,
      length: samples,
      stride: channels * samples,
      first: row,
      fields: 1,
    }));
  const combined = (record: RawRecord, root: number, size: number) =>
    root ** 2 / (record.member.run.loss.reduction === "mean" ? size : 1);
  const weightNorm = () =>
    recorder.norms("weights", () => ({
      buffer: buffers.weights,
      length: count,
      stride: count,
      first: 0,
      fields: 1,
    }));
  const weightL2 = (): Finish => {
    const norm = weightNorm();
    return (record) => unit(record.position) * record.norm(norm).l2;
  };
  const onTest = () => {
    buffers.test!.pass();
    return buffers.test!.signal;
  };
  const activity = () =>
    recorder.once("activity", () => {
      const column = recorder.reserve(2);
      recorder.add(() =>
        planner.dispatch(reluActivity, {
          params: { ...shared, hidden, column, record: recorder.columns },
          bind: { singles, base: buffers.base, z: buffers.z, out: recorder.out },
        }),
      );
      return column;
    });
  const share = (value: number, of: number, record: RawRecord, norm: number) =>
    Number.isFinite(record.norm(norm).max) ? value / of : NaN;

  return {
    loss: () => {
      const root = rowNorm(ROOT);
      return (record) => combined(record, record.norm(root).l2, samples);
    },
    linear_loss: () => {
      const root = rowNorm(LINEAR_ROOT);
      return (record) => combined(record, record.norm(root).l2, samples);
    },
    function_distance: () => {
      const gap = rowNorm(GAP);
      return (record) => record.norm(gap).l2 / Math.sqrt(samples);
    },
    test_loss: () => {
      const buffer = onTest();
      const root = recorder.norms("test loss", () => ({
        buffer,
        length: testSamples,
        stride: channels * testSamples,
        first: ROOT,
        fields: 1,
      }));
      return (record) => combined(record, record.norm(root).l2, testSamples);
    },
    ...agreement(context, {
      training: () => buffers.signal,
      test: onTest,
      channels,
      row: OUTPUT,
      weightNorm: weightL2,
    }),
    weight_l1: () => {
      const norm = weightNorm();
      return (record) => unit(record.position) * record.norm(norm).l1;
    },
    weight_l2: weightL2,
    weight_distance: () => {
      const norm = recorder.norms("displacements", () => ({
        buffer: buffers.state,
        length: count,
        stride,
        first: 0,
        fields: 1,
      }));
      return (record) => unit(record.position) * record.norm(norm).l2;
    },
    linear_distance: () => {
      const gap = recorder.norms("linear gap", () => {
        const buffer = planner.buffer("linear gap", 4 * members.length * count);
        layers.forEach((layer, l) =>
          recorder.add(() =>
            planner.dispatch(reluGradient.plain, {
              overrides: {
                LANES: 64,
                ROWS: 1,
                SHUFFLED: false,
                LINEAR: linear,
                FIRST: l === 0,
                TOP: l === layers.length - 1,
                START: true,
              },
              params: {
                ...unusedParams,
                ...shared,
                ...layer,
                samples,
                inputs,
                capacity: samples,
                copies: 1,
                slope: shared.twin,
              },
              bind: {
                singles,
                order,
                X: data.columns,
                base: buffers.base,
                z: buffers.z,
                delta: buffers.signals(),
                signal: buffers.state,
                gradients: buffers.gradients,
              },
              shape: (plan) => ({ ...layer, size: samples, networks: plan.singles }),
            }),
          ),
        );
        recorder.add(() =>
          planner.dispatch(reluLinearGap, {
            params: { ...shared, samples },
            bind: {
              singles,
              state: buffers.state,
              transposed: buffers.gradients,
              start: buffers.start,
              gap: buffer,
            },
            shape: () => ({ copies, parameters }),
          }),
        );
        return { buffer, length: count, stride: count, first: 0, fields: 1 };
      });
      return (record) => unit(record.position) * record.norm(gap).l2;
    },
    path_norm: () => {
      const paths = recorder.once("paths", () => {
        const buffer = planner.buffer("paths", 4 * members.length * copies * units);
        layers.forEach((layer, l) =>
          recorder.add(() =>
            planner.dispatch(reluPaths, {
              overrides: { FIRST: l === 0 },
              params: { ...shared, ...layer },
              bind: { singles, weights: buffers.weights, paths: buffer },
              shape: () => ({ ...layer, copies }),
            }),
          ),
        );
        return buffer;
      });
      // Each copy's output, a vector of one number.
      const outputs = Array.from({ length: copies }, (_, copy) =>
        recorder.norms(`paths of copy ${copy}`, () => ({
          buffer: paths,
          length: 1,
          stride: copies * units,
          first: copy * units + units - 1,
          fields: 1,
        })),
      );
      return (record) =>
        unit(record.position) ** layers.length *
        outputs.reduce((sum, output) => sum + record.norm(output).max, 0);
    },
    active_units: () => {
      const [column, norm] = [activity(), rowNorm(ROOT)];
      return (record) => share(record.column(column), copies * hidden, record, norm);
    },
    activation_stability: () => {
      const [column, norm] = [activity(), rowNorm(ROOT)];
      return (record) => share(record.column(column + 1), copies * hidden * samples, record, norm);
    },
    flow_error: () => {
      const norm = recorder.norms("conserved", () => {
        const out = planner.buffer("conserved quantity", 4 * members.length * copies * hidden);
        recorder.add(() =>
          planner.dispatch(reluConserved, {
            params: { ...shared, hidden },
            bind: { singles, start: buffers.start, state: buffers.state, out },
            shape: () => ({ copies, hidden }),
          }),
        );
        return { buffer: out, length: copies * hidden, stride: copies * hidden, first: 0, fields: 1 };
      });
      return (record) => record.norm(norm).max;
    },
  };
}
