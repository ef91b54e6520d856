import { difference } from "../kernels/difference.ts";
import { outputsOf as outputsOfPredictor } from "../data/measure.ts";
import { productsOf } from "../kernels/predictor-products.ts";
import type { Dispatch } from "../plan/planner.ts";
import type { OutputLosses } from "./diagonal-losses.ts";
import { TILE_ROWS } from "../plan/tiles.ts";
import { runsAlone } from "../wgsl/lanes.ts";
import type { Measurable, SampleSet } from "./measurable.ts";
import type { CohortContext } from "./model.ts";

/** Coefficients of linear predictors, [rows, inputs], `channels` rows a run. */
interface Predictors {
  beta: GPUBuffer;
  channels: number;
}

/** Residuals r of all samples and, with a linearized model, the gap h = f - f̄, as a record's evaluation leaves them. */
interface Residuals extends Predictors {
  evaluated: GPUBuffer;
  /** Fills a buffer with those of the test set, where X does not tell them. */
  evaluateTest?(r: GPUBuffer): Promise<Dispatch>;
  /** Of a loss that residuals do not tell: its roots, of all samples, of the model and its linearization. */
  losses?: OutputLosses;
  roots?: GPUBuffer;
  /** Gaps are stored over this. */
  gapScale(position: number): number;
}

/** Squared losses of the model, its linearization and the test set, and the distance between the two functions. */
export function residualLosses(
  context: CohortContext,
  residuals: Residuals,
): Pick<Measurable, "losses"> & { linearized: Omit<Measurable["linearized"], "distance"> } {
  const { recorder, planner, samples, testSamples, members } = context;
  const { runTiles } = context.tables;
  const { evaluated, channels, gapScale, losses, roots } = residuals;
  const stride = channels * samples;
  const normOf = (name: string, buffer: GPUBuffer, channel: number) =>
    recorder.norms(name, () => ({ buffer, length: samples, stride, offset: 0, fields: channels })) +
    3 * channel;
  const norm = (channel: number) => normOf("outputs", evaluated, channel);
  const testNorm = () =>
    recorder.norms("test residual", () => {
      const buffer = planner.buffer("test residual", 4 * members.length * channels * testSamples);
      if (losses) {
        const outputs = planner.buffer("test outputs of losses", buffer.size);
        const dispatches = losses.ofAll("test", outputs, buffer);
        for (const place of [0, 1]) recorder.add(async () => (await dispatches)[place]);
      } else
        recorder.add(
          () => residuals.evaluateTest?.(buffer) ?? evaluateOn(context, "test", residuals, buffer),
        );
      return { buffer, length: testSamples, stride: channels * testSamples, offset: 0, fields: 1 };
    });
  return {
    losses: (set) => (set === "test" ? testNorm() : roots ? normOf("roots", roots, 0) : norm(0)),
    linearized: {
      gap: () => norm(1),
      gapScale,
      // f̄ - y = r - h
      losses: () =>
        roots
          ? normOf("roots", roots, 1)
          : recorder.norms("linear residual", () => {
              const buffer = planner.buffer("linear residual", 4 * members.length * samples);
              const index = planner.filled("self", Uint32Array.from(members.keys()));
              const scale = planner.filled(
                "gap scales",
                Float32Array.from(members, (_, k) => gapScale(k)),
              );
              recorder.add(() =>
                planner.dispatch(difference, {
                  params: {
                    length: samples,
                    a_stride: stride,
                    a_offset: 0,
                    b_stride: stride,
                    b_offset: samples,
                  },
                  bind: { run_tiles: runTiles, a: evaluated, b: evaluated, index, scale, out: buffer },
                  shape: () => ({ length: samples }),
                }),
              );
              return { buffer, length: samples, stride: samples, offset: 0, fields: 1 };
            }),
    },
  };
}

/**
 * Outputs f of all training or test samples, [rows, samples], at every record: a predictor's own, whose sign a residual
 * plus its target would round away.
 *
 * @param starts of each run, what its predictor started from where `beta` holds only the change since
 */
export function outputsOn(
  context: CohortContext,
  set: SampleSet,
  outputs: Predictors,
  starts: readonly (Float64Array | undefined)[],
): GPUBuffer {
  const { planner, recorder, members, data } = context;
  return recorder.once(`outputs on the ${set} set`, () => {
    const samples = set === "test" ? context.testSamples : context.samples;
    // As residuals of what the outputs started from, with the sign changed.
    const rows = Math.max(...data.placements.map(({ targets }) => targets)) + 1;
    const before = new Float32Array(rows * samples);
    members.forEach(({ dataset }, position) => {
      const start = starts[position];
      if (!start) return;
      const outputs = outputsOfPredictor(dataset, start, set);
      before.set(
        outputs.map((output) => -output),
        data.placements[position].targets * samples,
      );
    });
    const targets = planner.filled(`${set} outputs at the start`, before);
    const out = planner.buffer(`${set} outputs`, 4 * members.length * outputs.channels * samples);
    recorder.add(() => evaluateOn(context, set, outputs, out, targets));
    return out;
  });
}

/** Residuals of all training or test samples, unshuffled; of other targets than the data's where they are given. */
export function evaluateOn(
  context: CohortContext,
  set: SampleSet,
  { channels, beta }: Predictors,
  r: GPUBuffer,
  targets?: GPUBuffer,
): Promise<Dispatch> {
  const { planner, data, tables, order, inputs } = context;
  const test = set === "test";
  const samples = test ? context.testSamples : context.samples;
  // Small work is over sooner than the tiled kernel is compiled.
  const small = runsAlone(context.members.length * channels * samples * inputs);
  return planner.dispatch(
    productsOf(samples, TILE_ROWS, context.tiling, { plain: small, inFours: samples % 4 === 0 }),
    {
      overrides: { SHUFFLED: false },
      params: { samples, inputs, channels, capacity: samples, streams: 1, room: TILE_ROWS, stride: samples },
      bind: {
        tiles: tables.recording,
        order,
        X: test ? data.testColumns : data.columns,
        y: targets ?? (test ? data.testY : data.y),
        rows: beta,
        products: r,
      },
      shape: (plan) => ({ size: samples, room: TILE_ROWS, tiles: plan.recordedTiles }),
      test,
    },
  );
}
