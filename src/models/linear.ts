import { networkKind } from "./network.ts";

/** Linear networks f(x) = W_L ... W_1 x, and without hidden layers linear regression (Arora et al. 2019). */
export const linear = networkKind({
  kind: "linear",
  description: "The same without rectifying; with no hidden layer linear regression.",
  fewest: 0,
  provides: {
    predictor: true,
    finalPredictor: true,
    implicitBias: "the functional Q is that of diagonal networks",
    rectifiers: "units of a linear network are always active",
    wideKernel: "the infinitely wide kernel is that of ReLU networks",
  },
});
