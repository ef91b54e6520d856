/** What is said of commands in the documentation, for those that do not simply run to their end in seconds. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { blocksOf, root } from "../structure/pages.ts";

export interface Typing {
  /** Typed every day; what is not is typed with `COMMANDS=all`. */
  isQuick?: true;
  /** It serves or watches until Ctrl-C: what it prints once it does. */
  until?: RegExp;
  /** What it exits with, where that is not 0. */
  code?: number;
  /** A program, or an adapter, that not every machine has: where it is missing nothing is typed. */
  needs?: string;
  /** What is typed in its place, and why. */
  instead?: [command: string, why: string];
  /** Why nothing is typed. */
  omitted?: string;
}

const address = /http:\/\/127\.0\.0\.1:\d+/;
const suite = "the suite itself, which .ci/run runs from a clean checkout";
const peers = "a quarter of an hour and more";
const wholeBench = "README's line measures every workload";
const oneWorkload = "--workload diagonal-10x20 --runs 64";
const graphicsServer = "a server with an NVIDIA GPU";
const kubernetes = "a Kubernetes cluster";
const thisOne: Typing = { isQuick: true };

/** Those of a page, by what is written there. */
export const typings: Record<string, Record<string, Typing>> = {
  "README.md": {
    "npm ci && npm test": { instead: ["npm ci && npm test -- --project node test/theory", suite] },
    "npm start": { until: address },
    "npx alphasweep run my-experiment.json --out results/mine --csv": thisOne,
    "npx alphasweep new": thisOne,
    "npx alphasweep view results/mine": { isQuick: true, until: address },
    "npx alphasweep completion bash": thisOne,
    "npx alphasweep bench --peers": { instead: [`npx alphasweep bench --peers ${oneWorkload}`, peers] },
    "apt-get install mesa-vulkan-drivers": { omitted: "it changes the system, as root" },
    "npm install alphasweep webgpu": {
      omitted: "nothing is published yet; test/cli/pack.test.ts and library.test.ts install what npm packs",
    },
  },
  "CONTRIBUTING.md": {
    "npm test": { instead: ["npm test -- --project node test/theory", suite] },
    "npm run test:lavapipe -- test/kernels/gram": { needs: "lavapipe" },
    "npm run test:watch -- --project node test/document": { until: /Waiting for file changes/ },
    "npm run preview -- loss experiments/results/figure-2": { until: address },
    "npm run preview": { until: address },
    "npm start": { until: address },
    "KILLS=20 npx vitest run --project node test/cli/resume.test.ts": {
      instead: ["npx vitest run --project node test/cli/resume.test.ts", "half an hour"],
    },
    "node test/soak.js --minutes 30 --seed 1": {
      instead: ["node test/soak.js --minutes 1 --seed 1", "half an hour"],
    },
  },
  "bench/README.md": {
    "npm run bench": { instead: [`npm run bench -- ${oneWorkload}`, wholeBench] },
    "npx alphasweep bench --peers --json peers.json": {
      instead: [`npx alphasweep bench --peers --json peers.json ${oneWorkload}`, peers],
    },
    "npx alphasweep bench --all": {
      instead: [`npx alphasweep bench --all ${oneWorkload}`, "half an hour and more"],
    },
    "npx alphasweep bench --tuning off": {
      instead: [`npx alphasweep bench --tuning off ${oneWorkload}`, wholeBench],
    },
    "npm start": { until: address },
    'pip install "jax[cuda12]"': { omitted: graphicsServer },
    "python3 bench/jax_reference.py --json jax.json": { omitted: graphicsServer },
    "npx alphasweep bench --runtime node --json alphasweep.json": {
      instead: [`npx alphasweep bench --runtime node --json alphasweep.json ${oneWorkload}`, wholeBench],
    },
  },
  "docs/cluster.md": {
    "alphasweep run mine.json --out results/mine --shard 3/16": thisOne,
    "alphasweep status results/mine": thisOne,
    // The other fifteen are missing.
    "alphasweep merge results/mine --clean": { isQuick: true, code: 2 },
    "parallel -j 4 'alphasweep run mine.json --out results/mine --shard {}/16 --resume' ::: $(seq 16)": {
      needs: "parallel",
    },
    "alphasweep merge results/mine": { needs: "parallel" },
    "docker run --gpus device=2 ...": { omitted: "a part of a command" },
    "bwrap --dev-bind / / --bind /dev/null /dev/nvidia0 ...": { omitted: "a part of a command" },
    "alphasweep submit mine.json --tasks 16 -- --gres=gpu:1 --time=4:00:00 --partition=gpu": {
      isQuick: true,
      instead: [
        "alphasweep submit mine.json --out results/queued --tasks 16 --print -- --gres=gpu:1 --time=4:00:00 --partition=gpu",
        "a Slurm cluster: test/cluster/slurm.test.ts has one with SLURM=1",
      ],
    },
    "alphasweep submit mine.json --tasks 16 --image registry.example/alphasweep:1 --claim sweeps --print kubernetes | kubectl apply -f -":
      {
        isQuick: true,
        instead: [
          "alphasweep submit mine.json --out results/queued --tasks 16 --image registry.example/alphasweep:1 --claim sweeps --print kubernetes",
          kubernetes,
        ],
      },
    "kubectl wait --for=condition=complete --timeout=-1s job/alphasweep-mine": { omitted: kubernetes },
    [`kubectl patch job alphasweep-mine-merge -p '{"spec":{"suspend":false}}'`]: { omitted: kubernetes },
    "alphasweep doctor mine.json": {},
  },
  "docs/comparison.md": {
    "npm run bench -- --peers": { instead: [`npm run bench -- --peers ${oneWorkload}`, peers] },
  },
  "docs/images.md": {
    "alphasweep run mnist-scale.json": {
      instead: [
        "alphasweep run mnist-scale.json --set train.epochs=2 --set model.widths=[50]",
        "hours without a GPU",
      ],
    },
    "alphasweep run cifar10-vgg11.json --set data.samples=500": {
      instead: [
        "alphasweep run cifar10-vgg11.json --set data.samples=10 --set data.testSamples=10 --set train.epochs=1 --set train.batchSize=10",
        "hours without a GPU",
      ],
    },
  },
  "docs/one-hidden-layer.md": {
    "alphasweep run NAME": { omitted: "a name is to be put in" },
    "alphasweep reproduce ID": { omitted: "a name is to be put in" },
    "alphasweep reproduce chizat-figure-1 chizat-figure-1c chizat-figure-2a chizat-bach-width williams-splines jacot-components barron":
      {
        instead: [
          "alphasweep reproduce chizat-figure-1 chizat-figure-1c chizat-figure-2a chizat-bach-width williams-splines jacot-components barron --size small",
          "hours without a GPU",
        ],
      },
  },
  "docs/phase-diagrams.md": {
    "alphasweep run NAME": { omitted: "a name is to be put in" },
    "alphasweep reproduce ID": { omitted: "a name is to be put in" },
  },
  "docs/reliability.md": {
    "alphasweep run mine.json --out results/mine --resume": {},
    "KILLS=20 npx vitest run --project node test/cli/resume.test.ts": {
      omitted: "CONTRIBUTING's line is the same",
    },
    "node bench/checkpoint-cost.js --pairs 10 --seconds 20": {
      instead: ["node bench/checkpoint-cost.js --pairs 1 --seconds 4", "a quarter of an hour"],
    },
    "node test/soak.js --minutes 30 --seed 1": { omitted: "CONTRIBUTING's line is the same" },
    "npm test": { omitted: "CONTRIBUTING's line is the same" },
  },
  "docs/tutorial.md": {
    // Alone it prints its help, as what was typed too short.
    "npx alphasweep": { code: 2 },
    "npx alphasweep doctor mine.json": thisOne,
    "npx alphasweep view results/mine": { until: address },
    "npx alphasweep view results/depths": { until: address },
    "npx alphasweep new --data houses.csv --target price": thisOne,
  },
};

