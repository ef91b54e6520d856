import { catalogue, quantityNames } from "../../src/quantities/catalogue.ts";
import { quantityFigure } from "./quantity-figure.ts";

/** Quantities that have a figure of their own, with more to say than "over training". */
const shownElsewhere = new Set<string>([
  "loss",
  "linear_loss",
  "weight_distance",
  "linear_distance",
  "function_distance",
  "ntk_drift",
]);

/** Every other quantity, plainly over training. */
export const otherQuantities = quantityNames
  .filter((name) => !shownElsewhere.has(name))
  .map((name) =>
    quantityFigure({
      id: name.replaceAll("_", "-"),
      title: catalogue[name].title,
      caption: `${catalogue[name].symbol} over training.`,
      quantity: name,
    }),
  );
