import { populationErrors } from "../../src/theory/predictor-distances.ts";
import { truePredictor } from "./exact-limits.ts";
import { limitFigure } from "./limit-figure.ts";

export const populationErrorAgainstAlpha = limitFigure({
  id: "population-error-against-alpha",
  title: "l1 population error against α",
  caption:
    "How far the predictor is from the one that made the data. A hollow point below the curve is early stopping: gradient flow passes near β* and goes on, interpolating the noise.",
  quantity: "population_l1",
  measure: (results, family) => {
    const betaStar = truePredictor(results, family);
    return betaStar && ((beta) => populationErrors(beta, betaStar).population_l1);
  },
});
