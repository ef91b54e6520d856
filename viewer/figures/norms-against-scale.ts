import { quantityMeasure } from "./measures.ts";
import { trialsFigure } from "./trials-figure.ts";

export const normsAgainstScale = trialsFigure({
  id: "norms-against-scale",
  title: "Norms and margin against the scale of initialization",
  caption:
    "Where training ends. A large scale leaves its own norm in the weights, whatever was learned: the ratio of the norms and the path norm tell more about sparsity.",
  measures: [
    quantityMeasure("weight_l1", "linear"),
    {
      name: "l1_over_l2",
      symbol: "‖w‖₁ / ‖w‖₂",
      needs: ["weight_l1", "weight_l2"],
      of: ({ weight_l1, weight_l2 }) => weight_l1 / weight_l2,
      axis: "linear",
    },
    quantityMeasure("margin", "linear"),
    quantityMeasure("path_norm", "linear"),
  ],
  against: "init.alpha",
});
