/** Where a swept number stands on a scale of colours, in every figure and in the live charts alike. */

/** A positive range wider than this factor is read in its logarithm. */
const logarithmicFrom = 8;
/** Of whole decades, what a sweep of alpha fills at least for its colours to run over them. */
const leastFilled = 0.5;

export interface ValueScale {
  /** 0 to 1; values beyond the scale's ends stand at its ends. */
  place: (value: number) => number;
  /** The value at a share of the way from the lowest to the highest. */
  between: (share: number) => number;
}

/**
 * @param path of the swept number; alpha's colours begin and end with a decade, so that a sweep whose ends are dragged
 *   keeps them, and a setting that was left does not change its own
 * @param values the runs' own
 */
export function valueScale(path: string, values: readonly number[]): ValueScale {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const isLogarithmic = lowest > 0 && highest / lowest >= logarithmicFrom;
  const [forward, back] = isLogarithmic ? [Math.log10, power] : [Number, Number];
  const ends: Ends = [forward(lowest), forward(highest)];
  const [first, last] = path === "init.alpha" && isLogarithmic ? decadesAround(ends) : ends;
  return {
    place: (value) => (last > first ? within((forward(value) - first) / (last - first)) : 0.5),
    between: (share) => back(ends[0] + share * (ends[1] - ends[0])),
  };
}

type Ends = [low: number, high: number];

function decadesAround([low, high]: Ends): Ends {
  const [first, last] = [Math.floor(low + rounding), Math.ceil(high - rounding)];
  return high - low >= leastFilled * (last - first) ? [first, last] : [low, high];
}

/** What the logarithm of 0.001 may miss a whole number by. */
const rounding = 1e-9;

const power = (exponent: number): number => 10 ** exponent;

const within = (place: number): number => Math.max(0, Math.min(1, Number.isNaN(place) ? 0 : place));
