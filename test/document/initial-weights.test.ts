import { expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { parseExperiment } from "../../src/experiment/experiment.ts";
import { loadRuns } from "../../src/scheduler/load.ts";

const layers = [{ conv: 40, size: 3, padding: 1 }, { pool: "max", size: 2 }, { dense: 50 }] as const;
/** Fan-ins and fan-outs of the network's three layers of weights, on images of 6 x 6. */
const fans = [
  [9, 360],
  [360, 50],
  [50, 1],
];

/** Weights by layer. */
async function weightsOf(init: Json): Promise<Float64Array[]> {
  const { runs } = parseExperiment(
    JSON.stringify({
      data: { kind: "patterns", samples: 4, size: 6, noise: 0.5 },
      model: { kind: "relu", layers },
      init,
      train: { stepSize: 0.1, epochs: 1 },
    }),
    "mine.json",
  );
  const [{ w0 }] = await loadRuns(runs, new Map());
  const counts = [360, 18_000, 50];
  let first = 0;
  return counts.map((count) => w0.subarray(first, (first += count)));
}

const deviation = (values: Float64Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
/** Five standard errors of a Gaussian deviation; uniform ones vary less. */
const tolerance = (values: Float64Array) => 5 / Math.sqrt(2 * values.length);

test("fan-in-uniform weights are uniform within 1 / sqrt(fan-in)", async () => {
  (await weightsOf({ shape: "fan-in-uniform" })).forEach((values, l) => {
    const largest = 1 / Math.sqrt(fans[l][0]);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(largest);
    expect(Math.max(...values)).toBeGreaterThan(0.8 * largest);
    expect(Math.min(...values)).toBeLessThan(-0.8 * largest);
    const ratio = deviation(values) / (largest / Math.sqrt(3));
    expect(Math.abs(ratio - 1)).toBeLessThan(tolerance(values));
  });
});

test("xavier weights have variance 2 / (fan-in + fan-out), windows of convolutions in both", async () => {
  (await weightsOf({ shape: "xavier" })).forEach((values, l) => {
    const ratio = deviation(values) / Math.sqrt(2 / (fans[l][0] + fans[l][1]));
    expect(Math.abs(ratio - 1)).toBeLessThan(tolerance(values));
  });
});

test("layer scales multiply the weights of each layer, of whatever shape", async () => {
  for (const shape of ["he", "fan-in-uniform", "xavier", { std: 0.3 }] as Json[]) {
    const plain = await weightsOf({ shape });
    const scaled = await weightsOf({ shape, layerScales: [2, 0.25, 8] });
    [2, 0.25, 8].forEach((scale, l) => expect(scaled[l]).toEqual(plain[l].map((value) => scale * value)));
  }
  await expect(weightsOf({ shape: "he", layerScales: [1, 2] })).rejects.toThrow(
    "init.layerScales is [1,2]; the network has 3 layers, so 3 numbers",
  );
});
