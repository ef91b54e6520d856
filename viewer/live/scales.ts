/** What small live figures share: the logarithm of the epoch, with epoch 0 at the left edge. */

import { scaleLog, scaleSymlog } from "d3";
import { logTicks } from "../figures/ticks.ts";
import type { Span } from "./curves.ts";

/** log(1 + epoch) over a width; a span that leaves the start out is a plain logarithm. */
export const epochScale = ([first, last]: Span, range: [number, number]) =>
  first > 0 ? scaleLog([first, last], range) : scaleSymlog([0, Math.max(1, last)], range).constant(1);

/** A label's room. */
const labelWidth = 44;

/** 0, 1 and every power of ten that there is room for; of a span that begins later, what its logarithm has. */
export function epochTicks([first, last]: Span, width: number): number[] {
  const room = Math.max(1, Math.floor(width / labelWidth));
  if (first > 0) return logTicks([first, last], room).values;
  const decades = Math.max(0, Math.floor(Math.log10(Math.max(1, last))));
  const step = Math.max(1, Math.ceil((decades + 1) / room));
  const ticks = [0];
  for (let power = 0; power <= decades; power += step) ticks.push(10 ** power);
  return step > 1 || width < 200 ? ticks.filter((tick) => tick !== 1) : ticks;
}
