import { predictorQuantities } from "../quantities/predictor.ts";
import { networkKind } from "./network.ts";

const NO_PREDICTOR = "a ReLU network has no linear predictor";

/** ReLU networks f(x) = W_L [ ... [W_1 x]+ ... ]+. */
export const relu = networkKind({
  kind: "relu",
  fewest: 1,
  lacks: Object.fromEntries([...predictorQuantities, "predictor"].map((name) => [name, NO_PREDICTOR])),
});
