import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as v from "valibot";
import { inflateFiles } from "../../src/data/gzip.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { broughtFiles, dataKinds, dataShape } from "../../src/data/registry.ts";
import type { DataSpecification } from "../../src/document/types.ts";
import { lossOf } from "../../src/losses/registry.ts";
import { problem } from "./problem.ts";

const schema = v.variant(
  "kind",
  dataKinds.map(({ schema }) => schema) as [(typeof dataKinds)[number]["schema"]],
);
const specified = (value: object) => v.parse(schema, value) as DataSpecification;
const brought = await broughtFiles([specified({ kind: "digits", samples: 1 })]);
const load = (value: object, files = brought) => loadDataset(specified(value), files);
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("digits", () => {
  test("all images of every class come once, in the training set or the test set", () => {
    const { samples, testSamples, inputs, image, y, testY, X, testX, classes } = load({
      kind: "digits",
      samples: 200,
    });
    expect({ samples, testSamples, inputs, image, classes }).toEqual({
      samples: 200,
      testSamples: 1597,
      inputs: 64,
      image: { channels: 1, height: 8, width: 8 },
      classes: 10,
    });
    const counts = Array.from(
      { length: 10 },
      (_, digit) => [...y, ...testY].filter((target) => target === digit).length,
    );
    // UCI's own count of the test set.
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect(mean([...X, ...testX].map((value) => value ** 2))).toBeCloseTo(1, 12);
    const rows = new Set(
      Array.from({ length: 1797 }, (_, i) =>
        (i < 200 ? X.subarray(64 * i, 64 * i + 64) : testX.subarray(64 * (i - 200), 64 * (i - 199))).join(),
      ),
    );
    expect(rows.size).toBe(1797);
  });

  test("the first image of the file is a zero", () => {
    // Its pixels as UCI prints them.
    const zero = [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0];
    const { X, testX, y, testY } = load({ kind: "digits", samples: 1000 });
    const all = [...X, ...testX];
    const unit = Math.max(...all) / 16;
    const rows = Array.from({ length: 1797 }, (_, i) => all.slice(64 * i, 64 * i + 16));
    const found = rows.findIndex((row) => row.every((value, k) => Math.abs(value / unit - zero[k]) < 1e-9));
    expect([...y, ...testY][found]).toBe(0);
  });

  test("a larger training set keeps the earlier images, and two classes are signs", () => {
    const fewer = load({ kind: "digits", samples: 20, testSamples: 5, classes: [3, 8], seed: 4 });
    const more = load({ kind: "digits", samples: 30, testSamples: 0, classes: [3, 8], seed: 4 });
    expect(more.X.subarray(0, fewer.X.length)).toEqual(fewer.X);
    expect(more.X.subarray(fewer.X.length, fewer.X.length + fewer.testX.length)).toEqual(fewer.testX);
    expect(new Set(more.y)).toEqual(new Set([1, -1]));
    expect(fewer.classes).toBeUndefined();
  });

  test("more images than there are, and labels that are none, are refused", () => {
    const wrong = [
      [{ samples: 1798 }, "data.samples is 1798; the digits has 1797 images of data.classes"],
      [
        { samples: 1700, testSamples: 98 },
        "data.testSamples is 98; beside 1700 training images the classes have 97",
      ],
      [{ samples: 5, classes: [3, 12] }, "data.classes is [3,12]; labels are from 0 to 9, and 12 is none"],
    ] as const;
    for (const [fields, message] of wrong)
      expect(problem(() => load({ kind: "digits", ...fields }))).toBe(message);
  });
});

