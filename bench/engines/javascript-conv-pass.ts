import type { ConvNetworks } from "../workloads/problem.ts";

/** An image with a ring of zeros around it: windows of 3 x 3 need not look where they are. */
export const ringed = (side: number): number => (side + 2) ** 2;

/**
 * Adds a convolution of a ringed image by one 3 x 3 window to a ringed one. Windows move along rows, so that three numbers loaded
 * feed nine products.
 *
 * @param flipped the window turned around, as signals go back
 */
export function convolve(
  from: Float64Array,
  first: number,
  window: Float32Array,
  at: number,
  to: Float64Array,
  second: number,
  side: number,
  flipped = false,
): void {
  const [begin, step] = flipped ? [at + 8, -1] : [at, 1];
  const a = window[begin];
  const b = window[begin + step];
  const c = window[begin + 2 * step];
  const d = window[begin + 3 * step];
  const e = window[begin + 4 * step];
  const f = window[begin + 5 * step];
  const g = window[begin + 6 * step];
  const h = window[begin + 7 * step];
  const i = window[begin + 8 * step];
  const wide = side + 2;
  for (let y = 0; y < side; y++) {
    let above = first + y * wide;
    let own = above + wide;
    let below = own + wide;
    let out = second + (y + 1) * wide + 1;
    let [p, q] = [from[above], from[above + 1]];
    let [r, s] = [from[own], from[own + 1]];
    let [t, v] = [from[below], from[below + 1]];
    for (let x = 0; x < side; x++) {
      const [k, l, m] = [from[above + 2], from[own + 2], from[below + 2]];
      to[out] += a * p + b * q + c * k + d * r + e * s + f * l + g * t + h * v + i * m;
      p = q;
      q = k;
      r = s;
      s = l;
      t = v;
      v = m;
      above++;
      own++;
      below++;
      out++;
    }
  }
}

/** Adds to a window's gradient the products of signals with what the window saw; both ringed. */
export function correlate(
  from: Float64Array,
  first: number,
  signals: Float64Array,
  second: number,
  gradient: Float64Array | Float32Array,
  at: number,
  side: number,
): void {
  let [a, b, c, d, e, f, g, h, i] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const wide = side + 2;
  for (let y = 0; y < side; y++) {
    let above = first + y * wide;
    let own = above + wide;
    let below = own + wide;
    let out = second + (y + 1) * wide + 1;
    let [p, q] = [from[above], from[above + 1]];
    let [r, s] = [from[own], from[own + 1]];
    let [t, v] = [from[below], from[below + 1]];
    for (let x = 0; x < side; x++) {
      const [k, l, m] = [from[above + 2], from[own + 2], from[below + 2]];
      const signal = signals[out];
      a += signal * p;
      b += signal * q;
      c += signal * k;
      d += signal * r;
      e += signal * s;
      f += signal * l;
      g += signal * t;
      h += signal * v;
      i += signal * m;
      p = q;
      q = k;
      r = s;
      s = l;
      t = v;
      v = m;
      above++;
      own++;
      below++;
      out++;
    }
  }
  gradient[at] += a;
  gradient[at + 1] += b;
  gradient[at + 2] += c;
  gradient[at + 3] += d;
  gradient[at + 4] += e;
  gradient[at + 5] += f;
  gradient[at + 6] += g;
  gradient[at + 7] += h;
  gradient[at + 8] += i;
}

/**
 * Networks of two convolutions in plain JavaScript: one thread, one sample at a time, images with a ring of zeros around them. Sums run
 * in float64.
 */
export class ConvPass {
  readonly #side: number;
  readonly #half: number;
  readonly #channels: number;
  readonly #images: Float64Array[];
  /** Ringed: activations above both convolutions, the means between them, and signals of each. */
  readonly #active: Float64Array;
  readonly #means: Float64Array;
  readonly #top: Float64Array;
  readonly #backTop: Float64Array;
  readonly #backMeans: Float64Array;
  readonly #back: Float64Array;

