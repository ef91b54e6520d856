import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseExperiment } from "../../src/experiment/experiment.ts";

const folder = new URL("../../experiments/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const read = (file: string) =>
  parseExperiment(readFileSync(new URL(file, folder), "utf8"), `experiments/${file}`);

for (const file of files) {
  test(`experiments/${file} is valid, described, and named as its file`, () => {
    const { name, document } = read(file);
    expect(`${name}.json`).toBe(file);
    expect(document).toHaveProperty("description");
  });
}

test("the default experiment is the thesis's: N = 10, n = 20, 10^4 epochs, and scales far enough for the laws at large alpha", () => {
  const { runs } = read("alpha-sweep.json");
  const alphas = runs.map(({ swept }) => Number(swept["init.alpha"]));
  // The thesis's five are among them.
  expect(alphas).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]);
  expect(runs[0]).toMatchObject({
    data: { kind: "file", inputs: "data/seed500-inputs.npy" },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 1e-3, epochs: 10000, batchSize: "full" },
    record: { arrays: ["ntk"] },
  });
  // The stability limit falls like alpha^-2 at depth 2; at alpha = 5 and 1e-3 it would be near, and prefactors with it.
  runs.forEach(({ train }, k) =>
    expect(train).toMatchObject({
      stepSize: expect.closeTo(1e-3 / Math.max(1, alphas[k]) ** 2, 12) as number,
    }),
  );
});
