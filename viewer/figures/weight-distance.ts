import { quantityFigure } from "./quantity-figure.ts";

/** Thesis Figure 6, left. */
export const weightDistance = quantityFigure({
  id: "weight-distance",
  title: "Distance from initialization",
  caption:
    "How far the weights move while they train. In the kernel regime (large α) they hardly move, and yet fit the data.",
  quantity: "weight_distance",
});
