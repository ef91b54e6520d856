import { networkKind } from "./network.ts";

/** Linear networks f(x) = W_L ... W_1 x, and without hidden layers linear regression (Arora et al. 2019). */
export const linear = networkKind({
  kind: "linear",
  fewest: 0,
  lacks: {
    bias_gap: "the functional Q is that of diagonal networks",
    active_units: "units of a linear network are always active",
    activation_stability: "units of a linear network are always active",
    test_wide_kernel_accuracy: "the infinitely wide kernel is that of ReLU networks",
  },
});
