import { networkKind } from "./network.ts";

/** ReLU networks f(x) = W_L [ ... [W_1 x]+ ... ]+. */
export const relu = networkKind({
  kind: "relu",
  description: "Dense layers (or convolutions and pools), rectified, without biases.",
  fewest: 1,
  provides: { rectifiers: true, wideKernel: true },
});
