import { quantityMeasure, testErrors } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const testErrorAgainstScale = trialsFigure({
  id: "test-error-against-scale",
  title: "Test error against the scale of initialization",
  caption:
    "Loss on unseen samples when training ends. Below its critical scale a network learns features and its error is low; far above it is a kernel method.",
  measures: [quantityMeasure("test_loss", "log"), testErrors],
  against: "init.alpha",
});
