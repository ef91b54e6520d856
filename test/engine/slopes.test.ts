import { expect, test } from "vitest";
import { seed500, seed500Files, trained } from "./experiment.ts";

const slope = (alphas: number[], values: number[]) => {
  const x = alphas.map(Math.log);
  const y = values.map(Math.log);
  const [mx, my] = [x, y].map((list) => list.reduce((sum, value) => sum + value, 0) / list.length);
  const top = x.reduce((sum, value, k) => sum + (value - mx) * (y[k] - my), 0);
  return top / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
};

test("distances and drift fall as powers of alpha: -1, -3, -4, for alpha = 4 ... 64 and on to 1000", async () => {
  const ranges = [
    [4, 5.6, 8, 11.2, 16, 22.4, 32, 64],
    [64, 100, 200, 400, 700, 1000],
  ];
  for (const alphas of ranges) {
    // The step size falls as alpha^-2: the kernel regime's dynamics are then the same for every alpha.
    const { rows } = await trained(
      {
        data: seed500,
        model: { kind: "diagonal" },
        train: { epochs: 3000 },
        record: { every: 3000, quantities: ["weight_distance", "linear_distance", "ntk_drift"] },
        sweep: [
          {
            paths: ["init.alpha", "train.stepSize"],
            values: alphas.map((alpha) => [alpha, 0.01 * alpha ** -2]),
          },
        ],
      },
      await seed500Files(),
    );
    const last = rows.map((records) => records.at(-1)!);
    for (const [name, expected] of [
      ["weight_distance", -1],
      ["linear_distance", -3],
      ["ntk_drift", -4],
    ] as const)
      expect(
        Math.abs(
          slope(
            alphas,
            last.map((row) => row[name]),
          ) - expected,
        ),
        name,
      ).toBeLessThan(0.02);
  }
});
