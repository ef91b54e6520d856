/** The user's own images, by the command: MNIST's files and CIFAR-10's, as they should be, and as they should not. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readResults } from "../../src/results/read.ts";
import { idxFile } from "../data/bytes.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

const SIDE = 28;
const CLASSES = 3;

const labels = (images: number) => Array.from({ length: images }, (_, j) => j % CLASSES);
/** An image of class c has its c-th third of rows bright, on pixels without a pattern. */
const pixels = (images: number, seed: number) =>
  labels(images).flatMap((label, j) =>
    Array.from({ length: SIDE * SIDE }, (_, k) => {
      const scattered = Math.abs(Math.sin(12.9898 * (k + 1) + 78.233 * (j + 1) + seed));
      return Math.floor(100 * scattered) + (Math.floor(k / SIDE / 10) === label ? 100 : 0);
    }),
  );

/** A folder with MNIST's four files, two of them gzipped, and a document that names them. */
function mnistFolder(changes: Record<string, unknown> = {}): string {
  const cwd = temporaryFolder();
  const [train, test] = [30, 12];
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(cwd, name), bytes);
  write("train-images-idx3-ubyte.gz", gzipSync(idxFile([train, SIDE, SIDE], pixels(train, 1))));
  write("train-labels-idx1-ubyte.gz", gzipSync(idxFile([train], labels(train))));
  write("t10k-images-idx3-ubyte", idxFile([test, SIDE, SIDE], pixels(test, 2)));
  write("t10k-labels-idx1-ubyte", idxFile([test], labels(test)));
  const document = {
    name: "mnist",
    data: {
      kind: "idx",
      images: "train-images-idx3-ubyte.gz",
      labels: "train-labels-idx1-ubyte.gz",
      testImages: "t10k-images-idx3-ubyte",
      testLabels: "t10k-labels-idx1-ubyte",
      classes: [0, 1, 2],
    },
    model: {
      kind: "relu",
      layers: [
        { conv: 3, size: 5, stride: 2 },
        { pool: "max", size: 2 },
      ],
    },
    loss: { kind: "cross-entropy" },
    init: { shape: "he" },
    train: { stepSize: 0.05, epochs: 40 },
    record: {
      every: 10,
      quantities: ["loss", "train_accuracy", "test_accuracy", "activation_stability"],
      arrays: ["first_layer"],
    },
    sweep: [{ path: "init.alpha", values: [0.5, 1] }],
    ...changes,
  };
  writeFileSync(join(cwd, "mnist.json"), JSON.stringify(document));
  return cwd;
}

test("a folder with MNIST's files trains, and its figures are drawn", async () => {
  const cwd = mnistFolder();
  const { code, errors } = await alphasweep(["run", "mnist.json", "--adapter", "software"], { cwd });
  expect(code, errors).toBe(0);
  const folder = join(cwd, "results", "mnist");
  const { runs, history, arrays } = await readResults(folder);
  expect(runs.columns.status).toEqual(["finished", "finished"]);
  const last = (name: string) => history.columns[name][4] as number;
  expect(last("loss")).toBeLessThan(history.columns.loss[0] as number);
  // Thirds of bright rows are told apart.
  expect(last("train_accuracy")).toBeGreaterThan(0.9);
  expect(last("test_accuracy")).toBeGreaterThan(0.9);
  expect(arrays.first_layer!.shape.slice(-2)).toEqual([3, 25]);
  for (const figure of ["loss", "test-accuracy", "first-layer-filters"])
    expect(existsSync(join(folder, "figures", `${figure}.png`)), figure).toBe(true);
  expect(readFileSync(join(folder, "index.html"), "utf8")).toContain("<title>mnist</title>");
});