/** A sweep of some runs that are over at once. */
const mine = JSON.stringify({
  data: { kind: "linear-uniform", samples: 5, dimension: 8 },
  model: { kind: "diagonal" },
  train: { stepSize: 1e-3, epochs: 50 },
  record: { every: 10, quantities: ["loss", "ntk_drift"], arrays: [] },
  sweep: [{ path: "init.alpha", logspace: [-1, 1, 32] }],
});

/** Forty houses, whose price is nearly a sum. */
const houses = `rooms,area,age,price
${Array.from({ length: 40 }, (_, house) => {
  const [rooms, area, age] = [1 + (house % 6), 40 + ((house * 37) % 90), (house * 13) % 70];
  return [rooms, area, age, 20 * rooms + 3 * area - age + ((house * 7) % 5)].join();
}).join("\n")}
`;

/** A gzipped IDX file of bytes of this shape: images, or labels below 10. */
function idx(shape: number[], largest: number): Buffer {
  const bytes = Buffer.alloc(shape.reduce((product, size) => product * size, 1));
  for (let place = 0; place < bytes.length; place++) bytes[place] = (place * 7919) % (largest + 1);
  return gzipSync(
    Buffer.concat([
      Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, size >> 8, size & 255])]),
      bytes,
    ]),
  );
}

/** Images of CIFAR-10's binary version: a label and 3072 bytes each. */
const cifar = (count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count * 3073 }, (_, place) =>
      place % 3073 === 0 ? (place / 3073) % 10 : place % 251,
    ),
  );

/** What readers of a page have of their own before its first command. */
export const ownFiles = (page: string): Record<string, string | Buffer> => {
  if (page === "README.md") return { "my-experiment.json": mine };
  if (page === "docs/cluster.md" || page === "docs/reliability.md") return { "mine.json": mine };
  if (page === "docs/tutorial.md") {
    // "Save the following as mine.json".
    const document = blocksOf(page).find(({ language }) => language === "json")!.text;
    return { "mine.json": document, "houses.csv": houses };
  }
  if (page === "docs/images.md")
    // "Copy one beside the data's files".
    return {
      ...Object.fromEntries(
        ["mnist-scale.json", "cifar10-vgg11.json"].map((name) => [
          name,
          readFileSync(join(root, "examples/images", name)),
        ]),
      ),
      "train-images-idx3-ubyte.gz": idx([300, 28, 28], 255),
      "train-labels-idx1-ubyte.gz": idx([300], 9),
      "t10k-images-idx3-ubyte.gz": idx([100, 28, 28], 255),
      "t10k-labels-idx1-ubyte.gz": idx([100], 9),
      ...Object.fromEntries([1, 2, 3, 4, 5].map((part) => [`data_batch_${part}.bin`, cifar(10)])),
      "test_batch.bin": cifar(10),
    };
  return {};
};
