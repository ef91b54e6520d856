/** Every alpha: a ReLU network's quantities are those of float64, or a line says before the training that they are not. */
import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/datasets.ts";
import type { Json } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { checkExperiment } from "../../src/engine.ts";
import { loadRuns } from "../../src/scheduler/load.ts";
import { behaviourOf } from "../../src/models/registry.ts";
import { trained, worstError } from "./experiment.ts";
import { reluRows } from "./relu.ts";

type Document = Record<string, Json>;

const quantities = [
  "loss",
  "linear_loss",
  "test_loss",
  "weight_distance",
  "last_layer_distance",
  "linear_distance",
  "function_distance",
  "ntk_drift",
  "ntk_misalignment",
  "ntk_change_lowest",
  "ntk_change_highest",
  "ntk_label_alignment",
  "ntk_eigenvalue_1",
  "ntk_eigenvalue_2",
  "weight_l1",
  "weight_l2",
  "path_norm",
  "margin",
  "train_accuracy",
  "active_units",
  "activation_stability",
];
const toLargest = ["loss", "linear_loss", "function_distance", "ntk_change_lowest", "ntk_change_highest"];

/** A sweep's document at this alpha, with steps that move weights by per cents and lie within the stability limit. */
async function documentAt(alpha: number, model: Document, init: Document): Promise<Document> {
  const depth = (model.widths as number[]).length + 1;
  const document = {
    data: { kind: "sparse-signs", samples: 7, dimension: 5, seed: 3, testSamples: 5 },
    model,
    init: { shape: "he", ...init },
    record: { every: 5, quantities, arrays: [] },
  };
  const of = (alpha: number, stepSize: number): Document => ({
    ...document,
    init: { ...document.init, alpha },
    train: { stepSize, epochs: 20 },
  });
  const [one] = await loadRuns(readExperiment({ name: "one", ...of(1, 1) }, "test").runs, new Map());
  const eigenvalue = (await behaviourOf(one.run.model)).largestEigenvalue(
    one,
    loadDataset(one.run.data, new Map()),
  );
  const limit = (0.3 * 7) / (eigenvalue * alpha ** (2 * depth - 2));
  return of(alpha, Math.min(0.005 * alpha ** (2 - depth), limit));
}

/** What a line says before the training: why it is refused, or which quantities are rounded. */
async function told(document: Document): Promise<{ refused?: string; warnings: string }> {
  try {
    const experiment = readExperiment({ name: "test", ...document }, "test.json");
    return { warnings: (await checkExperiment(experiment, new Map())).join("\n") };
  } catch (error) {
    return { refused: (error as Error).message, warnings: "" };
  }
}

for (const widths of [[6], [5, 7, 6], [5, 6, 5, 7, 6]])
  test(`alpha from 1e-12 to 1e12, ${widths.length} hidden layers: each quantity within 1e-3 of float64, or refused`, async () => {
    let held = 0;
    for (const exponent of [-12, -9, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 9, 12]) {
      const document = await documentAt(10 ** exponent, { kind: "relu", widths }, {});
      const { refused, warnings } = await told(document);
      if (refused !== undefined) {
        expect(refused).toMatch(/^init\.alpha is \S+: at depth \d, .*, which float32 cannot hold; /);
        expect(Math.abs(exponent)).toBeGreaterThan(4);
        continue;
      }
      expect(warnings).toBe("");
      const { rows, experiment } = await trained(document);
      const expected = reluRows(experiment.runs[0], new Map());
      for (const name of quantities)
        expect(
          worstError(rows[0], expected, name, toLargest.includes(name)),
          `${name} at 1e${exponent}`,
        ).toBeLessThan(1e-3);
      held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(9);
  });

describe("distances to the linearized network, where the network hardly leaves it", () => {
  const lazy: [string, Document, Document][] = [
    ["unbiased", { unbiased: true }, {}],
    ["output scaling", {}, { scaling: "output" }],
    ["less the start", {}, { subtract: true }],
  ];
  for (const [title, model, init] of lazy)
    test(`${title}: within 1e-3 of float64, or a warning says how far off`, async () => {
      let warned = 0;
      for (const exponent of [-1, 0, 1, 2, 3, 4]) {
        const document = await documentAt(10 ** exponent, { kind: "relu", widths: [6], ...model }, init);
        const { warnings } = await told(document);
        const { rows, experiment } = await trained(document);
        const expected = reluRows(experiment.runs[0], new Map());
        for (const name of ["linear_distance", "function_distance"]) {
          const worst = worstError(rows[0], expected, name, toLargest.includes(name));
          const own = `${title}, ${name} at 1e${exponent}: off by ${worst}; ${warnings}`;
          if (!warnings.includes(name)) expect(worst, own).toBeLessThan(1e-3);
          else warned += 1;
          const share = Number(new RegExp(`${name} is right to (\\S+) %`).exec(warnings)?.[1] ?? NaN);
          // An order of magnitude, of what rounding makes of a difference.
          if (share) expect(worst, own).toBeLessThan((10 * share) / 100);
        }
      }
      expect(warned).toBeGreaterThan(0);
    });
});
