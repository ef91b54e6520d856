/** |error| <= gamma(inputs + 1) (|X| |beta| + |y|), as shaders/predictor_products.wgsl says. */
import { expect } from "vitest";
import { epochOrder } from "../../src/data/stream.ts";
import type { Kernel, Overrides } from "../../src/wgsl/kernel.ts";
import { predictorProducts } from "../../src/kernels/predictor-products.ts";
import { type Placement, packTiles, tileWords } from "../../src/plan/tiles.ts";
import { float32 } from "./arithmetic.ts";
import { type KernelBench, test } from "./gpu.ts";
import { dot } from "./mirror.ts";
import { gamma, randomFloats } from "./numbers.ts";
import "./within.ts";

interface ResidualShape {
  samples: number;
  inputs: number;
  runs: number;
  batch?: { start: number; size: number };
  /** 2 with the linearized twin. */
  channels?: number;
  shuffled?: boolean;
  datasets?: number;
  targets?: number;
  streams?: number;
}

const shapes: ResidualShape[] = [
  { samples: 1, inputs: 1, runs: 1 },
  { samples: 3, inputs: 257, runs: 9 },
  { samples: 65, inputs: 7, runs: 5 },
  { samples: 63, inputs: 1, runs: 17, channels: 2 },
  { samples: 64, inputs: 65, runs: 3, channels: 2, targets: 3 },
  { samples: 257, inputs: 3, runs: 8, datasets: 2, targets: 4 },
  { samples: 65, inputs: 64, runs: 6, batch: { start: 64, size: 1 }, shuffled: true },
  {
    samples: 65,
    inputs: 3,
    runs: 7,
    batch: { start: 32, size: 32 },
    channels: 2,
    shuffled: true,
    streams: 2,
  },
  {
    samples: 257,
    inputs: 63,
    runs: 9,
    batch: { start: 192, size: 65 },
    shuffled: true,
    datasets: 3,
    streams: 9,
  },
  // Rows in fours, of which the last batch fills none to the end.
  { samples: 68, inputs: 5, runs: 17, batch: { start: 32, size: 33 }, channels: 2, datasets: 2 },
  { samples: 4, inputs: 65, runs: 3 },
  // Tiles that hold 1 to 8 rows.
  ...[2, 3, 4, 5, 6, 7, 8].map((runs) => ({ samples: 3, inputs: 1, runs })),
  { samples: 7, inputs: 3, runs: 5, batch: { start: 2, size: 5 }, channels: 2, datasets: 2 },
];

const { plain, tiled, quads } = predictorProducts;
const staged = predictorProducts.staged!;
const fours = predictorProducts.fours!;

/** `cut`: overrides that say how the work is cut. Tiles have room for `room` rows, and use up to `rows` of them. */
const variants: { kernel: Kernel; cut: Overrides; room: number; rows?: number }[] = [
  { kernel: plain, cut: { LANES: 64, ROWS: 1 }, room: 8, rows: 1 },
  { kernel: plain, cut: { LANES: 64, ROWS: 8 }, room: 8 },
  { kernel: plain, cut: { LANES: 4, ROWS: 1 }, room: 8 },
  { kernel: tiled, cut: { LANES: 4, ROWS: 8, COLUMNS: 10 }, room: 8 },
  { kernel: tiled, cut: { LANES: 4, ROWS: 8, COLUMNS: 1 }, room: 20 },
  { kernel: tiled, cut: { LANES: 32, ROWS: 1, COLUMNS: 5 }, room: 2 },
  { kernel: quads, cut: { LANES: 4, ROWS: 20, COLUMNS: 5, TERMS: 4 }, room: 20 },
  { kernel: quads, cut: { LANES: 4, ROWS: 4, COLUMNS: 1, TERMS: 1 }, room: 4 },
  { kernel: quads, cut: { LANES: 32, ROWS: 12, COLUMNS: 4, TERMS: 2 }, room: 12 },
  { kernel: fours, cut: { LANES: 8, ROWS: 16, COLUMNS: 8 }, room: 16 },
  { kernel: fours, cut: { LANES: 4, ROWS: 4, COLUMNS: 4 }, room: 4 },
  { kernel: fours, cut: { LANES: 32, ROWS: 12, COLUMNS: 4 }, room: 12 },
  { kernel: staged, cut: { LANES: 64, ROWS: 20, COLUMNS: 1 }, room: 20 },
  { kernel: staged, cut: { LANES: 128, ROWS: 8, COLUMNS: 1 }, room: 8 },
  { kernel: staged, cut: { LANES: 64, ROWS: 1, COLUMNS: 1 }, room: 2 },
];

/** Rows of X in fours have to be whole ones, in order, and batches begin with one. */
const variantsFor = ({ samples, batch, shuffled }: ResidualShape) =>
  variants.filter(
    ({ kernel }) => kernel !== fours || (samples % 4 === 0 && (batch?.start ?? 0) % 4 === 0 && !shuffled),
  );

