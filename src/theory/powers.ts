/** x to the power of a whole number, by multiplication: engines round `**` differently before and after they optimize it. */
export function wholePower(x: number, exponent: number): number {
  if (exponent < 0) return 1 / wholePower(x, -exponent);
  let [power, square] = [1, x];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
    if (left > 1) square *= square;
  }
  return power;
}

/** The n-th root of a positive number, within a few roundings, by Newton's method on whole powers. */
export function root(x: number, n: number): number {
  if (n === 1) return x;
  if (n === 2) return Math.sqrt(x);
  let y = Math.exp(Math.log(x) / n);
  for (let step = 0; step < 2; step++) y -= (y - x / wholePower(y, n - 1)) / n;
  return y;
}
