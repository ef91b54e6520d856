import { alphaFigure } from "./against-alpha.ts";

export const kernelDriftAgainstAlpha = alphaFigure({
  id: "kernel-drift-against-alpha",
  title: "Change of the tangent kernel against α",
  caption:
    "How much of the kernel is new when training ends. For the diagonal network of depth 2 and large α it falls like α⁻⁴.",
  quantities: ["ntk_drift"],
});
