/** The colours of a map's values and the legend that reads them, alike in every map. */

import { type AxisType, hasPlace } from "./extent.ts";
import { formatNumber } from "./format.ts";
import type { Ramp } from "./legend.ts";
import type { Theme } from "./theme.ts";

export interface ColourScale {
  /** Of the smallest and the largest value that has a place. */
  extent: [number, number];
  of: (value: number) => string;
  ramp: Ramp;
}

/** Where the legend has its numbers: the ends, and what lies halfway. */
const labelled = [0, 0.5, 1];

export function colourScale(all: readonly number[], type: AxisType, theme: Theme): ColourScale {
  const values = all.filter((value) => hasPlace(value, type));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [forward, back] = type === "log" ? [Math.log, Math.exp] : [Number, Number];
  const share = (value: number) =>
    high > low ? (forward(value) - forward(low)) / (forward(high) - forward(low)) : 0.5;
  const valueAt = (at: number) => back(forward(low) + at * (forward(high) - forward(low)));
  // One value has one colour.
  const places = high > low ? labelled : [0.5];
  return {
    extent: [low, high],
    of: (value) => (hasPlace(value, type) ? theme.sequential(share(value)) : theme.missing),
    ramp: {
      colour: high > low ? theme.sequential : () => theme.sequential(0.5),
      labels: values.length > 0 ? places.map((at) => ({ at, label: formatNumber(valueAt(at), 2) })) : [],
    },
  };
}
