/** What the gallery's pictures are trained at, where that is not what the everyday tests train. */

import type { Changes } from "../../../experiments/reproduction.ts";
import type { Json } from "../../document/types.ts";

const seeds = (count: number): Json => Array.from({ length: count }, (_, k) => [k + 1, k + 1]);

/** As it is: it takes less than 90 s on two cores without a GPU. */
const whole: Changes = {};

/** Units and step sizes of networks on the ball. */
const barron: Changes = {
  "data.samples": 300,
  "data.testSamples": 500,
  "sweep[0].values": [
    [9, 0.2],
    [33, 0.1],
    [129, 0.03],
  ],
  "sweep[1].values": seeds(1),
};

/** By the names of the built-in experiments. */
export const thumbnailSizes: Readonly<Record<string, Changes>> = {
  "arora-figure-2-small": whole,
  "arora-figure-3": whole,
  catapult: whole,
  "chizat-bach-width": whole,
  "chizat-figure-1": whole,
  "figure-6-datasets": whole,
  "large-steps": {
    "train.epochs": 20_000,
    "record.every": 20_000,
    "sweep[0].values": [
      [1, 0.0191753],
      [1, 0.0958764],
      [1, 0.186],
      [1, 0.201341],
      [1, 0.210928],
      [1, 0.230103],
      [2, 0.0240886],
      [2, 0.120443],
      [2, 0.23366],
      [2, 0.252931],
      [2, 0.264975],
      [2, 0.289064],
    ],
  },
  "margin-map": { "sweep[0].logspace": [-2, 1.2, 16], "sweep[1].logspace": [-12, -0.5, 16] },
  "matrix-commuting": whole,
  "matrix-unbounded": whole,
  "matrix-unstable": whole,
  "matrix-wide": whole,
  "lasso-path": whole,
  saddles: whole,
  "williams-splines": whole,
  "barron-cosines": barron,
  "barron-gaussian": barron,
  "chizat-bach-width-full": {
    "data.samples": 400,
    "data.dimension": 30,
    "data.testSamples": 500,
    "train.epochs": 2000,
    "sweep[0].values": [
      [5, 0.447214],
      [10, 0.316228],
      [20, 0.223607],
      [50, 0.141421],
    ],
    "sweep[1].values": seeds(1),
  },
  "chizat-figure-1c": {
    "data.dimension": 20,
    "data.samples": 100,
    "data.testSamples": 200,
    "model.widths": [10],
    "train.epochs": 2000,
    "sweep[1].values": seeds(2),
  },
  "chizat-figure-2a": {
    "data.samples": 150,
    "data.testSamples": 300,
    "train.epochs": 1000,
    "sweep[1].values": seeds(1),
  },
  "decay-clock": {
    "sweep[0].logspace": [0, 1, 12],
    "sweep[1].linspace": [20, 320, 14],
    "sweep[2].range": [1, 2, 1],
  },
  "jacot-components": {
    "data.samples": 64,
    "sweep[0].values": [
      [100, 0.111803, 0.007],
      [300, 0.0849522, 0.00404145],
      [1000, 0.0628717, 0.00221359],
    ],
    "sweep[1].values": [1],
  },
  "label-noise": {
    "train.epochs": 26_000,
    "sweep[0].values": [
      [0, 1],
      [4000, 1],
      [8000, 1],
      [12_000, 1],
      [16_000, 1],
      [20_000, 1],
    ],
  },
  "label-noise-squares": { "train.epochs": 26_000, "train.noiseEpochs": 22_000 },
  "map-depth": { "sweep[1].logspace": [-0.7, 0.8, 16], "sweep[2].range": [1, 3, 1] },
  "map-matrix": { "sweep[2].range": [1, 4, 1] },
  "map-noise": {
    "sweep[0].linspace": [0.25, 8, 12],
    "sweep[1].logspace": [-2, 0, 12],
  },
  "map-relu-samples": {
    "sweep[1].logspace": [-1.5, 1, 11],
    "sweep[2].values": [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  },
  "map-samples": {
    "train.stopLoss": 1e-4,
    "sweep[0].range": [4, 40, 4],
    "sweep[1].logspace": [-3, 1, 9],
    "sweep[2].range": [1, 2, 1],
  },
  "map-width": {
    "train.stopLoss": 0.001,
    "sweep[0].values": [4, 8, 16, 32],
    "sweep[1].logspace": [-1, 1, 9],
    "sweep[2].range": [1, 2, 1],
  },
  "step-plane": {
    "train.epochs": 4000,
    "sweep[0].logspace": [-2, 1, 14],
    "sweep[1].logspace": [-4, -0.5, 14],
  },
  "step-plane-depth-3": {
    "train.epochs": 4000,
    "sweep[0].logspace": [-1.3, 0.7, 14],
    "sweep[1].logspace": [-5, -0.8, 14],
  },
  "step-plane-depth-4": {
    "train.epochs": 4000,
    "sweep[0].logspace": [-0.8, 0.5, 14],
    "sweep[1].logspace": [-5.5, -1, 14],
  },
  "williams-kernel-limits": { "model.widths": [500], "train.epochs": 10_000, "record.every": 1000 },
  "woodworth-figure-5": { "sweep[2].values": seeds(4) },
  "woodworth-figure-6": { "train.epochs": 10_000, "sweep[1].values": seeds(1) },
};
