import { quantityFigure } from "./quantity-figure.ts";

export const kernelDrift = quantityFigure({
  id: "kernel-drift",
  title: "Change of the tangent kernel",
  caption:
    "Frobenius norm of K(t) − K(0) over that of K(0). Where it stays near zero, training is kernel regression with K(0).",
  quantity: "ntk_drift",
});
