import { describe, expect, test } from "vitest";
import { seed500, seed500Files, trained } from "./experiment.ts";

/** Largest and smallest entry of K(end) - K(0) as recorded kernels give them. */
const change = (kernels: Float32Array[]) => {
  const [first, last] = [kernels[0], kernels.at(-1)!];
  const entries = [...last].map((value, k) => value - first[k]);
  return [Math.min(...entries), Math.max(...entries)];
};

describe("Table 1 of the thesis (seed-500 data)", () => {
  const document = (stopRule: string, epochs: number) => ({
    data: seed500,
    model: { kind: "diagonal" },
    train: { method: "gradient-descent", epochs, stopLoss: 1e-4, stopRule },
    record: { every: 10000, quantities: ["loss", "weight_distance", "ntk_drift"], arrays: ["ntk"] },
    sweep: [
      {
        paths: ["init.alpha", "train.stepSize"],
        values: [
          [0.1, 1e-2],
          [1, 1e-3],
          [10, 1e-4],
        ],
      },
    ],
  });

  test("with stopRule keras the three runs stop after 1009, 757 and 77 epochs", async () => {
    const { epochs, status, rows, kernels } = await trained(document("keras", 2000), await seed500Files());
    expect(status).toEqual(["converged", "converged", "converged"]);
    expect(Math.abs(epochs[0] - 1009)).toBeLessThanOrEqual(2);
    expect(epochs.slice(1)).toEqual([757, 77]);
    const last = rows.map((records) => records.at(-1)!);
    expect(last[1].epoch).toBe(757);
    for (const [run, drift] of [22.58738, 4.215545e-2, 3.706675e-6].entries())
      expect(last[run].ntk_drift / drift - 1).toBeCloseTo(0, 4);
    for (const [run, distance] of [2.269277, 0.759419, 0.077017].entries())
      expect(last[run].weight_distance / distance - 1).toBeCloseTo(0, 4);
    const [low, high] = change(kernels[1]);
    expect(low / -4.25486 - 1).toBeCloseTo(0, 4);
    expect(high / 10.54668 - 1).toBeCloseTo(0, 4);
  });

  test("with stopRule full each run stops one epoch earlier", async () => {
    const { epochs } = await trained(document("full", 2000), await seed500Files());
    expect(Math.abs(epochs[0] - 1008)).toBeLessThanOrEqual(2);
    expect(epochs.slice(1)).toEqual([756, 76]);
  });
});

test("Figure 6: distances after 10^4 steps are those computed in float64", async () => {
  const { rows } = await trained(
    {
      data: seed500,
      model: { kind: "diagonal" },
      train: { stepSize: 1e-3, epochs: 10000 },
      record: { every: 10000, quantities: ["weight_distance", "linear_distance"] },
      sweep: [{ path: "init.alpha", values: [0.05, 0.1, 0.5, 1, 5] }],
    },
    await seed500Files(),
  );
  const distances = [2.403925, 2.268715, 1.34791, 0.760844, 0.1543115];
  const linear = [6.822962, 5.214897, 0.460646, 0.073591, 0.00127983];
  rows.forEach((records, run) => {
    const last = records.at(-1)!;
    expect(Math.abs(last.weight_distance / distances[run] - 1)).toBeLessThan(1e-4);
    expect(Math.abs(last.linear_distance / linear[run] - 1)).toBeLessThan(1e-4);
  });
});
