/** The residuals of a run along the eigenvectors of the kernel of infinite width, beside what that kernel's descent makes of them. */

import { digitsImages } from "../data/digits-images.ts";
import { loadDataset } from "../data/datasets.ts";
import type { RunSpecification } from "../document/types.ts";
import { kernelFlow } from "../theory/kernel-flow.ts";
import { reluTangentKernel } from "../theory/relu-tangent-kernel.ts";
import { arrayFrames } from "./array-frames.ts";
import { numberAt } from "./run-rows.ts";
import { specifiedRuns } from "./specified-runs.ts";
import type { Results } from "./types.ts";

export interface ResidualComponents {
  /** Of K/N at infinite width, decreasing. */
  eigenvalues: Float64Array;
  stepSize: number;
  records: {
    steps: number;
    /** Mean products of f - y with eigenvectors of length sqrt(N): as measured, and as the kernel's descent has them. */
    measured: Float64Array;
    predicted: Float64Array;
    /** Root mean square of what the kernel's descent does not predict of f. */
    rest: number;
  }[];
}

/** Whether a run starts at f = 0 from Gaussian weights and takes steps of descent: then its kernel's limit is known. */
export function hasKnownKernel({ model, init, train, loss, data }: RunSpecification): boolean {
  return (
    model.kind === "relu" &&
    model.widths?.length === 1 &&
    (model.unbiased || init.subtract) &&
    typeof init.shape === "object" &&
    "std" in init.shape &&
    init.scaling === "weights" &&
    train.method === "gradient-descent" &&
    train.batchSize === "full" &&
    train.layers !== "last" &&
    loss.kind === "squared" &&
    loss.reduction === "mean" &&
    loss.l2 === 0 &&
    data.kind === "digits" &&
    data.classes.length === 2
  );
}

const known = new WeakMap<Results, Map<string, ReturnType<typeof kernelFlow>>>();

export function residualComponents(results: Results, row: number): ResidualComponents {
  const { data, model, init, train } = specifiedRuns(results)[row];
  if (model.kind !== "relu" || train.method !== "gradient-descent" || typeof init.shape !== "object")
    throw new Error("the kernel is that of a network from Gaussian weights");
  const { y, X, inputs, samples } = loadDataset(data, digitsImages());
  const std = "std" in init.shape ? init.shape.std : NaN;
  const deviations = [0, 1].map(
    (layer) => init.alpha * (typeof std === "number" ? std : std[layer]) * (init.layerScales?.[layer] ?? 1),
  );
  const key = JSON.stringify([data, model, deviations, train.stepSize]);
  if (!known.has(results)) known.set(results, new Map());
  const flows = known.get(results)!;
  if (!flows.has(key)) {
    const copies = model.unbiased ? 2 : 1;
    const K = reluTangentKernel({ widths: model.widths!, deviations }, inputs, X).map(
      (entry) => copies * entry,
    );
    flows.set(
      key,
      kernelFlow(
        K,
        y.map((target) => -target),
        train.stepSize,
      ),
    );
  }
  const flow = flows.get(key)!;
  const { epoch } = results.history.columns;
  return {
    eigenvalues: flow.eigenvalues,
    stepSize: train.stepSize,
    records: arrayFrames(results, "outputs", row).map(({ row: at, values }) => {
      const steps = numberAt(epoch, at);
      const residual = Float64Array.from(values, (f, i) => f - y[i]);
      const predicted = flow.residual(steps);
      const rest = residual.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
      return {
        steps,
        measured: flow.components(residual),
        predicted: flow.components(predicted),
        rest: Math.sqrt(rest / samples),
      };
    }),
  };
}
