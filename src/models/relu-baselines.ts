import { scalesOf } from "../plan/cohort.ts";
import type { Dataset } from "../data/dataset.ts";
import type { NetworkModel, Run } from "../document/types.ts";
import {
  type KernelPredictor,
  type ReluInitialization,
  heDeviations,
  kernelPredictor,
  reluTangentKernel,
  signAccuracy,
} from "../theory/index.ts";

import { kernelOf, outputsOf, rowsOf } from "../theory/network-kernel.ts";
import { layersOf, widthsOf } from "./network-layers.ts";
import { firstTrained } from "./relu-start.ts";

/** What kernel regression makes of a run's data: where training would end if the tangent kernel stayed as it is. */
export interface KernelBaseline extends Pick<KernelPredictor, "jitter" | "jitterShare" | "residual"> {
  /** Outputs on the test inputs. */
  outputs: Float64Array;
  /** Share of test inputs whose output has its label's sign; NaN without test inputs, or where labels are no signs. */
  accuracy: number;
}

/**
 * The kernel predictor with the closed-form kernel of infinitely wide networks of a run's initialization.
 *
 * @throws RangeError where initial weights from a file have no distribution
 */
export function infiniteWidthBaseline({ model, init }: Run, dataset: Dataset): KernelBaseline {
  const { inputs, X, testX } = dataset;
  const initialization = initializationOf(model as NetworkModel, init, inputs);
  const kernel = (left: Float64Array, right?: Float64Array) =>
    reluTangentKernel(initialization, inputs, left, right);
  return baseline(dataset, kernel(X), kernel(testX, X));
}

/**
 * The kernel predictor with the tangent kernel of a run's own network at its start, which begins at the network's own
 * outputs unless they are taken off: the end of the linearized model's training.
 *
 * @param w0 the run's weights before alpha, one copy's
 */
export function initialKernelBaseline(
  { model, init, train }: Run,
  dataset: Dataset,
  w0: Float64Array,
): KernelBaseline {
  const { inputs, X, testX } = dataset;
  const { unbiased } = model as NetworkModel;
  const { weights: factor, A } = scalesOf({ init });
  const layers = layersOf(model as NetworkModel, dataset);
  const weights = w0.map((value) => factor * value);
  const scale = A ** 2 * (unbiased ? 2 : 1);
  const kernel = (left: Float64Array, right?: Float64Array) =>
    kernelOf(
      layers,
      weights,
      rowsOf(left, inputs),
      rowsOf(right ?? left, inputs),
      firstTrained(train, layers),
    ).map((value) => scale * value);
  const start = (inputsOf: Float64Array) =>
    unbiased || init.subtract
      ? undefined
      : outputsOf(layers, weights, rowsOf(inputsOf, inputs)).map((value) => A * value);
  return baseline(dataset, kernel(X), kernel(testX, X), start(X), start(testX));
}

function baseline(
  { y, testY }: Dataset,
  K: Float64Array,
  cross: Float64Array,
  start?: Float64Array,
  testStart?: Float64Array,
): KernelBaseline {
  const { jitter, jitterShare, residual, predict } = kernelPredictor(
    K,
    y.map((target, j) => target - (start?.[j] ?? 0)),
  );
  const outputs = predict(cross).map((value, j) => value + (testStart?.[j] ?? 0));
  const labelled = testY.length > 0 && testY.every((label) => Math.abs(label) === 1);
  return { jitter, jitterShare, residual, outputs, accuracy: labelled ? signAccuracy(outputs, testY) : NaN };
}

/** Standard deviations of a run's initial weights, alpha in them where it scales weights. */
function initializationOf(model: NetworkModel, init: Run["init"], inputs: number): ReluInitialization {
  const { shape } = init;
  const { weights } = scalesOf({ init });
  const widths = widthsOf(model);
  if (!widths) throw new RangeError("only networks of dense layers have an infinitely wide limit here");
  const layers = widths.length + 1;
  if (typeof shape === "string" && shape !== "he")
    throw new RangeError(`initial weights "${shape}" have no distribution, so no infinitely wide limit`);
  if (shape !== "he" && "file" in shape)
    throw new RangeError("initial weights from a file have no distribution, so no infinitely wide limit");
  const deviations =
    shape === "he"
      ? heDeviations(inputs, widths)
      : typeof shape.std === "number"
        ? new Array<number>(layers).fill(shape.std)
        : Array.from({ length: layers }, (_, l) => (shape.std as number[])[l] ?? (shape.std as number[])[0]);
  return {
    widths,
    deviations: deviations.map((deviation) => weights * deviation),
  };
}
