import { alphaFigure } from "./against-alpha.ts";

export const distancesAgainstAlpha = alphaFigure({
  id: "distances-against-alpha",
  title: "Weight distances against α",
  caption:
    "Where each run's weights ended. For the diagonal network of depth 2 and large α, the distance from initialization falls like α⁻¹ and the distance to the linearized weights like α⁻³.",
  quantities: ["weight_distance", "linear_distance"],
});
