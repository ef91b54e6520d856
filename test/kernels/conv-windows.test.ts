/** Convolutions whose windows slide along an image: the bits of the plain kernels, whatever the image's and the batch's sizes. */
import { expect } from "vitest";
import { conv } from "../../src/layers/conv/conv.ts";
import { networkLayers, parametersOf, unitsOf } from "../../src/layers/network.ts";
import { unusedParams } from "../../src/layers/params.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const [RUNS, COPIES, CHANNELS, OUTPUTS] = [2, 2, 6, 2];
const NETWORKS = RUNS * COPIES;
const run_tiles = packTiles(
  [0, 1],
  [0, 1].map(() => ({ data: 0, targets: 0, stream: 0 })),
  CHANNELS,
  CHANNELS,
);

// Blocks of 1, 3, 4 and 5 columns; of 7 and 13 pixels the last block begins earlier. Strips of 1, 3, 7, 13 and 13 terms.
const images = [
  { height: 1, width: 1, padding: 1, samples: 1, size: 1 },
  { height: 2, width: 3, padding: 1, samples: 5, size: 3 },
  { height: 3, width: 7, padding: 1, samples: 4, size: 4 },
  { height: 3, width: 15, padding: 0, samples: 3, size: 2 },
  { height: 1, width: 11, padding: 2, samples: 2, size: 2 },
];

for (const { height, width, padding, samples, size } of images) {
  const hidden = [
    { conv: 3, size: 3, stride: 1, padding },
    { conv: 9, size: 3, stride: 1, padding: 1 },
  ];
  const layers = networkLayers(hidden, { channels: 2, height, width }, OUTPUTS, true);
  const [units, parameters] = [unitsOf(layers), parametersOf(layers)];
  const stride = COPIES * parameters + 1;
  const [first, second] = layers.map(({ sizes }) => sizes);
  const random = (count: number, seed: number) => randomFloats(count, seed);
  const bind = {
    run_tiles,
    order: Uint32Array.from({ length: samples }, (_, j) => (j * 2 + 1) % samples),
    X: random(2 * height * width * samples, 1),
    base: random(RUNS * units * samples, 2),
    z: random(NETWORKS * units * samples, 3),
    state: random(RUNS * stride, 4),
    start: random(RUNS * parameters, 5),
    weights: random(NETWORKS * parameters, 6),
    signal: random(RUNS * CHANNELS * samples, 7),
    delta: random(NETWORKS * units * samples, 8),
    signals: random(RUNS * units * OUTPUTS * samples, 9),
    changes: random(NETWORKS * units * OUTPUTS * samples, 10),
    gradients: random(NETWORKS * parameters, 11),
  };
  // At w(0) a gradient takes signals of every output, by what a state holds of them.
  const atStart = { delta: bind.signals, signal: bind.state };
  const works = [
    ["values", { FIRST: true }, first, "z"],
    ["values", { FIRST: false }, second, "z"],
    ["forward", {}, second, "z"],
    ["backward", {}, second, "delta"],
    ["signals", {}, second, "changes"],
    ["signalsStart", {}, second, "signals"],
    ["gradient", { FIRST: true }, first, "gradients"],
    ["gradient", { FIRST: false }, second, "gradients"],
    ["gradient", { START: true }, second, "gradients"],
  ] as const;
  for (const [name, own, sizes, written] of works)
    test(`conv ${name} ${JSON.stringify(own)}: ${height} x ${width} pixels, ${padding} zeros around, ${samples} samples`, async ({
      gpu,
    }) => {
      const { plain, windows, strips } = conv[name];
      const isStart = name === "signalsStart" || "START" in own;
      const copies = isStart ? 1 : COPIES;
      const bound = { ...bind, ...("START" in own && atStart) };
      const call = (overrides: Record<string, number | boolean>, kernel: typeof plain) =>
        gpu.run(kernel, {
          params: {
            ...unusedParams,
            ...{ samples, inputs: 2 * height * width, channels: CHANNELS, capacity: samples, streams: 1 },
            ...{ copies, units, outputs: OUTPUTS, stride, parameters },
            ...sizes,
          },
          overrides: { ...overrides, ...own },
          shape: { ...sizes, size: samples, samples, outputs: OUTPUTS, networks: RUNS * copies },
          step: { index: 0, start: 0, size, order: 0, scale: 1 },
          bind: Object.fromEntries(
            Object.keys(kernel.bindings).flatMap((binding) =>
              binding in bound ? [[binding, bound[binding as keyof typeof bound]]] : [],
            ),
          ),
        });
      const expected = await call({ LANES: 64, ROWS: 1 }, plain);
      expect(expected[written]).not.toEqual(bind[written]);
      const side = name === "values" || name === "forward" ? sizes.width_above : sizes.width;
      const blocks = strips ? [6, 3] : [Math.ceil(side / Math.ceil(side / 6)), 1];
      for (const [k, COLUMNS] of blocks.entries()) {
        const LANES = [4, 32][k];
        const actual = await call(
          { LANES, ROWS: 8, COLUMNS, ...(windows ? { WINDOW: 3 } : { POSITIONS: [4, 6][k] }) },
          (windows ?? strips)!,
        );
        expect(actual[written], `${COLUMNS} columns, ${LANES} lanes`).toBeExactly(expected[written]);
      }
    });
}
