/** What small live figures share: the logarithm of the epoch with epoch 0 at the left edge, and a colour for each alpha. */

import { scaleSymlog } from "d3";
import type { Theme } from "../figures/theme.ts";

/** Colours stand for alpha itself and not for its place in a sweep: a dragged curve changes its colour, its ghost keeps it. */
const decades: [number, number] = [-2, 1.5];

export const alphaColour = (theme: Theme, alpha: number | undefined): string => {
  if (alpha === undefined || !(alpha > 0)) return theme.accent;
  const place = (Math.log10(alpha) - decades[0]) / (decades[1] - decades[0]);
  return theme.line(Math.max(0, Math.min(1, place)));
};

/** log(1 + epoch) over a width. */
export const epochScale = (last: number, range: [number, number]) =>
  scaleSymlog([0, Math.max(1, last)], range).constant(1);

/** 0, 1 and every power of ten that there is room for. */
export function epochTicks(last: number, width: number): number[] {
  const decades = Math.max(0, Math.floor(Math.log10(Math.max(1, last))));
  const step = Math.max(1, Math.ceil((decades + 1) / Math.max(1, Math.floor(width / 44))));
  const ticks = [0];
  for (let power = 0; power <= decades; power += step) ticks.push(10 ** power);
  return step > 1 || width < 200 ? ticks.filter((tick) => tick !== 1) : ticks;
}
