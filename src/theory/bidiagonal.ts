/** A real matrix's upper bidiagonal form, which has its singular values: the diagonal, and the numbers above it. */
export interface Bidiagonal {
  diagonal: Float64Array;
  above: Float64Array;
}

/**
 * The bidiagonal form of a matrix [rows, columns], rows >= columns, by reflections from both sides in turn.
 * @param A row-major; overwritten
 * @source Golub & Kahan 1965
 */
export function bidiagonalForm(A: Float64Array, rows: number, columns: number): Bidiagonal {
  const diagonal = new Float64Array(columns);
  const above = new Float64Array(Math.max(0, columns - 1));
  const sums = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    // Column k below the diagonal.
    let square = 0;
    for (let i = k; i < rows; i++) square += A[i * columns + k] * A[i * columns + k];
    const head = A[k * columns + k];
    diagonal[k] = head > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    if (square > 0) {
      A[k * columns + k] = head - diagonal[k];
      const scale = 1 / (square - head * diagonal[k]);
      sums.fill(0, k + 1);
      for (let i = k; i < rows; i++) {
        const row = i * columns;
        const factor = scale * A[row + k];
        for (let j = k + 1; j < columns; j++) sums[j] += factor * A[row + j];
      }
      for (let i = k; i < rows; i++) {
        const row = i * columns;
        const factor = A[row + k];
        for (let j = k + 1; j < columns; j++) A[row + j] -= factor * sums[j];
      }
    }
    if (k + 1 === columns) break;
    // Row k right of the number above the diagonal.
    const own = k * columns;
    square = 0;
    for (let j = k + 1; j < columns; j++) square += A[own + j] * A[own + j];
    const first = A[own + k + 1];
    above[k] = first > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    if (!(square > 0)) continue;
    A[own + k + 1] = first - above[k];
    const scale = 1 / (square - first * above[k]);
    for (let i = k + 1; i < rows; i++) {
      const row = i * columns;
      let sum = 0;
      for (let j = k + 1; j < columns; j++) sum += A[row + j] * A[own + j];
      sum *= scale;
      for (let j = k + 1; j < columns; j++) A[row + j] -= sum * A[own + j];
    }
  }
  return { diagonal, above };
}

/** What e is 0 to every digit at, over the q on both sides of it. */
const NEGLIGIBLE = Number.EPSILON ** 2;

/** Sweeps a value before they are given up: it takes about six. */
const MOST_SWEEPS = 60;

/** Squares of a bidiagonal matrix: q of the diagonal, e above it. */
interface Squares {
  q: Float64Array;
  e: Float64Array;
}

/**
 * Singular values of a bidiagonal matrix whose entries are not far from 1, decreasing, by quotients and differences of squares with
 * shifts; NaN where an entry is not finite.
 * @source Fernando & Parlett 1994
 */
export function bidiagonalValues({ diagonal, above }: Bidiagonal): Float64Array {
  const size = diagonal.length;
  const now = { q: diagonal.map((value) => value * value), e: above.map((value) => value * value) };
  const next = { q: new Float64Array(size), e: new Float64Array(above.length) };
  const { q, e } = now;
  const values = new Float64Array(size);
  let largest = 0;
  for (const value of q) largest = Math.max(largest, value);
  for (const value of e) largest = Math.max(largest, value);
  if (!(largest < Infinity)) return values.fill(NaN);
  // Left out of the matrix itself, a number above the diagonal moves no value by more than itself.
  const isNothing = (k: number, shift: number) =>
    e[k] <= NEGLIGIBLE * (shift > 0 ? shift + Math.min(q[k], q[k + 1]) : largest);
  // Blocks that nothing joins, and what has been taken off all squares of their values.
  const blocks: [first: number, last: number, shift: number][] = [[0, size - 1, 0]];
  let sweeps = MOST_SWEEPS * size;
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    const first = block[0];
    let [, last, shift] = block;
    if (q[first] < q[last]) turn(now, first, last);
    while (last >= first) {
      let joint = last - 1;
      while (joint >= first && !isNothing(joint, shift)) joint -= 1;
      if (joint === last - 1) {
        values[last] = Math.sqrt(q[last] + shift);
        last -= 1;
      } else if (joint >= first) {
        blocks.push([first, joint, shift], [joint + 1, last, shift]);
        break;
      } else {
        if (sweeps-- === 0) return values.fill(NaN);
        shift += step(now, next, first, last);
      }
    }
  }
  return values.sort().reverse();
}

/** Small numbers are found at the end: a block that begins with them is turned. */
function turn({ q, e }: Squares, first: number, last: number): void {
  q.subarray(first, last + 1).reverse();
  e.subarray(first, last).reverse();
}

/** Takes as much off all squares as leaves none of them below 0, and brings the least one nearer to the end: what it took. */
function step(now: Squares, next: Squares, first: number, last: number): number {
  let shift = leastOfLast(now, first, last);
  for (let tries = 0; tries < 3 && shift > 0; tries++) {
    const rest = sweep(now, next, first, last, shift);
    if (rest >= 0) return shift;
    // Where the last number alone is below 0, the shift was too large by about as much.
    shift = rest > -Infinity ? shift + rest : shift / 4;
  }
  sweep(now, next, first, last, 0);
  return 0;
}

/** The lesser eigenvalue of the last two rows and columns: the least of all is no larger. */
function leastOfLast({ q, e }: Squares, first: number, last: number): number {
  const before = last - 1 > first ? e[last - 2] : 0;
  const [one, two] = [q[last - 1] + before, q[last] + e[last - 1]];
  const half = (one - two) / 2;
  const larger = (one + two) / 2 + Math.sqrt(half * half + q[last - 1] * e[last - 1]);
  // Their product without cancellation, over the larger.
  return (q[last - 1] * q[last] + before * two) / larger;
}

/**
 * One sweep of a block, in which every e is above 0.
 * @returns the last number; below 0, and nothing is changed, where the shift is too large: -Infinity where that shows before the end
 */
function sweep({ q, e }: Squares, next: Squares, first: number, last: number, shift: number): number {
  let d = q[first] - shift;
  for (let k = first; k < last; k++) {
    if (d < 0) return -Infinity;
    const sum = d + e[k];
    const ratio = q[k + 1] / sum;
    next.q[k] = sum;
    next.e[k] = e[k] * ratio;
    d = d * ratio - shift;
  }
  if (d < 0) return d;
  for (let k = first; k < last; k++) {
    q[k] = next.q[k];
    e[k] = next.e[k];
  }
  q[last] = d;
  return d;
}
