import { quantityFigure } from "./quantity-figure.ts";

export const functionDistance = quantityFigure({
  id: "function-distance",
  title: "Distance to the linearized function",
  caption:
    "Root mean square over the training inputs of the model's output minus its linearization's. Both fit the same targets, so it decays to rounding where both converge.",
  quantity: "function_distance",
});