function problem(given: ResidualShape) {
  const shape = {
    batch: { start: 0, size: given.samples },
    channels: 1,
    shuffled: false,
    datasets: 1,
    targets: 1,
    streams: 1,
    ...given,
  };
  const { samples, inputs, runs, batch, channels, datasets, targets, streams } = shape;
  const share = (run: number, count: number) => Math.floor((run * count) / runs);
  const placements: Placement[] = Array.from({ length: runs }, (_, run) => ({
    data: share(run, datasets),
    targets: share(run, targets),
    stream: share(run, streams),
  }));
  const order = new Uint32Array(2 * streams * samples);
  for (let row = 0; row < 2 * streams; row++) order.set(epochOrder(3, row, samples), row * samples);
  return {
    shape,
    placements,
    // Room for more samples than the batch has.
    capacity: batch.size + 3,
    step: { index: 5, ...batch, order: 1, scale: 1 },
    order,
    X: randomFloats(datasets * inputs * samples, 1),
    y: randomFloats(targets * samples, 2),
    beta: randomFloats(runs * channels * inputs, 3),
  };
}

type Problem = ReturnType<typeof problem>;

async function run(
  gpu: KernelBench,
  { kernel, cut, room, rows = room }: (typeof variants)[0],
  { shape, placements, capacity, step, order, X, y, beta }: Problem,
  positions = [...placements.keys()],
): Promise<Float32Array> {
  const { samples, inputs, channels, shuffled, streams, runs } = shape;
  const tiles = packTiles(positions, placements, channels, Math.max(rows, channels), room);
  const { products } = await gpu.run(kernel, {
    params: { samples, inputs, channels, capacity, streams, room, stride: samples },
    overrides: { ...cut, SHUFFLED: shuffled },
    shape: { size: step.size, room, tiles: tiles.length / tileWords(room) },
    step,
    bind: { tiles, order, X, y, rows: beta, products: runs * channels * capacity },
  });
  return products;
}

/** Exact residuals, their bounds, and the software adapter's; NaN in the room that the batch leaves. */
function expected({ shape, placements, capacity, step, order, X, y, beta }: Problem) {
  const { samples, inputs, channels, shuffled, streams, runs } = shape;
  const count = runs * channels * capacity;
  const exact = new Float64Array(count).fill(NaN);
  const bound = new Float64Array(count).fill(NaN);
  const bits = new Float32Array(count).fill(NaN);
  for (let row = 0; row < runs * channels; row++) {
    const { data, targets, stream } = placements[Math.floor(row / channels)];
    for (let j = 0; j < step.size; j++) {
      const place = step.start + j;
      const sample = shuffled ? order[(step.order * streams + stream) * samples + place] : place;
      const x = (i: number) => X[(data * inputs + i) * samples + sample];
      const b = (i: number) => beta[row * inputs + i];
      const target = row % channels === 0 ? y[targets * samples + sample] : 0;
      let [sum, size] = [-target, Math.abs(target)];
      for (let i = 0; i < inputs; i++) {
        sum += x(i) * b(i);
        size += Math.abs(x(i) * b(i));
      }
      exact[row * capacity + j] = sum;
      bound[row * capacity + j] = gamma(inputs + 1) * size;
      bits[row * capacity + j] = Math.fround(dot(float32, inputs, x, b) - target);
    }
  }
  return { exact, bound, bits };
}

for (const shape of shapes)
  test(`residuals are the mirror's, and within their bound of float64: ${JSON.stringify(shape).replaceAll('"', "")}`, async ({
    gpu,
  }) => {
    const given = problem(shape);
    const { exact, bound, bits } = expected(given);
    const written = [...exact.keys()].filter((place) => !Number.isNaN(exact[place]));
    const pick = (numbers: ArrayLike<number>) => written.map((place) => numbers[place]);
    for (const variant of variantsFor(shape)) {
      const r = await run(gpu, variant, given);
      expect(pick(r), variant.kernel.entry).toBeWithin(pick(bound), pick(exact));
      // The room past the batch keeps its poison.
      expect(r.filter(Number.isNaN).length).toBe(r.length - written.length);
      if (gpu.isExact) expect(r, variant.kernel.entry).toBeExactly(bits);
    }
  });

test("a run's residuals depend neither on its place in the tiles nor on its neighbours, and runs left out are left alone", async ({
  gpu,
}) => {
  const given = problem({ samples: 68, inputs: 63, runs: 9, channels: 2 });
  const size = 2 * given.capacity;
  const rows = (r: Float32Array, position: number) => r.slice(position * size, (position + 1) * size);
  for (const variant of variants) {
    const together = await run(gpu, variant, given);
    const shuffled = await run(gpu, variant, given, [8, 3, 5, 0, 7, 2, 6, 1, 4]);
    expect(shuffled).toBeExactly(together);
    const some = await run(gpu, variant, given, [7, 4]);
    for (const position of given.placements.keys())
      expect(rows(some, position)).toBeExactly(
        [4, 7].includes(position) ? rows(together, position) : new Float32Array(size).fill(NaN),
      );
  }
});

test("residuals are homogeneous bit for bit: twice the predictor and the targets, twice the residual", async ({
  gpu,
}) => {
  const given = problem({ samples: 68, inputs: 63, runs: 5 });
  const doubled = {
    ...given,
    beta: given.beta.map((value) => 2 * value),
    y: given.y.map((value) => 2 * value),
  };
  for (const variant of variants)
    expect(await run(gpu, variant, doubled)).toBeExactly(
      (await run(gpu, variant, given)).map((value) => 2 * value),
    );
});
