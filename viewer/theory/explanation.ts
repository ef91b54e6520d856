/** A short explanation of something in theory: a paragraph, its equation, where both are from, and a drawing that answers to sliders. */

import type { Controls, Figure, Slider } from "../figures/figure.ts";

export interface Explanation {
  /** Its caption is the paragraph; it shows exact functions, no results. */
  figure: Figure<Controls, void>;
  /** Powers as ^{...}, indices as _{...}. */
  equation: string;
  sources: readonly string[];
}

/** Declares what a drawing of theory alone needs not say. */
export const defineExplanation = <C extends Controls>(
  figure: Omit<Figure<C, void>, "needs">,
  equation: string,
  sources: readonly string[],
): Explanation => ({
  figure: { needs: [], ...figure },
  equation,
  sources,
});

/** A slider in equal steps, of a value's logarithm where that is asked for. */
export interface Range {
  label: string;
  low: number;
  high: number;
  steps: number;
  initial: number;
  type: "linear" | "log";
  show: (value: number) => string;
}

/** The value at a position. */
export const valueOf = ({ low, high, steps, type }: Range, position: number): number =>
  type === "log" ? low * (high / low) ** (position / steps) : low + ((high - low) * position) / steps;

export function sliderOf(range: Range): Slider {
  const { label, low, high, steps, initial, type, show } = range;
  const share =
    type === "log" ? Math.log(initial / low) / Math.log(high / low) : (initial - low) / (high - low);
  return {
    kind: "slider",
    label,
    positions: steps + 1,
    initial: Math.round(share * steps),
    show: (position) => show(valueOf(range, position)),
  };
}

/** Chizat, Oyallon and Bach; Woodworth et al.: most explanations are theirs. */
export const lazyTraining =
  "Chizat, Oyallon & Bach, On Lazy Training in Differentiable Programming, NeurIPS 2019";
export const kernelAndRich =
  "Woodworth et al., Kernel and Rich Regimes in Overparametrized Models, COLT 2020";
