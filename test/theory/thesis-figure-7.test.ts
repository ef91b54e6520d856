import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readNpy } from "../../src/data/npy.ts";
import {
  biasGap,
  biasMinimizer,
  biasMinimizers,
  dualFlow,
  minimumL1,
  minimumL2,
  populationErrors,
  solutionDistances,
  type LinearSystem,
} from "../../src/theory/index.ts";
import { sparseRegression } from "./sparse-regression.ts";

// The thesis's own data are somebody else's: read where they lie, never copied. ALPHASWEEP_THESIS_DATA names the folder.
const folder =
  process.env["ALPHASWEEP_THESIS_DATA"] ??
  new URL("../../../shared/data/thesis-fig7", import.meta.url).pathname;
const present = existsSync(`${folder}/inputs-100.npy`);

function thesisData(samples: number): LinearSystem {
  const read = (name: string) =>
    Float64Array.from(
      readNpy(readFileSync(`${folder}/${name}-${samples}.npy`), `${name}-${samples}.npy`).values,
    );
  return { samples, inputs: 250, X: read("inputs"), y: read("targets") };
}

const betaStar = new Float64Array(250).fill(1 / Math.sqrt(5), 0, 5);
const grid = Array.from({ length: 60 }, (_, k) => 10 ** (-3 + (3 * k) / 59));

if (present) {
  test("the thesis's Figure 7 data: exact limits at alpha = 1 ... 1e-3 are the known ones to all their digits", async () => {
    const system = thesisData(100);
    const l1 = await minimumL1(system);
    const l2 = minimumL2(system);
    expect(l1.norm).toBeCloseTo(2.9328, 4);
    const known: [number, number, number, number][] = [
      [1, 4.3759, 7.269, 7.526],
      [0.1, 1.5027, 2.988, 3.266],
      [0.01, 0.0807, 0.5337, 0.9782],
      [1e-3, 0.0185, 0.2862, 0.8727],
    ];
    for (const [alpha, excess, distance, population] of known) {
      const { beta } = biasMinimizer(system, { alpha });
      const measured = solutionDistances(beta, { minimumL1: l1.beta, minimumL2: l2.beta });
      expect(Math.abs(measured.excess_l1 - excess)).toBeLessThan(6e-5);
      expect(Math.abs(measured.min_l1_distance - distance)).toBeLessThan(alpha < 0.05 ? 6e-5 : 6e-4);
      expect(Math.abs(populationErrors(beta, betaStar).population_l1 - population)).toBeLessThan(
        alpha < 0.05 ? 6e-5 : 6e-4,
      );
    }
  });

  test("the thesis's Figure 7 data: the flow at alpha = 1e-3 passes a population error of .085 and ends at .873", () => {
    const times = Array.from({ length: 200 }, (_, k) => 10 ** (k / 50));
    const { records } = dualFlow(thesisData(100), { alpha: 1e-3 }, { times, tolerance: 1e-4 });
    const errors = records.map(({ beta }) => populationErrors(beta, betaStar).population_l1);
    expect(Math.min(...errors)).toBeCloseTo(0.085, 2);
    expect(errors.at(-1)).toBeCloseTo(0.873, 2);
  });
} else
  test(`the thesis's Figure 7 data are absent (${folder}): its known numbers are not checked on this machine`, () => {
    expect(present).toBe(false);
  });

test("the whole Figure 7 grid, 60 alphas and 50, 100, 200 samples, has residuals below 1e-9", () => {
  for (const samples of [50, 100, 200]) {
    const system = present ? thesisData(samples) : sparseRegression(samples, 250, 7);
    for (const { residual } of biasMinimizers(system, grid)) expect(residual).toBeLessThan(1e-9);
  }
});

test("the flow from alpha = 1e-6 with 100 samples of 250 inputs reaches its limit, and is that of Q", () => {
  const system = sparseRegression(100, 250, 7);
  const { final } = dualFlow(system, { alpha: 1e-6 }, { stopLoss: 1e-10, tolerance: 1e-4 });
  expect(biasGap(final.beta, biasMinimizer(system, { alpha: 1e-6 }).beta)).toBeLessThan(1e-3);
});
