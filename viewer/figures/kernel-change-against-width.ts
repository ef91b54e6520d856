import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const kernelChangeAgainstWidth = trialsFigure({
  id: "kernel-change-against-width",
  title: "Kernel change against width",
  caption:
    "How much of the tangent kernel is new when training ends, at a fixed scale. In the limit of infinite width it is constant (Jacot et al. 2018); the power of the width with which it gets there depends on the initial weights.",
  measures: [quantityMeasure("ntk_drift", "log")],
  against: "model.widths[0]",
  hasLaw: true,
});
