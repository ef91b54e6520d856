/**
 * The network of the thesis's Figures 1 and 2, f(w) = w1² − w2², beside its linearization at w(0) = (α, α), on the square
 * |w1 − α|, |w2 − α| <= 2. Both are evaluated in float64 as they are defined; no formula for their gap is used.
 */

/** Half the side of the square. */
const reach = 2;
/** Points along half a side: 0.1 apart. */
const halfSide = 20;

type Weights = readonly [number, number];

const network = ([w1, w2]: Weights): number => w1 * w1 - w2 * w2;

/** f(w(0)) + <grad f(w(0)), w - w(0)> */
const linearization = (alpha: number, [w1, w2]: Weights): number =>
  network([alpha, alpha]) + 2 * alpha * (w1 - alpha) - 2 * alpha * (w2 - alpha);

const square = (alpha: number): Weights[] => {
  const side = Array.from(
    { length: 2 * halfSide + 1 },
    (_, k) => alpha + (reach * (k - halfSide)) / halfSide,
  );
  return side.flatMap((w1) => side.map((w2): Weights => [w1, w2]));
};

const largest = (alpha: number, value: (weights: Weights) => number): number =>
  square(alpha).reduce((most, weights) => Math.max(most, Math.abs(value(weights))), 0);

/** The largest |f − fbar| on the square. */
export const largestGap = (alpha: number): number =>
  largest(alpha, (weights) => network(weights) - linearization(alpha, weights));

/** The largest |fbar| on the square. */
const largestLinearization = (alpha: number): number =>
  largest(alpha, (weights) => linearization(alpha, weights));

/** The largest |f − fbar| over the largest |fbar|. */
export const relativeGap = (alpha: number): number => largestGap(alpha) / largestLinearization(alpha);

/** How far f − fbar is from p² − m² at most, p = w1 − α and m = w2 − α. */
export const formulaError = (alpha: number): number =>
  largest(alpha, (weights) => {
    const [p, m] = weights.map((weight) => weight - alpha);
    return network(weights) - linearization(alpha, weights) - (p * p - m * m);
  });
