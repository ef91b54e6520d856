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

test("the default experiment is the thesis's: N = 10, n = 20, 10^4 epochs, five scales", () => {
  const { runs } = read("alpha-sweep.json");
  expect(runs.map(({ swept }) => swept["init.alpha"])).toEqual([0.05, 0.1, 0.5, 1, 5]);
  expect(runs[0]).toMatchObject({
    data: { kind: "file", inputs: "data/seed500-inputs.npy" },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 1e-3, epochs: 10000, batchSize: "full" },
    record: { arrays: ["ntk"] },
  });
});
