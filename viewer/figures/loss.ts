import { quantityFigure } from "./quantity-figure.ts";

export const loss = quantityFigure({
  id: "loss",
  title: "Training loss",
  caption:
    "Loss on the training set, without the penalty; dashed, the linearized model's where it is recorded.",
  quantity: "loss",
  beside: "linear_loss",
});
