/** The slope of a power law on log-log axes. */

export interface PowerLaw {
  /** y = exp(intercept) x^slope. */
  slope: number;
  intercept: number;
  /** Standard error of the slope. */
  error: number;
  points: number;
  /** Range of x that it was fitted on. */
  from: number;
  to: number;
}

export interface PositivePoint {
  x: number;
  y: number;
}

export const fewestPoints = 4;

/** Largest distance of a point from a straight stretch, in the logarithm: 5%. */
const straight = Math.log(1.05);

/** Least squares of log y on log x; undefined with fewer than four points or a single x. */
export function fitPowerLaw(points: PositivePoint[]): PowerLaw | undefined {
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const count = points.length;
  if (count < fewestPoints) return undefined;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return undefined;
  const slope = xs.reduce((sum, x, k) => sum + (x - meanX) * (ys[k] - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const residual = xs.reduce((sum, x, k) => sum + (ys[k] - intercept - slope * x) ** 2, 0);
  const ordered = points.map(({ x }) => x).sort((a, b) => a - b);
  return {
    slope,
    intercept,
    error: Math.sqrt(residual / (count - 2) / spread),
    points: count,
    from: ordered[0],
    to: ordered.at(-1)!,
  };
}

export const valueAt = ({ slope, intercept }: PowerLaw, x: number): number =>
  Math.exp(intercept + slope * Math.log(x));

/**
 * Where the straight stretch at the largest x begins: the smallest x from which every point lies within 5% of one power
 * law. A slope is a statement about an asymptote, and only that stretch shows it. Without such a stretch, the first x.
 */
export function straightFrom(points: PositivePoint[]): number | undefined {
  const ordered = points
    .map(({ x, y }) => ({ x, place: Math.log(x), value: Math.log(y) }))
    .sort((a, b) => a.x - b.x);
  const lines = linesFrom(ordered);
  const start = ordered.findIndex(({ x }, first) => {
    const line = lines[first];
    if (x === ordered[first - 1]?.x || !line) return false;
    for (let k = first; k < ordered.length; k++) {
      const { place, value } = ordered[k];
      if (!(Math.abs(value - line.value - line.slope * (place - line.place)) <= straight)) return false;
    }
    return true;
  });
  return ordered[Math.max(0, start)]?.x;
}

/**
 * Least squares on every tail, from each point to the last: means and products grow by one point at a time, so that a
 * hundred thousand points take no longer than they must.
 */
function linesFrom(ordered: readonly { place: number; value: number }[]) {
  const lines = new Array<{ place: number; value: number; slope: number } | undefined>(ordered.length);
  let [count, place, value, squares, products] = [0, 0, 0, 0, 0];
  for (let first = ordered.length - 1; first >= 0; first--) {
    const point = ordered[first];
    count += 1;
    const off = point.place - place;
    place += off / count;
    value += (point.value - value) / count;
    squares += off * (point.place - place);
    products += off * (point.value - value);
    if (count >= fewestPoints && squares > 0) lines[first] = { place, value, slope: products / squares };
  }
  return lines;
}
