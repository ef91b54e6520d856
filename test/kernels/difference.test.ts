/** out = a - scale b: two roundings, and one alone, so exact everywhere, where the scale is a power of two. */
import { expect } from "vitest";
import { difference } from "../../src/kernels/difference.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, errors, float32, single, values } from "./arithmetic.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

for (const length of [1, 3, 63, 64, 65, 257])
  for (const scales of [
    [1, 0.5, 0, 2 ** -40, 8],
    [0.1, 3, 1e-6, 0.7, 1.3],
  ])
    test(`differences of ${length} entries are exact at scales ${scales.join(" ")}, and absent runs are left alone`, async ({
      gpu,
    }) => {
      const runs = 5;
      const channels = 1 + (length % 2);
      const [a_stride, a_offset, b_stride, b_offset] = [2 * length + 1, length, length + 2, 1];
      const a = randomFloats(runs * a_stride, 1);
      const b = randomFloats(3 * b_stride, 2);
      const index = Uint32Array.of(2, 0, 1, 1, 0);
      const scale = Float32Array.from(scales);
      const placements = Array.from({ length: runs }, () => ({ data: 0, targets: 0, stream: 0 }));
      const positions = [4, 0, 1, 3];
      const { out } = await gpu.run(difference, {
        params: { length, a_stride, a_offset, b_stride, b_offset, channels },
        shape: { length, run_tiles: positions.length },
        bind: {
          run_tiles: packTiles(positions, placements, channels, channels),
          a,
          b,
          index,
          scale,
          out: runs * length,
        },
      });
      for (let run = 0; run < runs; run++) {
        const own = out.slice(run * length, (run + 1) * length);
        if (!positions.includes(run)) {
          expect(own).toBeExactly(new Float32Array(length).fill(NaN));
          continue;
        }
        const subtracted = <T>({ of, sub, mul }: Arithmetic<T>): T[] =>
          Array.from(own, (_, i) => {
            const right = of(b[index[run] * b_stride + b_offset + i]);
            return sub(of(a[run * a_stride + a_offset + i]), mul(of(scale[run]), right));
          });
        const bounds = subtracted(single);
        expect(own).toBeWithin(errors(bounds), values(bounds));
        if (gpu.isExact || scales[0] === 1) expect(own).toBeExactly(subtracted(float32));
      }
    });
