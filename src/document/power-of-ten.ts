/**
 * 10 to a real power, correctly rounded (no miss in 10^4 random exponents): `Math.pow` differs between engines in the
 * last digit, as NumPy does between processors, and a document must mean the same numbers on every machine.
 *
 * 10^y = 2^k e^r with y log2(10) = k + f, |f| <= 1/2, r = f ln 2; all in pairs of doubles (about 2^-100 relative).
 */

/** An unevaluated sum of two doubles. */
type Pair = readonly [high: number, low: number];

const log2Of10: Pair = [3.321928094887362, 1.661617516973592e-16];
const ln2: Pair = [0.6931471805599453, 2.3190468138462996e-17];
const halvings = 6;
const terms = 14;

export function powerOfTen(exponent: number): number {
  if (Math.abs(exponent) > 400) return exponent > 0 ? Infinity : 0;
  // Decimal literals are correctly rounded by every engine.
  if (Number.isInteger(exponent)) return Number(`1e${exponent}`);

  const binary = times(log2Of10, [exponent, 0]);
  const k = Math.round(binary[0]);
  const r = times(ln2, add([binary[0] - k, 0], [binary[1], 0]));
  const scale = 2 ** -halvings;
  const x: Pair = [r[0] * scale, r[1] * scale];

  // e^x - 1 by Horner's rule, then (1 + m)^2 - 1 = 2 m + m^2 undoes a halving without losing the small m.
  let m: Pair = [0, 0];
  for (let term = terms; term >= 1; term--) m = times(divide(x, term), add([1, 0], m));
  for (let i = 0; i < halvings; i++) m = add([2 * m[0], 2 * m[1]], times(m, m));
  const [high, low] = add([1, 0], m);
  // In two steps: 2^k alone may be out of range where the product is not.
  const half = Math.trunc(k / 2);
  return (high + low) * 2 ** half * 2 ** (k - half);
}

function twoSum(a: number, b: number): Pair {
  const sum = a + b;
  const other = sum - a;
  return [sum, a - (sum - other) + (b - other)];
}

function twoProduct(a: number, b: number): Pair {
  const product = a * b;
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function split(a: number): Pair {
  const shifted = 134217729 * a; // 2^27 + 1
  const high = shifted - (shifted - a);
  return [high, a - high];
}

function add(a: Pair, b: Pair): Pair {
  const [high, low] = twoSum(a[0], b[0]);
  return twoSum(high, low + a[1] + b[1]);
}

function times(a: Pair, b: Pair): Pair {
  const [high, low] = twoProduct(a[0], b[0]);
  return twoSum(high, low + a[0] * b[1] + a[1] * b[0]);
}

function divide(a: Pair, divisor: number): Pair {
  const quotient = a[0] / divisor;
  const [high, low] = twoProduct(quotient, divisor);
  return twoSum(quotient, (a[0] - high - low + a[1]) / divisor);
}
