/** Sums in the shaders' order of operations, in any arithmetic. */
import type { Arithmetic } from "./arithmetic.ts";

/** The sum over i < count of x(i) y(i), added in index order to 0. */
export function dot<T>(
  { of, add, mul }: Arithmetic<T>,
  count: number,
  x: (i: number) => number,
  y: (i: number) => number,
): T {
  let sum = of(0);
  for (let i = 0; i < count; i++) sum = add(sum, mul(of(x(i)), of(y(i))));
  return sum;
}

/** What a workgroup adds up: term i goes to lane i mod `lanes`, then the lanes halve: norms, judge. */
export function workgroupSum<T>({ of, add }: Arithmetic<T>, lanes: number, terms: readonly T[]): T {
  const partial = Array.from({ length: lanes }, () => of(0));
  terms.forEach((term, i) => {
    partial[i % lanes] = add(partial[i % lanes], term);
  });
  for (let half = lanes / 2; half >= 1; half /= 2)
    for (let lane = 0; lane < half; lane++) partial[lane] = add(partial[lane], partial[lane + half]);
  return partial[0];
}
