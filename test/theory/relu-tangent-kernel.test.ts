import { describe, expect, test } from "vitest";
import { factorCholesky } from "../../src/theory/cholesky.ts";
import { l2Norm } from "../../src/theory/norms.ts";
import { heDeviations, reluTangentKernel } from "../../src/theory/relu-tangent-kernel.ts";
import { normals } from "./sparse-regression.ts";

/** docs/mathematics.md's formula for one hidden layer, with its angle from the cosine. */
function oneHiddenLayer(x: Float64Array, z: Float64Array, width: number, r: readonly number[]): number {
  const dot = x.reduce((sum, value, k) => sum + value * z[k], 0);
  const lengths = l2Norm(x) * l2Norm(z);
  const t = Math.acos(Math.max(-1, Math.min(1, dot / lengths)));
  const turned = Math.sin(t) + (Math.PI - t) * Math.cos(t);
  return (width / (2 * Math.PI)) * (r[0] ** 2 * lengths * turned + r[1] ** 2 * (Math.PI - t) * dot);
}

/**
 * The tangent kernel of one network at its initial weights, by the layerwise identity; B signals back, H activations.
 *
 * @param X [samples, inputs]
 */
function empiricalKernel(
  X: Float64Array,
  inputs: number,
  widths: readonly number[],
  deviations: readonly number[],
  seed: number,
): Float64Array {
  const samples = X.length / inputs;
  const sizes = [inputs, ...widths, 1];
  const drawn = normals(
    sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l], 0),
    seed,
  );
  let start = 0;
  const layers = deviations.map((deviation, l) => {
    const W = drawn.subarray(start, (start += sizes[l] * sizes[l + 1]));
    return W.map((value) => deviation * value);
  });
  const signals = Array.from({ length: samples }, (_, i) => {
    const H = [X.subarray(i * inputs, (i + 1) * inputs)];
    layers.slice(0, -1).forEach((W, l) => {
      const below = H[l];
      H.push(
        Float64Array.from({ length: sizes[l + 1] }, (_, unit) => {
          let sum = 0;
          for (let k = 0; k < sizes[l]; k++) sum += W[unit * sizes[l] + k] * below[k];
          return Math.max(0, sum);
        }),
      );
    });
    const B = [Float64Array.of(1)];
    for (let l = layers.length - 1; l >= 1; l--) {
      const above = B[0];
      B.unshift(
        H[l].map((activation, k) => {
          if (activation === 0) return 0;
          let sum = 0;
          for (let unit = 0; unit < above.length; unit++) sum += layers[l][unit * sizes[l] + k] * above[unit];
          return sum;
        }),
      );
    }
    return { H, B };
  });
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  return Float64Array.from({ length: samples * samples }, (_, k) => {
    const [a, b] = [signals[Math.floor(k / samples)], signals[k % samples]];
    return a.H.reduce((sum, H, l) => sum + dot(H, b.H[l]) * dot(a.B[l], b.B[l]), 0);
  });
}

/** Mean over networks of their kernels, and the standard error of every entry of it. */
function meanKernel(networks: number, draw: (seed: number) => Float64Array) {
  const all = Array.from({ length: networks }, (_, seed) => draw(seed + 1));
  const mean = all[0].map((_, k) => all.reduce((sum, K) => sum + K[k], 0) / networks);
  const error = mean.map((centre, k) =>
    Math.sqrt(all.reduce((sum, K) => sum + (K[k] - centre) ** 2, 0) / (networks - 1) / networks),
  );
  return { mean, error };
}

