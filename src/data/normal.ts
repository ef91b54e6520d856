/**
 * The standard normal quantile in + - * / and sqrt only. IEEE 754 rounds these one way everywhere, while Math.log and
 * Math.cos differ in the last bit between engines and their versions: a seed must mean the same numbers on all of them.
 *
 * M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988),
 * 477-484, PPND16. Coefficients are listed from the constant up.
 */

type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

/** In q = p - 1/2, as a function of 0.425^2 - q^2, where |q| <= 0.425. */
const central: Rational = [
  [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852854561,
  ],
];

/** In r - 1.6, r = sqrt(-ln p) <= 5. */
const tail: Rational = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
];

/** In r - 5, r = sqrt(-ln p) > 5. */
const farTail: Rational = [
  [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[7];
  for (let power = 6; power >= 0; power--) sum = sum * x + coefficients[power];
  return sum;
}

const ratio = ([numerator, denominator]: Rational, x: number): number =>
  polynomial(numerator, x) / polynomial(denominator, x);

/**
 * Natural logarithm of a positive normal number below 1, within one unit in the last place.
 * Sun's fdlibm, e_log.c: x = 2^k (1 + f), s = f / (2 + f), ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)).
 */
function logarithm(x: number): number {
  let exponent = 0;
  while (x < Math.SQRT1_2) {
    x *= 2;
    exponent--;
  }
  const f = x - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const odd =
    z *
    (0.666666666666673513 +
      w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const half = 0.5 * f * f;
  // ln 2 in two parts: exponent times the first is exact.
  return (
    exponent * 6.9314718036912381649e-1 -
    (half - (s * (half + even + odd) + exponent * 1.90821492927058770002e-10) - f)
  );
}

/**
 * The standard normal quantile: z with P(Z < z) = p.
 *
 * @param p probability, 0 < p <= 1/2 (the upper half is the lower half's mirror image: negate)
 * @returns z <= 0, within 1e-15 relative
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425) return q * ratio(central, 0.180625 - q * q);
  const r = Math.sqrt(-logarithm(p));
  return r <= 5 ? -ratio(tail, r - 1.6) : -ratio(farTail, r - 5);
}
