import { expect } from "vitest";
import { residual, residualTiled } from "../../src/kernels/residual.ts";
import { TILE_WORDS, packTiles } from "../../src/scheduler/tiles.ts";
import { test } from "./gpu.ts";
import { gamma, randomFloats } from "./numbers.ts";

for (const samples of [1, 3, 65])
  for (const inputs of [1, 7, 257])
    for (const runs of [1, 5, 9])
      for (const kernel of [residual, residualTiled])
        test(`residual ${kernel.entry} is exact: ${samples} samples, ${inputs} inputs, ${runs} runs`, async ({ gpu }) => {
          const X = randomFloats(inputs * samples, 1);
          const y = randomFloats(samples, 2);
          const beta = randomFloats(runs * inputs, 3);
          const placements = Array.from({ length: runs }, () => ({ data: 0, targets: 0, stream: 0 }));
          const tiles = packTiles([...placements.keys()], placements, 1, kernel === residual ? 1 : 8);
          const { r } = await gpu.run(kernel, {
            params: { samples, inputs, channels: 1, capacity: samples, streams: 1 },
            overrides: { LANES: kernel === residual ? 64 : 4, SHUFFLED: false },
            shape: { size: samples, tiles: tiles.length / TILE_WORDS },
            step: { index: 0, start: 0, size: samples, order: 0, scale: 1 },
            bind: { tiles, order: new Uint32Array(1), X, y, beta, r: runs * samples },
          });
          for (let run = 0; run < runs; run++)
            for (let j = 0; j < samples; j++) {
              let mirror = 0;
              let exact = -y[j]!;
              let bound = Math.abs(y[j]!);
              for (let i = 0; i < inputs; i++) {
                const product = X[i * samples + j]! * beta[run * inputs + i]!;
                mirror = Math.fround(mirror + Math.fround(product));
                exact += product;
                bound += Math.abs(product);
              }
              const value = r![run * samples + j]!;
              expect(Math.abs(value - exact)).toBeLessThanOrEqual(gamma(inputs + 1) * bound);
              if (gpu.device.adapter.software) expect(value).toBe(Math.fround(mirror - y[j]!));
            }
        });