describe("patterns", () => {
  const clean = { kind: "patterns", samples: 300, testSamples: 40, size: 6, noise: 0, classes: 3, seed: 2 };

  test("every image has its class's signs at one place, and all places come", () => {
    const { X, y, testX, testY, inputs } = load(clean);
    const known = new Map<number, string>();
    const places = new Set<number>();
    const check = (X: Float64Array, y: Float64Array) =>
      y.forEach((label, i) => {
        const image = X.subarray(i * inputs, (i + 1) * inputs);
        const first = image.findIndex((value) => value !== 0);
        places.add(first);
        const signs = Array.from({ length: 9 }, (_, k) => image[first + 6 * Math.floor(k / 3) + (k % 3)]);
        expect(signs.every((sign) => Math.abs(sign) === 1)).toBe(true);
        expect(image.filter((value) => value !== 0)).toHaveLength(9);
        known.set(label, known.get(label) ?? signs.join());
        expect(signs.join()).toBe(known.get(label));
      });
    check(X, y);
    check(testX, testY);
    expect(known.size).toBe(3);
    expect(new Set(known.values()).size).toBe(3);
    expect(places.size).toBe(16);
  });

  test("noise adds to the image, and a larger set keeps the earlier images", () => {
    const noisy = load({ ...clean, noise: 0.5 });
    const { X } = load(clean);
    const noise = noisy.X.map((value, k) => value - X[k]);
    expect(mean(noise)).toBeCloseTo(0, 1);
    expect(Math.sqrt(mean(noise.map((value) => value ** 2)))).toBeCloseTo(0.5, 1);
    const fewer = load({ ...clean, noise: 0.5, samples: 7 });
    expect(noisy.X.subarray(0, fewer.X.length)).toEqual(fewer.X);
    expect(noisy.y.subarray(0, 7)).toEqual(fewer.y);
  });

  test("sizes are known before they are made, of two classes", () => {
    expect(dataShape(specified({ ...clean, classes: 2 }))).toEqual({
      samples: 300,
      inputs: 36,
      image: { channels: 1, height: 6, width: 6 },
      outputs: 1,
      testSamples: 40,
    });
  });
});

describe("CIFAR-10", () => {
  const record = (label: number, fill: number) => new Uint8Array(3073).fill(fill).fill(label, 0, 1);
  const batch = (...records: Uint8Array[]) => new Uint8Array(records.flatMap((one) => [...one]));
  const ten = batch(...Array.from({ length: 10 }, (_, label) => record(label, 10 * label)));
  const files = new Map<string, Uint8Array>([
    ["a.bin", ten],
    ["b.bin.gz", gzipSync(ten)],
    ["short.bin", ten.subarray(0, 30_000)],
    ["long.bin", batch(ten, Uint8Array.of(1, 2))],
    ["none.bin", new Uint8Array()],
    ["labels.bin", batch(record(3, 1), record(10, 1))],
  ]);

  test("batches are read one after the other, gzipped or not", async () => {
    const { samples, inputs, image, X, y, testSamples } = load(
      { kind: "cifar10", batches: ["a.bin", "b.bin.gz"], testBatches: ["a.bin"] },
      new Map(await inflateFiles(files)),
    );
    expect({ samples, inputs, image, testSamples }).toEqual({
      samples: 20,
      inputs: 3072,
      image: { channels: 3, height: 32, width: 32 },
      testSamples: 10,
    });
    // Every pixel of an image tells its label.
    const unit = Math.sqrt(mean(Array.from({ length: 10 }, (_, label) => (10 * label) ** 2)));
    y.forEach((label, i) => expect(X[i * 3072 + 5]).toBeCloseTo((10 * label) / unit, 12));
  });

  test("files of a wrong size or with labels out of range are refused by name", () => {
    const wrong = {
      "short.bin":
        "short.bin has 30000 bytes; a batch of CIFAR-10 has 3073 an image, so its last image is cut short by 730",
      "long.bin":
        "long.bin has 30732 bytes; a batch of CIFAR-10 has 3073 an image, so its last image is cut short by 3071",
      "none.bin": "none.bin has 0 bytes; a batch of CIFAR-10 has 3073 an image, one or more",
      "labels.bin": "labels.bin holds label 10 of image 1; those of CIFAR-10 are 0 to 9",
    };
    for (const [name, message] of Object.entries(wrong))
      expect(problem(() => load({ kind: "cifar10", batches: ["a.bin", name] }, files))).toBe(message);
  });
});

