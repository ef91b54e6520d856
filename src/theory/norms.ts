/** Sum of absolute values. */
export function l1Norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += Math.abs(vector[i]);
  return sum;
}

/** Largest absolute value (0 for an empty vector; NaN if an entry is). */
export function maximumNorm(vector: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]));
  return largest;
}

/** Euclidean norm. Entries are scaled by the largest: their squares neither underflow nor overflow. */
export function l2Norm(vector: ArrayLike<number>): number {
  const scale = maximumNorm(vector);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] / scale) ** 2;
  return scale * Math.sqrt(sum);
}

/** left - right, entry by entry. */
export function difference(left: ArrayLike<number>, right: ArrayLike<number>): Float64Array {
  return Float64Array.from(left, (value, i) => value - right[i]);
}
