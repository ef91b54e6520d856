/** A power law on log-log axes: its slope, and where the points follow one. */

import { deviation, max, mean, min } from "d3";

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
  /** Which of several trials the point belongs to; each has a slope of its own. */
  trial?: string;
}

/** The slope of one stretch of the axis. */
export interface LocalSlope {
  from: number;
  to: number;
  slope: number;
  /** Standard error: over the trials where there are several, else of the fit; 0 with two points. */
  error: number;
}

export const fewestPoints = 4;

/** Fewer local slopes do not tell whether they are constant. */
const fewestSlopes = 3;

/** How far a local slope may be from the law's, if its error is not larger: corrections to an asymptote never quite end. */
export const slopeTolerance = 0.05;

/** Local slopes are of stretches of about this factor, where points are that dense. */
const stretchFactor = 1.9;

/** Least squares of log y on log x; undefined with fewer than four points or a single x. */
export const fitPowerLaw = (points: readonly PositivePoint[]): PowerLaw | undefined =>
  points.length < fewestPoints ? undefined : leastSquares(points);

/** The line through any points; its error is 0 with two of them. */
function leastSquares(points: readonly PositivePoint[]): PowerLaw | undefined {
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const count = points.length;
  const [meanX, meanY] = [mean(xs)!, mean(ys)!];
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return undefined;
  const slope = xs.reduce((sum, x, k) => sum + (x - meanX) * (ys[k] - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const residual = xs.reduce((sum, x, k) => sum + (ys[k] - intercept - slope * x) ** 2, 0);
  return {
    slope,
    intercept,
    error: count > 2 ? Math.sqrt(residual / (count - 2) / spread) : 0,
    points: count,
    from: min(points, ({ x }) => x)!,
    to: max(points, ({ x }) => x)!,
  };
}

export const valueAt = ({ slope, intercept }: PowerLaw, x: number): number =>
  Math.exp(intercept + slope * Math.log(x));

/**
 * Local slopes of log y over log x, x increasing: of neighbours, or of as many points as make a stretch of twice x where
 * they are dense. Stretches meet, and the last ends at the largest x.
 */
export function localSlopes(points: readonly PositivePoint[]): LocalSlope[] {
  const ordered = [...points].sort((a, b) => a.x - b.x);
  const places = [...new Set(ordered.map(({ x }) => x))];
  if (places.length < fewestPoints) return [];
  // A narrow range still has three stretches.
  const factor = Math.min(stretchFactor, (places.at(-1)! / places[0]) ** (1 / fewestSlopes)) * (1 - 1e-9);
  const slopes: LocalSlope[] = [];
  let end = ordered.length;
  for (let high = places.length - 1; high > 0;) {
    let low = high - 1;
    while (low > 0 && places[high] / places[low] < factor) low--;
    // What is left over at the small end is no stretch of its own.
    if (places[high] / places[low] < factor && slopes.length > 0) break;
    while (end > 0 && ordered[end - 1].x > places[high]) end--;
    let start = end;
    while (start > 0 && ordered[start - 1].x >= places[low]) start--;
    slopes.push({ from: places[low], to: places[high], ...slopeOf(ordered.slice(start, end)) });
    high = low;
  }
  return slopes.reverse();
}

/** The slope of some points and its error: the mean of the trials' own slopes where there are several. */
function slopeOf(points: readonly PositivePoint[]): { slope: number; error: number } {
  const trials = new Map<string, PositivePoint[]>();
  for (const point of points) {
    const own = trials.get(point.trial ?? "");
    if (own) own.push(point);
    else trials.set(point.trial ?? "", [point]);
  }
  const lines = Array.from(trials.values(), leastSquares).filter((line) => line !== undefined);
  // Trials that have a point each, with seeds of their own at every x, are no lines: their scatter is the error.
  if (lines.length === 0) return leastSquares(points) ?? { slope: NaN, error: NaN };
  const slopes = lines.map(({ slope }) => slope);
  return {
    slope: mean(slopes)!,
    error: lines.length > 1 ? deviation(slopes)! / Math.sqrt(lines.length) : lines[0].error,
  };
}

/** Whether local slopes are those of one power law: each within the tolerance, or within twice its error. */
export const isConstant = (slopes: readonly LocalSlope[], slope: number): boolean =>
  slopes.every((local) => Math.abs(local.slope - slope) <= Math.max(slopeTolerance, 2 * local.error));

/**
 * The power law of the points from some x on, if they follow one: a slope is claimed only where the local slopes are
 * constant. Undefined where they are not, or are too few to tell.
 *
 * @param slopes the local slopes of all points
 */
export function fitWhereConstant(
  points: readonly PositivePoint[],
  slopes: readonly LocalSlope[],
  from: number,
): PowerLaw | undefined {
  const own = slopes.filter((local) => local.from >= from);
  if (own.length < fewestSlopes) return undefined;
  const kept = points.filter(({ x }) => x >= own[0].from);
  const law = fitPowerLaw(kept);
  if (!law || !isConstant(own, law.slope)) return undefined;
  const { error } = slopeOf(kept);
  return { ...law, error };
}

/**
 * Where the straight stretch at the largest x begins: the smallest x from which the local slopes are constant. A slope is
 * a statement about an asymptote, and only that stretch shows it. Undefined where there is none.
 */
export const straightFrom = (
  points: readonly PositivePoint[],
  slopes: readonly LocalSlope[] = localSlopes(points),
): number | undefined => slopes.find(({ from }) => fitWhereConstant(points, slopes, from))?.from;
