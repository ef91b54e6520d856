/** Documents for the user's own MNIST and CIFAR-10: read, and planned at the papers' sizes. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Json, NetworkModel } from "../../src/document/types.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { parametersOf, productsOf } from "../../src/layers/network.ts";
import { layersOf } from "../../src/models/network-layers.ts";

const experimentOf = (name: string) => {
  const file = new URL(`../../examples/images/${name}.json`, import.meta.url);
  return readExperiment(JSON.parse(readFileSync(file, "utf8")) as Record<string, Json>, `${name}.json`);
};

test.each([
  ["mnist-scale", 14, { inputs: 784, outputs: 10 }, 3_970_000, 3_970_000],
  [
    "cifar10-vgg11",
    4,
    { inputs: 3072, outputs: 10, image: { channels: 3, height: 32, width: 32 } },
    9_222_848,
    152_769_536,
  ],
])("%s: so many runs, weights and multiplications an image", (name, runs, sides, weights, products) => {
  const experiment = experimentOf(name);
  expect(experiment.runs).toHaveLength(runs);
  const layers = layersOf(experiment.runs[0].model as NetworkModel, sides);
  expect(parametersOf(layers)).toBe(weights);
  expect(productsOf(layers)).toBe(products);
});
