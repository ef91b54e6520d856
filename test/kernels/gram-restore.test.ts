/** K = (K0 + k^2 change) unit: three roundings, the product k^2 exact where k is a power of two (arithmetic.ts). */
import { expect } from "vitest";
import { gramRestore } from "../../src/kernels/gram-restore.ts";
import { packTiles } from "../../src/plan/tiles.ts";
import { type Arithmetic, errors, float32, single, values } from "./arithmetic.ts";
import { PARAMETERS } from "./descent-problem.ts";
import { test } from "./gpu.ts";
import { randomFloats } from "./numbers.ts";
import "./within.ts";

const cuts = [
  { LANES: 64, PER_INVOCATION: 1 },
  { LANES: 4, PER_INVOCATION: 16 },
];

for (const [samples, overrides] of [1, 3, 8, 65].flatMap((samples) =>
  cuts.map((cut) => [samples, cut] as const),
))
  test(`kernels of ${samples} samples, in ${JSON.stringify(overrides)}, are restored from their start and change, and no others are touched`, async ({
    gpu,
  }) => {
    const entries = samples * samples;
    const startOf = Uint32Array.of(1, 0, 2, 0, 1);
    const runs = startOf.length;
    const [first, slots, channels] = [2, 2, 1 + (samples % 2)];
    const start = randomFloats(3 * entries, 1);
    const change = randomFloats(slots * entries, 2);
    const parameters = new Float32Array(runs * PARAMETERS).fill(NaN);
    const unit = [3, 1e-3, 0.7, 1e5, 1];
    const displacement = [1, 1, 2 ** -7, 1, 1];
    for (let run = 0; run < runs; run++) parameters.set([unit[run], displacement[run]], run * PARAMETERS + 5);
    const placements = Array.from({ length: runs }, () => ({ data: 0, targets: 0, stream: 0 }));
    const { K } = await gpu.run(gramRestore, {
      params: { samples, channels, first },
      overrides,
      shape: { samples, slots },
      bind: {
        run_tiles: packTiles([...placements.keys()], placements, channels, channels),
        change,
        start,
        start_of: startOf,
        runs: parameters,
        K: runs * entries,
      },
    });
    for (let run = 0; run < runs; run++) {
      const own = K.slice(run * entries, (run + 1) * entries);
      const slot = run - first;
      if (slot < 0 || slot >= slots) {
        expect(own).toBeExactly(new Float32Array(entries).fill(NaN));
        continue;
      }
      const restored = <T>({ of, add, mul }: Arithmetic<T>): T[] =>
        Array.from(own, (_, i) => {
          const k2 = mul(of(displacement[run]), of(displacement[run]));
          const moved = mul(k2, of(change[slot * entries + i]));
          const value = add(of(start[startOf[run] * entries + i]), moved);
          return mul(value, of(Math.fround(unit[run])));
        });
      const bounds = restored(single);
      expect(own).toBeWithin(errors(bounds), values(bounds));
      if (gpu.isExact) expect(own).toBeExactly(restored(float32));
    }
  });
