import { quantityFigure } from "./quantity-figure.ts";

/** Thesis Figure 6, right. */
export const linearDistance = quantityFigure({
  id: "linear-distance",
  title: "Distance to the linearized weights",
  caption:
    "The same training, on the model and on its linearization at the initial weights: how far the two sets of weights drift apart.",
  quantity: "linear_distance",
});
