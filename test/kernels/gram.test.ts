/** |error| <= gamma(inputs + 2) (|X| diag|weights| |X|^T), as the shader's header says. */
import { expect } from "vitest";
import { gram } from "../../src/kernels/gram.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { float32 } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { gamma, randomFloats } from "./numbers.ts";
import "./within.ts";

interface GramShape {
  samples: number;
  inputs: number;
  runs: number;
  channels?: number;
  datasets?: number;
  /** Entries of the tile table before the first slot, and slots. */
  first?: number;
  slots?: number;
}

const shapes: GramShape[] = [
  { samples: 1, inputs: 1, runs: 1 },
  { samples: 3, inputs: 257, runs: 5, channels: 2, datasets: 2 },
  { samples: 63, inputs: 7, runs: 3, first: 1, slots: 2 },
  { samples: 64, inputs: 3, runs: 4, channels: 2, datasets: 4, first: 3, slots: 1 },
  { samples: 65, inputs: 64, runs: 2, datasets: 2 },
  { samples: 257, inputs: 3, runs: 1 },
];

const variants = [
  { kernel: gram.plain, overrides: { LANES: 64, ROWS: 1 } },
  { kernel: gram.tiled, overrides: { LANES: 4, ROWS: 8, COLUMNS: 8 } },
  { kernel: gram.tiled, overrides: { LANES: 32, ROWS: 4, COLUMNS: 5 } },
  { kernel: gram.quads, overrides: { LANES: 4, ROWS: 16, COLUMNS: 4, TERMS: 2 } },
  { kernel: gram.quads, overrides: { LANES: 4, ROWS: 8, COLUMNS: 3, TERMS: 3 } },
  { kernel: gram.quads, overrides: { LANES: 4, ROWS: 4, COLUMNS: 1, TERMS: 1 } },
  { kernel: gram.quads, overrides: { LANES: 32, ROWS: 12, COLUMNS: 2, TERMS: 2 } },
];

const name = ({ kernel, overrides }: (typeof variants)[0]) =>
  `${kernel.file} ${kernel.entry} ${JSON.stringify(overrides)}`;

function problem(given: GramShape, signed: boolean) {
  const shape = { channels: 1, datasets: 1, first: 0, slots: given.runs, ...given };
  const { samples, inputs, runs, channels, datasets } = shape;
  const placements = Array.from({ length: runs }, (_, run) => ({
    data: Math.floor((run * datasets) / runs),
    targets: 0,
    stream: 0,
  }));
  const weights = randomFloats(runs * inputs, 5);
  return {
    shape,
    placements,
    run_tiles: packTiles([...placements.keys()], placements, channels, channels),
    X: randomFloats(datasets * inputs * samples, 4),
    weights: signed ? weights : weights.map(Math.abs),
  };
}

type Problem = ReturnType<typeof problem>;

async function run(
  gpu: KernelBench,
  variant: (typeof variants)[0],
  { shape, run_tiles, X, weights }: Problem,
) {
  const { samples, inputs, channels, first, slots } = shape;
  const { K } = await gpu.run(variant.kernel, {
    params: { samples, inputs, channels, first },
    overrides: variant.overrides,
    shape: { samples, slots },
    bind: { run_tiles, X, weights, K: slots * samples * samples },
  });
  return K;
}

function expected({ shape, placements, X, weights }: Problem) {
  const { samples, inputs, first, slots } = shape;
  const count = slots * samples * samples;
  const [exact, bound, bits] = [new Float64Array(count), new Float64Array(count), new Float32Array(count)];
  const { add, mul } = float32;
  for (let slot = 0; slot < slots; slot++) {
    const position = first + slot;
    const data = placements[position].data * inputs * samples;
    for (let i = 0; i < samples; i++)
      for (let j = 0; j <= i; j++) {
        let [sum, size, rounded] = [0, 0, 0];
        for (let k = 0; k < inputs; k++) {
          const weight = weights[position * inputs + k];
          const [x, y] = [X[data + k * samples + i], X[data + k * samples + j]];
          sum += x * weight * y;
          size += Math.abs(x * weight * y);
          rounded = add(rounded, mul(mul(x, weight), y));
        }
        for (const place of [i * samples + j, j * samples + i]) {
          exact[slot * samples * samples + place] = sum;
          bound[slot * samples * samples + place] = gamma(inputs + 2) * size;
          bits[slot * samples * samples + place] = rounded;
        }
      }
  }
  return { exact, bound, bits };
}

/** True when a symmetric matrix has a Cholesky factor in float64. */
function positive(matrix: Float64Array, size: number): boolean {
  const L = matrix.slice();
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++)
      for (let k = 0; k < j; k++) L[i * size + j] -= L[i * size + k] * L[j * size + k];
    if (!(L[j * size + j] > 0)) return false;
    const root = Math.sqrt(L[j * size + j]);
    for (let i = j; i < size; i++) L[i * size + j] /= root;
  }
  return true;
}

for (const shape of shapes)
  test(`Gram matrices are the mirror's, within their bound of float64, symmetric and positive semidefinite: ${JSON.stringify(shape).replaceAll('"', "")}`, async ({
    gpu,
  }) => {
    const given = problem(shape, true);
    const { exact, bound, bits } = expected(given);
    for (const variant of variants) {
      const K = await run(gpu, variant, given);
      expect(K, name(variant)).toBeWithin(bound, exact);
      if (gpu.isExact) expect(K, name(variant)).toBeExactly(bits);
    }

    const nonnegative = problem(shape, false);
    const { samples: N, slots } = nonnegative.shape;
    const { bound: errors } = expected(nonnegative);
    for (const variant of variants) {
      const K = await run(gpu, variant, nonnegative);
      for (let slot = 0; slot < slots; slot++) {
        const at = slot * N * N;
        const matrix = Float64Array.from(K.subarray(at, at + N * N));
        for (let i = 0; i < N; i++)
          for (let j = 0; j < i; j++) if (K[at + i * N + j] !== K[at + j * N + i]) expect.fail(`${i}, ${j}`);
        // The exact matrix has no negative eigenvalue, and the error's norm is at most its largest row sum; the
        // factorization's own error is far below, its unit roundoff being 2^29 times smaller.
        let shift = 0;
        for (let i = 0; i < N; i++) {
          let row = 0;
          for (let j = 0; j < N; j++) row += errors[at + i * N + j];
          shift = Math.max(shift, row);
        }
        for (let i = 0; i < N; i++) matrix[i * N + i] += shift;
        expect(positive(matrix, N)).toBe(true);
      }
    }
  });

test("a Gram matrix depends neither on the slot of its run nor on the runs beside it, and is homogeneous", async ({
  gpu,
}) => {
  const given = problem({ samples: 65, inputs: 7, runs: 5, datasets: 2 }, true);
  const size = 65 * 65;
  const permutation = [3, 0, 4, 2, 1];
  for (const variant of variants) {
    const K = await run(gpu, variant, given);
    const run_tiles = packTiles(permutation, given.placements, 1, 1);
    const permuted = await run(gpu, variant, { ...given, run_tiles });
    permutation.forEach((position, slot) => {
      expect(permuted.slice(slot * size, (slot + 1) * size)).toBeExactly(
        K.slice(position * size, (position + 1) * size),
      );
    });
    const alone = { ...given, shape: { ...given.shape, first: 3, slots: 1 } };
    expect(await run(gpu, variant, alone)).toBeExactly(K.slice(3 * size, 4 * size));
    const doubled = { ...given, X: given.X.map((value) => 2 * value) };
    expect(await run(gpu, variant, doubled)).toBeExactly(K.map((value) => 4 * value));
  }
});
