import { epochOrder } from "../../src/data/stream.ts";
import { lossOf } from "../../src/losses/registry.ts";
import { trainDiagonal } from "../../src/models/diagonal.reference.ts";
import { degreeOf } from "../../src/models/degree.ts";
import { trainMatrix } from "../../src/models/matrix/matrix.reference.ts";
import { trainRelu } from "../../src/models/relu.reference.ts";
import type { Member } from "../../src/plan/cohort.ts";
import { batchSize, shuffleSeed } from "../../src/plan/cohort.ts";
import type { RunStatus } from "../../src/scheduler/sink.ts";

const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const isHeld = (values: ArrayLike<number>, unit: number) =>
  Array.from(values).every((value) => Math.abs(value) <= unit * LARGEST);

/** What a run has before every update, and after the last. */
interface Moment {
  updates: number;
  weights: Float64Array;
  /** [samples]. */
  outputs: Float64Array;
}

export function moments(member: Member): Moment[] {
  const { run, dataset, w0 } = member;
  const all: Moment[] = [];
  if (run.model.kind === "matrix") {
    const unit = unitOf(member);
    trainMatrix(run, dataset, w0, ({ updates, numbers, coordinates, residual }) =>
      all.push({
        updates,
        weights: numbers.slice(0, coordinates.stride).map((value) => unit * value),
        outputs: residual.map((value, j) => value + dataset.y[j]),
      }),
    );
  } else if (run.model.kind !== "diagonal")
    trainRelu(run, dataset, w0, ({ updates, weights, outputs }) =>
      all.push({ updates, weights: weights.slice(), outputs: outputs.slice() }),
    );
  else
    trainDiagonal(run, dataset, w0, ({ updates, plus, minus, residual }) =>
      all.push({
        updates,
        weights: Float64Array.of(...plus, ...minus),
        outputs: residual.map((value, j) => value + dataset.y[j]),
      }),
    );
  return all;
}

/** The largest weight at the start. */
const unitOf = ({ run: { init }, w0 }: Member): number =>
  (init.scaling === "output" ? 1 : init.alpha) * w0.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** How a run of gradient descent ends, in float64 with float32's range: what stops it first. */
export function statusOf(member: Member, all = moments(member)): RunStatus {
  const { run, dataset } = member;
  const { train, loss } = run;
  if (train.method !== "gradient-descent") throw new Error("the mirror descends");
  const { samples: N, y } = dataset;
  const size = batchSize(run, N);
  const batches = Math.ceil(N / size);
  const unit = unitOf(member);
  const outputUnit = (run.init.scaling === "output" ? run.init.alpha : 1) * unit ** degreeOf(run.model);
  const meanLoss = ({ outputs }: Moment, batch: ArrayLike<number>) =>
    Array.from(batch).reduce((sum, j) => sum + lossOf(loss).sample([outputs[j]], [y[j]]).value, 0) /
    (loss.reduction === "mean" ? batch.length : 1);
  const samples = Array.from({ length: N }, (_, j) => j);
  const last = train.epochs * batches;
  let running = 0;
  let overflowed = false;
  for (const moment of all) {
    const { updates, weights, outputs } = moment;
    // What leaves float32 in a forward pass leaves it for good with the update.
    if (overflowed || !isHeld(weights, unit)) return "diverged";
    const order = size < N ? epochOrder(shuffleSeed(run), Math.floor(updates / batches), N) : samples;
    const first = (updates % batches) * size;
    const batch = Array.from(order).slice(first, Math.min(N, first + size));
    const held = (places: number[]) =>
      isHeld(
        places.map((j) => outputs[j]),
        Math.min(1, outputUnit),
      );
    if (updates === last && !held(samples)) return "diverged";
    if (train.stopLoss !== null && updates > 0 && updates % batches === 0) {
      const compared = train.stopRule === "keras" ? running : meanLoss(moment, samples);
      if (compared <= train.stopLoss) return "converged";
      running = 0;
    }
    if (updates === last) break;
    overflowed = !held(batch);
    running += (meanLoss(moment, batch) * batch.length) / N;
  }
  return "finished";
}

/** Displacements past this, over the start, leave float32 few digits of the start: whether a unit dies of them is chance. */
const LOST = 2 ** 16;

/** The same where starts a little apart agree; undefined where rounding may decide. */
export function certainStatusOf(member: Member): RunStatus | undefined {
  const all = moments(member);
  const own = statusOf(member, all);
  const far = LOST * unitOf(member);
  if (own !== "diverged" && all.some(({ weights }) => weights.some((value) => Math.abs(value) > far)))
    return undefined;
  const shifts = [1e-5, -1e-5];
  const found = shifts.map((shift) =>
    statusOf({ ...member, w0: member.w0.map((value, k) => value * (1 + shift * Math.cos(k))) }),
  );
  return found.every((status) => status === own) ? own : undefined;
}
