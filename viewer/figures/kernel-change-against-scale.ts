import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const kernelChangeAgainstScale = trialsFigure({
  id: "kernel-change-against-scale",
  title: "Kernel change against the scale of initialization",
  caption:
    "How much of the tangent kernel is new when training ends. A large scale leaves it as it was, but only where the network starts at f = 0: otherwise it has its own start to unlearn, which grows with the scale.",
  measures: [quantityMeasure("ntk_drift", "log")],
  against: "init.alpha",
});
