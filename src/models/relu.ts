import { networkKind } from "./network.ts";

/** ReLU networks f(x) = W_L [ ... [W_1 x]+ ... ]+. */
export const relu = networkKind({
  kind: "relu",
  fewest: 1,
  provides: { rectifiers: true, wideKernel: true },
});
