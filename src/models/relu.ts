import type { QuantityName } from "../quantities/catalogue.ts";
import { networkKind } from "./network.ts";

const NO_PREDICTOR = "a ReLU network has no linear predictor";

/** Quantities of linear predictors. */
const PREDICTORS: readonly QuantityName[] = [
  "predictor_l1",
  "predictor_l2",
  "population_l1",
  "population_l2",
  "min_l1_distance",
  "min_l2_distance",
  "excess_l1",
  "excess_l2",
  "bias_gap",
];

/** ReLU networks f(x) = W_L [ ... [W_1 x]+ ... ]+. */
export const relu = networkKind({
  kind: "relu",
  fewest: 1,
  lacks: Object.fromEntries([...PREDICTORS, "predictor"].map((name) => [name, NO_PREDICTOR])),
});