describe("the tangent kernel of a ReLU network at initialization", () => {
  test("is the one-hidden-layer formula at awkward sizes", () => {
    for (const inputs of [1, 3, 64])
      for (const width of [1, 7]) {
        const X = normals(5 * inputs, inputs);
        const Z = normals(3 * inputs, inputs + 1);
        const r = [0.3, 1.7];
        const K = reluTangentKernel({ widths: [width], deviations: r }, inputs, X, Z);
        expect(K).toHaveLength(15);
        K.forEach((entry, k) => {
          const x = X.subarray(Math.floor(k / 3) * inputs, (Math.floor(k / 3) + 1) * inputs);
          const z = Z.subarray((k % 3) * inputs, ((k % 3) + 1) * inputs);
          // The oracle's acos is off by up to sqrt(2 (inputs + 3) 2^-52) where its argument is near -1 or 1.
          const slack = Math.sqrt(2 * (inputs + 3) * Number.EPSILON);
          const size = width * (r[0] ** 2 + r[1] ** 2) * l2Norm(x) * l2Norm(z);
          expect(Math.abs(entry - oneHiddenLayer(x, z, width, r))).toBeLessThan(slack * size);
        });
      }
  });

  test("has the known values of equal, orthogonal and opposite inputs under He's initialization", () => {
    // n = 2, unit inputs, one hidden layer: K = (k1(t) + k0(t) cos t) with r_1^2 = 1, m r_2^2 = 2.
    const X = Float64Array.of(1, 0, 0, 1, -1, 0);
    const width = 10;
    const K = reluTangentKernel({ widths: [width], deviations: heDeviations(2, [width]) }, 2, X);
    // h_1 = m r_1^2 turned / (2 pi); b_0 = 2 (pi - t) / (2 pi).
    const equal = width / 2 + 1;
    const orthogonal = width / (2 * Math.PI);
    const expected = [equal, orthogonal, 0, orthogonal, equal, orthogonal, 0, orthogonal, equal];
    K.forEach((entry, k) => expect(entry).toBeCloseTo(expected[k], 13));
  });

  test("of one input is the sum over layers of |h|^2 |b|^2: each layer of He's adds |x|^2 m / fan-in terms", () => {
    // |h_l|^2 = |h_(l-1)|^2 m_l / fan-in_l, |b_(l-1)|^2 = |b_l|^2 (as m_l r_(l+1)^2 / 2 = 1): a sum of four terms.
    const [inputs, widths] = [5, [3, 7, 4]];
    const X = normals(inputs, 1);
    const square = l2Norm(X) ** 2;
    const expected = square * (1 + 3 / 5 + 7 / 5 + 4 / 5);
    const K = reluTangentKernel({ widths, deviations: heDeviations(inputs, widths) }, inputs, X);
    expect(K[0] / expected).toBeCloseTo(1, 13);
  });

  test("without a hidden layer is the inner product", () => {
    const X = normals(12, 4);
    const K = reluTangentKernel({ widths: [], deviations: [0.5] }, 4, X);
    const dot = X.subarray(0, 4).reduce((sum, value, k) => sum + value * X[4 + k], 0);
    expect(K[1]).toBeCloseTo(dot, 13);
  });

  // Later layers see the Gram matrix of a layer of m units, whose entries have relative variance up to 5 / m (fourth moment
  // of a ReLU over its squared second, less 1): through functions of curvature about 1 a bias of 5 / (2 m) a layer.
  const bias = (widths: number[]) => widths.slice(0, -1).reduce((sum, width) => sum + 5 / (2 * width), 0);
  const cases: [string, number[], number[], number][] = [
    ["one hidden layer of 33 units", [33], [0.4, 0.7], 400],
    ["one hidden layer of 256 units, He's", [256], heDeviations(6, [256]), 60],
    ["two hidden layers of 200", [200, 200], heDeviations(6, [200, 200]), 40],
    ["three hidden layers of 150", [150, 200, 150], [0.5, 0.1, 0.1, 0.3], 40],
  ];
  for (const [name, widths, deviations, networks] of cases) {
    test(`is the mean over random networks: ${name}`, () => {
      const inputs = 6;
      const X = normals(5 * inputs, 9);
      const K = reluTangentKernel({ widths, deviations }, inputs, X);
      const { mean, error } = meanKernel(networks, (seed) =>
        empiricalKernel(X, inputs, widths, deviations, seed),
      );
      // 25 entries, six standard errors each.
      mean.forEach((entry, k) => {
        const size = Math.sqrt(K[Math.floor(k / 5) * 6] * K[(k % 5) * 6]);
        expect(Math.abs(entry - K[k])).toBeLessThan(6 * error[k] + bias(widths) * size);
      });
      // The bound says something: the mean is known to a few percent.
      expect(l2Norm(error) / l2Norm(K)).toBeLessThan(0.05);
    });
  }

  test("is exactly symmetric, positive definite, and the same computed as a cross kernel", () => {
    for (const widths of [[8], [8, 8, 8, 8, 8]]) {
      const inputs = 7;
      const initialization = { widths, deviations: heDeviations(inputs, widths) };
      const X = normals(20 * inputs, 2);
      const K = reluTangentKernel(initialization, inputs, X);
      expect(reluTangentKernel(initialization, inputs, X, X.slice())).toEqual(K);
      for (let i = 0; i < 20; i++) for (let j = 0; j < i; j++) expect(K[i * 20 + j]).toBe(K[j * 20 + i]);
      const factors = K.slice();
      factorCholesky(factors, 20);
      for (let i = 0; i < 20; i++) expect(factors[i * 20 + i]).toBeLessThan(Infinity);
    }
  });

  test("scales: deviations times alpha, K times alpha^(2D - 2); an input times c, K times c", () => {
    const widths = [5, 6];
    const X = normals(12, 3);
    const deviations = [0.3, 0.5, 0.7];
    const K = reluTangentKernel({ widths, deviations }, 4, X);
    const scaled = reluTangentKernel({ widths, deviations: deviations.map((r) => 2 * r) }, 4, X);
    expect(scaled).toEqual(K.map((entry) => 2 ** 4 * entry));
    const longer = reluTangentKernel(
      { widths, deviations },
      4,
      X,
      X.map((value) => 8 * value),
    );
    expect(longer).toEqual(K.map((entry) => 8 * entry));
  });

  test("keeps small angles: K(x, x) - K(x, x') is linear in an angle of 1e-9, at every depth", () => {
    for (const layers of [1, 2, 4]) {
      const widths = new Array<number>(layers).fill(2);
      const initialization = { widths, deviations: heDeviations(2, widths) };
      const drop = (angle: number) => {
        const X = Float64Array.of(1, 0, Math.cos(angle), Math.sin(angle));
        const K = reluTangentKernel(initialization, 2, X);
        return (K[0] - K[1]) / angle;
      };
      // The slope at 0 and at 1e-9 differ by O(1e-9), at 1e-4 by O(1e-4); K's rounding over the angle is 1e-15 / 1e-9.
      expect(Math.abs(drop(1e-9) - drop(1e-4))).toBeLessThan(1e-3 * layers);
      expect(drop(1e-4)).toBeGreaterThan(0.1);
    }
  });

  test("of a zero input is zero", () => {
    const K = reluTangentKernel({ widths: [3, 3], deviations: [1, 1, 1] }, 2, Float64Array.of(0, 0, 1, 2));
    expect([...K.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(K[3]).toBeGreaterThan(0);
  });

  test("refuses what is not a network or not its inputs", () => {
    const X = Float64Array.of(1, 2, 3, NaN);
    const network = { widths: [3], deviations: [1, 1] };
    expect(() => reluTangentKernel({ widths: [3], deviations: [1] }, 2, X)).toThrow(/1 hidden layers need 2/);
    expect(() => reluTangentKernel({ widths: [0], deviations: [1, 1] }, 2, X)).toThrow(/a width is 0/);
    expect(() => reluTangentKernel({ widths: [3], deviations: [1, -1] }, 2, X)).toThrow(/deviation is -1/);
    expect(() => reluTangentKernel(network, 3, X)).toThrow(/left has 4 entries/);
    expect(() => reluTangentKernel(network, 2, X)).toThrow("left[1, 1] is NaN; it must be finite");
    expect(() => reluTangentKernel(network, 2, X.subarray(0, 2), X)).toThrow(/right\[1, 1\] is NaN/);
  });
});
