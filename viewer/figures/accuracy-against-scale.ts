import { publishedCurves } from "../../experiments/chizat-figure-3.ts";
import { publishedAccuracies } from "../../experiments/woodworth-figure-6c.ts";
import type { ModelSpecification } from "../../src/document/types.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { quantityMeasure } from "./measures.ts";
import { publishedElsewhere, trialsFigure } from "./trials-figure.ts";

/** Whether a model takes images: its layers lie over them. */
const hasImages = (model: ModelSpecification): boolean => "layers" in model && model.layers !== undefined;

export const accuracyAgainstScale = trialsFigure({
  id: "accuracy-against-scale",
  title: "Accuracy against the scale of initialization",
  caption:
    "Share of test samples whose class is right when training ends. From a small scale features are learned, which tell the classes apart from fewer samples than regression with the tangent kernel takes.",
  measures: [
    quantityMeasure("test_accuracy", "linear"),
    quantityMeasure("train_accuracy", "linear"),
    quantityMeasure("test_kernel_accuracy", "linear"),
    quantityMeasure("test_wide_kernel_accuracy", "linear"),
  ],
  against: "init.alpha",
  beside: (results) => {
    const runs = specifiedRuns(results);
    if (
      runs.every(
        ({ init, model, loss }) => init.scaling === "output" && hasImages(model) && loss.kind === "squared",
      )
    )
      return [
        publishedElsewhere(
          "VGG11, Chizat et al. 2019",
          publishedCurves.map(([alpha, accuracy]) => [alpha, accuracy]),
        ),
      ];
    if (runs.every(({ init, loss }) => init.scaling === "weights" && loss.kind === "cross-entropy"))
      return [publishedElsewhere("MNIST, Woodworth et al. 2020", publishedAccuracies)];
    return [];
  },
});