  constructor({ samples, side, channels, X }: ConvNetworks) {
    [this.#side, this.#half, this.#channels] = [side, side / 2, channels];
    this.#images = Array.from({ length: samples }, (_, j) => {
      const image = new Float64Array(ringed(side));
      for (let y = 0; y < side; y++)
        image.set(X.subarray((j * side + y) * side, (j * side + y + 1) * side), (y + 1) * (side + 2) + 1);
      return image;
    });
    const all = (size: number) => new Float64Array(channels * ringed(size));
    [this.#active, this.#back] = [all(side), all(side)];
    [this.#means, this.#top, this.#backTop, this.#backMeans] = [1, 2, 3, 4].map(() => all(side / 2));
  }

  /** The output for one sample, by the weights from `own` on. */
  forwards(weights: Float32Array, own: number, sample: number): number {
    const [side, half, channels] = [this.#side, this.#half, this.#channels];
    const [whole, small] = [ringed(side), ringed(half)];
    this.#active.fill(0);
    this.#means.fill(0);
    this.#top.fill(0);
    for (let unit = 0; unit < channels; unit++) {
      convolve(this.#images[sample], 0, weights, own + 9 * unit, this.#active, unit * whole, side);
      for (let y = 1; y <= side; y++) {
        const row = unit * whole + y * (side + 2);
        const mean = unit * small + ((y + 1) >> 1) * (half + 2);
        for (let x = 1; x <= side; x++) {
          const value = this.#active[row + x];
          if (value > 0) this.#means[mean + ((x + 1) >> 1)] += value / 4;
        }
      }
    }
    const second = own + 9 * channels;
    for (let unit = 0; unit < channels; unit++)
      for (let below = 0; below < channels; below++)
        convolve(
          this.#means,
          below * small,
          weights,
          second + 9 * (unit * channels + below),
          this.#top,
          unit * small,
          half,
        );
    let output = 0;
    this.#eachTop((at, weight) => {
      const value = this.#top[at];
      if (value > 0) output += weights[own + weight] * value;
    });
    return output;
  }

  /** Adds the gradient of the output of the sample that went forwards last, times `slope`. */
  backwards(
    weights: Float32Array,
    own: number,
    sample: number,
    slope: number,
    gradient: Float64Array | Float32Array,
    to: number,
  ): void {
    const [side, half, channels] = [this.#side, this.#half, this.#channels];
    const [whole, small] = [ringed(side), ringed(half)];
    this.#eachTop((at, weight) => {
      const value = this.#top[at];
      if (value > 0) gradient[to + weight] += slope * value;
      this.#backTop[at] = value > 0 ? slope * weights[own + weight] : 0;
    });
    const second = 9 * channels;
    this.#backMeans.fill(0);
    for (let unit = 0; unit < channels; unit++)
      for (let below = 0; below < channels; below++) {
        const window = second + 9 * (unit * channels + below);
        correlate(this.#means, below * small, this.#backTop, unit * small, gradient, to + window, half);
        convolve(
          this.#backTop,
          unit * small,
          weights,
          own + window,
          this.#backMeans,
          below * small,
          half,
          true,
        );
      }
    for (let unit = 0; unit < channels; unit++) {
      for (let y = 1; y <= side; y++) {
        const row = unit * whole + y * (side + 2);
        const mean = unit * small + ((y + 1) >> 1) * (half + 2);
        for (let x = 1; x <= side; x++)
          this.#back[row + x] = this.#active[row + x] > 0 ? this.#backMeans[mean + ((x + 1) >> 1)] / 4 : 0;
      }
      correlate(this.#images[sample], 0, this.#back, unit * whole, gradient, to + 9 * unit, side);
    }
  }

  /** Calls back with every pixel above the second convolution and its weight to the output. */
  #eachTop(visit: (at: number, weight: number) => void): void {
    const [half, channels] = [this.#half, this.#channels];
    let weight = 9 * channels + 9 * channels ** 2;
    for (let unit = 0; unit < channels; unit++)
      for (let y = 1; y <= half; y++)
        for (let x = 1; x <= half; x++) visit(unit * ringed(half) + y * (half + 2) + x, weight++);
  }
}
