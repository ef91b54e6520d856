import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const accuracyAgainstScale = trialsFigure({
  id: "accuracy-against-scale",
  title: "Accuracy against the scale of initialization",
  caption:
    "Share of test samples whose sign is right when training ends. A small scale finds the few inputs that tell the classes apart from fewer samples; so does an explicit penalty, at every scale; regression with the tangent kernel does not.",
  measures: [
    quantityMeasure("test_accuracy", "linear"),
    quantityMeasure("train_accuracy", "linear"),
    quantityMeasure("test_kernel_accuracy", "linear"),
    quantityMeasure("test_wide_kernel_accuracy", "linear"),
  ],
  against: "init.alpha",
});