test("so it searches for how many images a loss takes", async () => {
  const cwd = mnistFolder({
    record: { every: 10, quantities: ["loss", "test_loss"] },
    sweep: [{ path: "init.alpha", values: [1] }],
    search: { path: "data.samples", between: [3, 30], quantity: "test_loss", atMost: 0.6, ratio: 1.5 },
  });
  const { code, errors } = await alphasweep(["run", "mnist.json", "--adapter", "software"], { cwd });
  expect(code, errors).toBe(0);
  expect(errors.match(/^probing .*$/gm)!.length).toBeGreaterThan(1);
});

const replaced = (file: string, bytes: Uint8Array) => (cwd: string) => writeFileSync(join(cwd, file), bytes);
const wrong: [string, (cwd: string) => void, RegExp][] = [
  [
    "a wrong magic number",
    replaced("t10k-images-idx3-ubyte", Uint8Array.of(0, 1, 8, 3, 0, 0)),
    /^mnist\.json: t10k-images-idx3-ubyte is not an IDX file: it starts with 00 01 08 03, not 00 00 08 03$/,
  ],
  [
    "a class that no label names",
    replaced("t10k-labels-idx1-ubyte", idxFile([12], Array(12).fill(7))),
    /^mnist\.json: t10k-labels-idx1-ubyte .*\b0\b/,
  ],
  [
    "fewer labels than images",
    replaced("t10k-labels-idx1-ubyte", idxFile([11], labels(11))),
    /^mnist\.json: t10k-labels-idx1-ubyte holds 11 labels; t10k-images-idx3-ubyte has 12 images$/,
  ],
  [
    "test images of another size",
    replaced("t10k-images-idx3-ubyte", idxFile([12, 14, 14], new Uint8Array(12 * 14 * 14))),
    /^mnist\.json: t10k-images-idx3-ubyte has images of 14 x 14 pixels; those of train-images-idx3-ubyte.gz have 28 x 28$/,
  ],
  [
    "images that are cut short",
    replaced("t10k-images-idx3-ubyte", idxFile([12, SIDE, SIDE], new Uint8Array(1000))),
    /^mnist\.json: t10k-images-idx3-ubyte is cut short: /,
  ],
];

for (const [what, spoil, line] of wrong)
  test(`${what} is told in one line, and the command exits with 2`, async () => {
    const cwd = mnistFolder();
    spoil(cwd);
    const { code, output, errors } = await alphasweep(["run", "mnist.json", "--adapter", "software"], {
      cwd,
    });
    expect(errors.trim().split("\n").at(-1)).toMatch(line);
    expect([code, output, errors.trim().split("\n").length]).toEqual([2, "", 1]);
    expect(existsSync(join(cwd, "results"))).toBe(false);
  });

const RECORD = 1 + 3 * 32 * 32;
for (const [what, bytes, line] of [
  ["a file of CIFAR-10 that is cut short", new Uint8Array(2 * RECORD - 5), / cut short by 5$/],
  [
    "a label out of CIFAR-10's range",
    new Uint8Array(2 * RECORD).fill(10, RECORD, RECORD + 1),
    / holds label 10 of image 1; those of CIFAR-10 are 0 to 9$/,
  ],
] as const)
  test(`${what} is told in one line, and the command exits with 2`, async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "data_batch_1.bin"), bytes);
    const document = {
      name: "cifar",
      data: { kind: "cifar10", batches: ["data_batch_1.bin"], classes: [0, 1] },
      model: { kind: "relu", layers: [{ conv: 2, size: 3 }] },
      init: { shape: "he" },
      train: { stepSize: 0.01, epochs: 1 },
      record: { every: 1, quantities: ["loss"] },
    };
    writeFileSync(join(cwd, "cifar.json"), JSON.stringify(document));
    const { code, output, errors } = await alphasweep(["run", "cifar.json", "--adapter", "software"], {
      cwd,
    });
    expect(errors.trim()).toMatch(/^cifar\.json: data_batch_1\.bin .*$/);
    expect(errors.trim()).toMatch(line);
    expect([code, output]).toEqual([2, ""]);
  });