describe("inputs", () => {
  test("standardized images of a channel have mean 0 and deviation 1 on the training set", () => {
    const plain = load({ kind: "digits", samples: 50, testSamples: 3 });
    const { X, testX } = load({ kind: "digits", samples: 50, testSamples: 3, standardize: true });
    expect(mean(X)).toBeCloseTo(0, 12);
    expect(mean(X.map((value) => value ** 2))).toBeCloseTo(1, 12);
    const slope = (X[10] - X[20]) / (plain.X[10] - plain.X[20]);
    testX.forEach((value, k) => expect(value).toBeCloseTo(X[20] + slope * (plain.testX[k] - plain.X[20]), 9));
  });

  test("standardized columns have each their own, and one that never changes becomes 0", () => {
    const csv = new TextEncoder().encode("a,b,c,y\n1,7,100,1\n2,7,300,0\n3,7,200,1\n");
    const { X } = load({ kind: "file", train: "a.csv", standardize: true }, new Map([["a.csv", csv]]));
    const root = Math.sqrt(1.5);
    [-root, 0, -root, 0, 0, root, root, 0, 0].forEach((value, k) => expect(X[k]).toBeCloseTo(value, 12));
  });

  test("a constant is a last input of 1, which the sizes count", () => {
    const document = { kind: "teacher", samples: 3, dimension: 2, widths: [4], testSamples: 1 };
    const plain = load(document);
    const { X, testX, inputs, y } = load({ ...document, constant: true });
    expect(inputs).toBe(3);
    expect(dataShape(specified({ ...document, constant: true }))!.inputs).toBe(3);
    expect([...X]).toEqual([0, 1, 2].flatMap((i) => [plain.X[2 * i], plain.X[2 * i + 1], 1]));
    expect(testX[2]).toBe(1);
    expect(y).toEqual(plain.y);
  });

  test("teachers see inputs on the sphere, at the scale that is asked for", () => {
    const document = { kind: "teacher", samples: 40, dimension: 2, widths: [3], inputs: "sphere" };
    const { X, y } = load({ ...document, scale: 0.287 });
    for (let i = 0; i < 40; i++) expect(Math.hypot(X[2 * i], X[2 * i + 1])).toBeCloseTo(1, 14);
    expect(Math.sqrt(mean(y.map((target) => target ** 2)))).toBeCloseTo(0.287, 12);
    const plain = load(document);
    const factor = y[0] / plain.y[0];
    y.forEach((target, i) => expect(target).toBeCloseTo(factor * plain.y[i], 12));
    // One unit of unit length: f* is [cos]+ of the angle to it, or its negative.
    const one = load({ ...document, samples: 4000, widths: [1], scale: "unit", seed: 3 });
    const largest = Math.max(...one.y.map(Math.abs));
    expect(largest).toBeGreaterThan(0.999);
    expect(largest).toBeLessThan(1 + 1e-12);
    expect(problem(() => load({ ...document, widths: [3, 3], scale: "unit" }))).toMatch(/one hidden layer/);
  });
});

test("numbered classes are an output each for the squared loss, however few of them are drawn", () => {
  const dataset = load({ kind: "digits", samples: 3, testSamples: 4 });
  const { outputs, y, testY } = lossOf({ kind: "squared" }).encode!(dataset);
  expect(outputs).toBe(10);
  dataset.y.forEach((label, i) =>
    expect([...y.subarray(10 * i, 10 * i + 10)]).toEqual(
      Array.from({ length: 10 }, (_, k) => Number(k === label)),
    ),
  );
  expect(testY).toHaveLength(40);
  const regression = load({ kind: "teacher", samples: 3, dimension: 2, widths: [4] });
  expect(lossOf({ kind: "squared" }).encode!(regression)).toBe(regression);
});
