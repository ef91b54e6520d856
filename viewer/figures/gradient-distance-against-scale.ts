import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const gradientDistanceAgainstScale = trialsFigure({
  id: "gradient-distance-against-scale",
  title: "How far gradients turn in training, against the scale of initialization",
  caption:
    "Cosine distance of all gradients at the end from those at initialization, without a kernel. Where it is near 0 training is that of a kernel; where it is not, features are learned.",
  measures: [quantityMeasure("gradient_distance", "linear")],
  against: "init.alpha",
});
