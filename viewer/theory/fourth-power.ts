/** Why one minus the cosine of kernels goes as alpha^-4 in general, and why diagonal networks with equal copies are better. */

import * as Plot from "@observablehq/plot";
import { range } from "d3";
import { drawChart, pointed } from "../figures/chart.ts";
import { domainOf } from "../figures/extent.ts";
import type { Slider } from "../figures/figure.ts";
import { formatNumber } from "../figures/format.ts";
import {
  defineExplanation,
  kernelAndRich,
  lazyTraining,
  type Range,
  sliderOf,
  valueOf,
} from "./explanation.ts";

const copies: Range = {
  label: "w₋(0) / w₊(0)",
  low: 0,
  high: 1,
  steps: 20,
  initial: 0,
  type: "linear",
  show: (value) => formatNumber(value, 2),
};
/** What two samples ask for, an input each. */
const targets = [1, 0.3];
const [least, most, perDecade] = [0.5, 100, 12];

export interface KernelTurn {
  alpha: number;
  /** |K - K0| / |K0| */
  drift: number;
  /** 1 - cos(K, K0) */
  misalignment: number;
}

/**
 * Where the flow of f = sum x_j (w+_j^2 - w-_j^2) ends for two samples with an input each, from w+ = alpha and w- = ratio alpha, the
 * outputs at the start subtracted. It keeps w+ w-, so that K_jj = 4 (w+^2 + w-^2) = 4 sqrt((y + a^2 (1 - r^2))^2 + 4 r^2 a^4): over its
 * start 4 a^2 (1 + r^2) that is sqrt(1 + s) with s = (2 y a^2 (1 - r^2) + y^2) / (a^4 (1 + r^2)^2).
 */
export function kernelTurn(alpha: number, ratio: number): KernelTurn {
  const square = alpha * alpha;
  const [difference, sum] = [1 - ratio * ratio, 1 + ratio * ratio];
  const changes = targets.map((y) => {
    const s = (2 * y * square * difference + y * y) / (square * sum) ** 2;
    return s / (1 + Math.sqrt(1 + s));
  });
  const count = changes.length;
  const mean = changes.reduce((total, change) => total + change, 0) / count;
  const drift = Math.sqrt(changes.reduce((total, change) => total + change * change, 0) / count);
  const orthogonal = changes.reduce((total, change) => total + (change - mean) ** 2, 0) / count;
  const norm = Math.sqrt(changes.reduce((total, change) => total + (1 + change) ** 2, 0) / count);
  return { alpha, drift, misalignment: orthogonal / (norm * (norm + 1 + mean)) };
}

const curve = (ratio: number): KernelTurn[] => {
  const steps = Math.round(perDecade * Math.log10(most / least));
  return range(steps + 1).map((k) => kernelTurn(least * (most / least) ** (k / steps), ratio));
};

/** The slope between the last points of a curve on log-log axes. */
function endSlope(points: readonly KernelTurn[], of: "drift" | "misalignment"): number {
  const [before, last] = points.slice(-2);
  return Math.log(last[of] / before[of]) / Math.log(last.alpha / before.alpha);
}

export const fourthPower = defineExplanation<{ ratio: Slider }>(
  {
    id: "fourth-power",
    title: "Why α⁻⁴",
    caption:
      "Weights that start at a large α move by about 1/α until a model of degree 2 fits, α⁻² of their own size, and the kernel’s relative change goes as α⁻², too, unless something cancels. One minus the cosine of K and K(0) is half the square of what of that change is orthogonal to K(0): so it goes as α⁻⁴. Where both copies of a diagonal network start equal (slider on the right) the change’s first order cancels between them: then the change itself goes as α⁻⁴, and one minus the cosine as α⁻⁸. Two samples with an input each, at the exact end of the flow.",
    controls: () => ({ ratio: sliderOf(copies) }),
    draw(_, frame, settings) {
      const { theme } = frame;
      const ratio = valueOf(copies, settings.ratio);
      const points = curve(ratio);
      const series = [
        { of: "drift", label: "‖K − K(0)‖ / ‖K(0)‖", colour: theme.categories[0] },
        { of: "misalignment", label: "1 − cos(K, K(0))", colour: theme.categories[1] },
      ] as const;
      // The axis is that of all positions of the slider.
      const heights = [0, 1]
        .flatMap((end) => curve(end))
        .flatMap(({ drift, misalignment }) => [drift, misalignment]);
      return drawChart(
        {
          label: "Change and turn of the tangent kernel against alpha",
          x: { title: "α", type: "log", domain: [least, most] },
          y: { title: "", type: "log", domain: domainOf(heights, "log") },
          legend: [
            {
              entries: series.map(({ of, label, colour }) => ({
                label: `${label}, slope ${formatNumber(endSlope(points, of), 3)} at α = ${most}`,
                colour,
                mark: "line",
              })),
            },
          ],
          marks: [
            ...series.map(({ of, colour }) =>
              Plot.line(points, { x: "alpha", y: of, stroke: colour, strokeWidth: 2.5 }),
            ),
            ...pointed(
              series.flatMap(({ of, label, colour }) =>
                points.map((point) => ({ x: point.alpha, y: point[of], label, colour })),
              ),
              {
                text: ({ x, y, label }) => `α = ${formatNumber(x, 3)}\n${label} = ${formatNumber(y, 3)}`,
                colour: ({ colour }) => colour,
                theme,
                line: ({ label }) => label,
              },
            ),
          ],
          notes: [],
        },
        frame,
      );
    },
    data(_, settings) {
      const points = curve(valueOf(copies, settings.ratio));
      return {
        rows: points.length,
        columns: {
          alpha: Float64Array.from(points, ({ alpha }) => alpha),
          drift: Float64Array.from(points, ({ drift }) => drift),
          misalignment: Float64Array.from(points, ({ misalignment }) => misalignment),
        },
      };
    },
  },
  "1 − cos(K, K₀) = ‖P‖² / (‖K‖ (‖K‖ + ⟨K, K₀⟩/‖K₀‖)) ≈ ½ ‖P‖² / ‖K₀‖², P = the part of K − K₀ orthogonal to K₀",
  [lazyTraining, kernelAndRich],
);
