import { describe, expect, test } from "vitest";
import type { Json } from "../../src/document/types.ts";
import { checkExperiment } from "../../src/engine.ts";
import { readExperiment } from "../../src/experiment/experiment.ts";
import { layersOf } from "../../src/models/network-layers.ts";
import { reluJacobian } from "../../src/models/relu.reference.ts";
import { makeDataset } from "../../src/data/make-dataset.ts";
import { generatorsOf } from "../../src/data/registry.ts";
import type { NetworkModel } from "../../src/document/types.ts";
import { npyFile } from "../engine/experiment.ts";

const file = "w0.npy";

/** Weights of layers of so many, of 1, 2, ... or, where they are said to be, of 0. */
const weightsOf = (counts: readonly number[], zero: readonly number[]) =>
  Float64Array.from(
    counts.flatMap((count, l) =>
      Array.from({ length: count }, (_, k) => (zero.includes(l) ? 0 : 0.5 + ((3 * k + l) % 7) / 7)),
    ),
  );

const opened = (part: Record<string, Json>) =>
  readExperiment(
    {
      data: { kind: "linear-uniform", samples: 5, dimension: 3 },
      init: { shape: { file } },
      train: { stepSize: 1e-4, epochs: 1 },
      record: { quantities: ["loss"], arrays: [] },
      ...part,
    },
    "test",
  );

const told = (zero: string) =>
  `w0.npy holds zeros alone for ${zero}: the other weights have no gradient until these have moved, and the tangent kernel at w(0) is that of these alone`;
const refused = (zero: string) =>
  `w0.npy holds zeros alone for ${zero}: so every gradient is 0, and nothing trains`;

const images = { kind: "patterns", samples: 5, size: 4, noise: 0.5 };
const layers = [{ conv: 2, size: 3 }, { pool: "max", size: 2 }, { dense: 3 }];

/** What is said of networks whose layers have so many weights, of which some are zero; nothing where nothing is. */
const networks: [Record<string, Json>, readonly number[], readonly number[], string?][] = [
  [{ model: { kind: "relu", widths: [4, 2] } }, [12, 8, 2], []],
  [{ model: { kind: "relu", widths: [4, 2] } }, [12, 8, 2], [2], told("the output layer")],
  [{ model: { kind: "relu", widths: [4, 2] } }, [12, 8, 2], [1], refused("model.widths[1]")],
  [{ model: { kind: "relu", widths: [4, 2], unbiased: true } }, [12, 8, 2], [0], refused("model.widths[0]")],
  [{ model: { kind: "linear", widths: [4, 2] } }, [12, 8, 2], [0], told("model.widths[0]")],
  [
    { model: { kind: "linear", widths: [4, 2] } },
    [12, 8, 2],
    [0, 2],
    refused("model.widths[0] and the output layer"),
  ],
  [{ data: images, model: { kind: "relu", layers } }, [18, 6, 3], [3 - 1], told("the output layer")],
  [{ data: images, model: { kind: "relu", layers } }, [18, 6, 3], [1], refused("model.layers[2]")],
];

describe("a file of weights whose layers start at zero", () => {
  const last = { stepSize: 1e-4, epochs: 1, layers: "last" };
  const ofLast: typeof networks = [
    [{ model: { kind: "relu", widths: [4] }, train: last }, [12, 4], [1]],
    [{ model: { kind: "linear", widths: [4] }, train: last }, [12, 4], [0], refused("model.widths[0]")],
  ];
  for (const [part, counts, zero, message] of [...networks, ...ofLast])
    test(`${JSON.stringify(part)}, ${JSON.stringify(zero)}: ${message ?? "nothing is said"}`, async () => {
      const experiment = opened(part);
      const weights = weightsOf(counts, zero);
      const files = new Map([[file, npyFile(weights)]]);
      const said = await checkExperiment(experiment, files).catch((error: Error) => [error.message]);
      expect(said).toEqual(message === undefined ? [] : [message]);
      // Which layers have a gradient.
      const [run] = experiment.runs;
      const dataset = makeDataset((await generatorsOf([run.data])).get(run.data.kind)!, run.data, files);
      const { unbiased } = run.model as NetworkModel;
      const J = reluJacobian(
        run,
        Float64Array.from(unbiased ? [...weights, ...weights] : weights),
        dataset.X,
        dataset,
      );
      const moves = layersOf(run.model as NetworkModel, dataset)
        .filter(({ fan_out }) => fan_out > 0)
        .map(({ sizes: { offset, fan_in, fan_out } }) =>
          J.some((row) => row.subarray(offset, offset + fan_in * fan_out).some((value) => value !== 0)),
        );
      const isSlow = message?.includes("until");
      const isStill = message?.includes("nothing trains");
      const trained = counts.map((_, l) => run.train.layers !== "last" || l === counts.length - 1);
      expect(moves).toEqual(trained.map((trains, l) => trains && !isStill && (!isSlow || zero.includes(l))));
    });
});

test("a factor that starts at zero is named", async () => {
  const say = async (zero: readonly number[]) => {
    const experiment = opened({
      data: { kind: "matrix-completion", rows: 4, columns: 3, rank: 1, observed: 6 },
      model: { kind: "matrix", factors: 3, widths: [2, 2] },
    });
    const files = new Map([[file, npyFile(weightsOf([6, 4, 8], zero))]]);
    return checkExperiment(experiment, files).catch((error: Error) => [error.message]);
  };
  expect(await say([])).toEqual([]);
  expect(await say([1])).toEqual([told("W_2")]);
  expect(await say([0, 2])).toEqual([refused("W_1 and W_3")]);
});
