import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const activationStabilityAgainstScale = trialsFigure({
  id: "activation-stability-against-scale",
  title: "ReLU signs that training leaves, against the scale of initialization",
  caption:
    "Share of the signs of hidden units on the training inputs that are those at initialization. Where all stay, the network is linear in each layer's weights, and its features are those it started with.",
  measures: [quantityMeasure("activation_stability", "linear")],
  against: "init.alpha",
});
