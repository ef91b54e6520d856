import { publishedCurves } from "../../experiments/chizat-figure-3.ts";
import { specifiedRuns } from "../../src/results/specified-runs.ts";
import { quantityMeasure } from "./measures.ts";
import { publishedElsewhere, trialsFigure } from "./trials-figure.ts";

export const layerActivationStabilityAgainstScale = trialsFigure({
  id: "layer-activation-stability-against-scale",
  title: "Stability of activations against the scale of initialization",
  caption:
    "Share of the signs of hidden units on the training inputs that are those at initialization, the mean over layers. It goes to 1 where training is lazy.",
  measures: [quantityMeasure("layer_activation_stability", "linear")],
  against: "init.alpha",
  beside: (results) =>
    specifiedRuns(results).every(({ init, loss }) => init.scaling === "output" && loss.kind === "squared")
      ? [
          publishedElsewhere(
            "VGG11, Chizat et al. 2019",
            publishedCurves.map(([alpha, , stability]) => [alpha, stability]),
          ),
        ]
      : [],
});
