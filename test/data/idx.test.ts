import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readIdx } from "../../src/data/idx-file.ts";
import { idx } from "../../src/data/idx.ts";
import { loadDataset } from "../../src/data/datasets.ts";
import { dataShape, hasTruePredictor, lacksTestSet, referencedFiles } from "../../src/data/registry.ts";
import { randomOrder, stream } from "../../src/data/stream.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { IdxData } from "../../src/document/types.ts";
import { idxFile, joined } from "./bytes.ts";
import { problem } from "./problem.ts";

const labels = [3, 8, 1, 3, 8, 8, 0, 3];
/** Image i is [i, 10 + i, 0, ...]: its first pixel tells which it is. */
const pixels = (images: number, inputs: number): number[] =>
  Array.from({ length: images }, (_, i) =>
    Array.from({ length: inputs }, (_, k) => (k === 0 ? i : k === 1 ? 10 + i : 0)),
  ).flat();

const files = new Map<string, Uint8Array>(
  Object.entries({
    images: idxFile([8, 2, 3], pixels(8, 6)),
    labels: idxFile([8], labels),
    testImages: idxFile([3, 2, 3], pixels(3, 6)),
    testLabels: idxFile([3], [8, 3, 0]),
    // A view into a larger buffer, as Node's small files are.
    offset: joined(Uint8Array.of(9, 9, 9), idxFile([8, 2, 3], pixels(8, 6))).subarray(3),
    strayLabels: idxFile(
      [8],
      labels.map((label) => (label === 8 ? 255 : label)),
    ),
    turned: idxFile([3, 3, 2], pixels(3, 6)),
    fewer: idxFile([7], labels.slice(1)),
    black: idxFile([8, 1, 1], new Uint8Array(8)),
    noImages: idxFile([0, 28, 28], []),
    noPixels: idxFile([8, 28, 0], []),
    floats: idxFile([8], new Uint8Array(32), 0x0d),
    csv: new TextEncoder().encode("a,b,y\n1,2,3\n"),
    gzipped: Uint8Array.of(0x1f, 0x8b, 8, 0),
    cutHeader: idxFile([8, 2, 3], []).subarray(0, 10),
    cut: idxFile([8, 2, 3], pixels(8, 6)).subarray(0, 40),
    long: joined(idxFile([8, 2, 3], pixels(8, 6)), Uint8Array.of(0)),
    huge: idxFile([0xffffffff, 0xffffffff, 0xffffffff], []),
    nothing: new Uint8Array(),
    zeros: new Uint8Array(2),
  }),
);

type Fields = Partial<Omit<IdxData, "kind">>;
const specification = (fields: Fields = {}): IdxData => ({
  kind: "idx",
  images: "images",
  labels: "labels",
  classes: [3, 8],
  seed: 1,
  ...fields,
});
const withTest: Fields = { testImages: "testImages", testLabels: "testLabels" };

const load = (fields: Fields = {}) => loadDataset(specification(fields), files);

/** The images in a dataset, by their first two pixels (10 apart) whatever these were divided by. */
const imagesOf = (X: Float64Array): number[] =>
  Array.from({ length: X.length / 6 }, (_, i) => Math.round((10 * X[6 * i]) / (X[6 * i + 1] - X[6 * i])));

test("images of two classes become +1 and -1, in an order drawn from the seed", () => {
  const { samples, inputs, X, y, testSamples } = load();
  expect([samples, inputs, X.length, y.length, testSamples]).toEqual([6, 6, 36, 6, 0]);
  const order = imagesOf(X);
  expect(order.toSorted()).toEqual([0, 1, 3, 4, 5, 7]);
  expect([...y]).toEqual(order.map((image) => (labels[image] === 3 ? 1 : -1)));
  const drawn = [...randomOrder(stream(1, "order"), 8)].filter((image) => [3, 8].includes(labels[image]));
  expect(order).toEqual(drawn);
  expect(imagesOf(load({ seed: 3 }).X)).not.toEqual(order);
});

test("three classes and more are numbered from 0", () => {
  const { X, y, samples, image } = load({ classes: [8, [0, 1], 3] });
  const two = load({
    classes: [
      [8, 3],
      [0, 1],
    ],
  });
  expect(X).toEqual(two.X);
  expect(samples).toBe(two.samples);
  expect(Array.from(y, (target) => (target === 1 ? -1 : 1))).toEqual(Array.from(two.y));
  expect(new Set(y)).toEqual(new Set([0, 1, 2]));
  expect(image).toMatchObject({ channels: 1 });
  expect(() => load({ classes: [0, 1, [3, 0]] })).toThrow("label 0 cannot be in two classes");
});

test("images of labels that no class names are left out of both sets, whatever their labels are", () => {
  const { X, y, samples, testSamples, testX, testY } = load({ ...withTest, classes: [0, 3] });
  expect([samples, testSamples, y.length, testY.length]).toEqual([4, 2, 4, 2]);
  expect(imagesOf(X).toSorted()).toEqual([0, 3, 6, 7]);
  expect(imagesOf(testX).toSorted()).toEqual([1, 2]);
  // Their pixels count for nothing, either.
  expect(X.reduce((sum, value) => sum + value ** 2, 0) / X.length).toBeCloseTo(1, 14);
  expect(load({ classes: [0, 3], labels: "strayLabels" }).X).toEqual(X);
});

test("classes may be lists, and their order decides the signs", () => {
  const { X, y } = load({ classes: [[8, 0], 1] });
  const order = imagesOf(X);
  expect(order.toSorted()).toEqual([1, 2, 4, 5, 6]);
  expect([...y]).toEqual(order.map((image) => (labels[image] === 1 ? -1 : 1)));
});

test("the mean square of the pixels of all training images of the classes is 1, and black stays 0", () => {
  const { X } = load();
  const mean = X.reduce((sum, value) => sum + value ** 2, 0) / X.length;
  expect(mean).toBeCloseTo(1, 14);
  imagesOf(X).forEach((image, i) => {
    const row = X.subarray(6 * i, 6 * i + 6);
    const scale = row[1] / (10 + image);
    expect(row[0]).toBeCloseTo(image * scale, 14);
    expect([...row.subarray(2)]).toEqual([0, 0, 0, 0]);
  });
});

test("a subset is drawn without replacement, nested in its size, and scaled as the whole is", () => {
  const all = load();
  for (let samples = 1; samples <= 6; samples++) {
    const { X, y } = load({ samples });
    expect(X).toEqual(all.X.subarray(0, 6 * samples));
    expect(y).toEqual(all.y.subarray(0, samples));
  }
});

test("a test set is labelled by the same classes, drawn by itself, and divided by the training set's number", () => {
  const train = load();
  const { X, testX, testY, testSamples } = load(withTest);
  expect(X).toEqual(train.X);
  expect(testSamples).toBe(2);
  const order = imagesOf(testX);
  expect(order.toSorted()).toEqual([0, 1]);
  expect([...testY]).toEqual(order.map((image) => (image === 0 ? -1 : 1)));
  const at = (X: Float64Array, image: number) => X[6 * imagesOf(X).indexOf(image) + 1];
  expect(at(testX, 0)).toBe(at(X, 0));
  const one = load({ ...withTest, testSamples: 1 });
  expect(one.testX).toEqual(testX.subarray(0, 6));
});

test("the order of test images is not that of training images", () => {
  const count = 100;
  const images = idxFile(
    [count, 1, 1],
    Array.from({ length: count }, (_, i) => i + 1),
  );
  const classes = idxFile(
    [count],
    Array.from({ length: count }, (_, i) => i % 2),
  );
  const { X, testX } = loadDataset(
    specification({ classes: [0, 1], testImages: "images", testLabels: "labels" }),
    new Map([
      ["images", images],
      ["labels", classes],
    ]),
  );
  expect(testX).not.toEqual(X);
  expect(testX.toSorted()).toEqual(X.toSorted());
});

test("bytes that start inside a buffer are read from where they start", () => {
  expect(load({ images: "offset" })).toEqual(load());
});

test("the files of a document are named as it names them; sizes are unknown before they are read", () => {
  expect(referencedFiles(specification())).toEqual(["images", "labels"]);
  const whole = specification(withTest);
  expect(referencedFiles(whole)).toEqual(["images", "labels", "testImages", "testLabels"]);
  expect(dataShape(whole)).toBeUndefined();
  expect(hasTruePredictor(whole)).toBe(false);
  expect(lacksTestSet(whole)).toBeUndefined();
  expect(lacksTestSet(specification())).toBe("name one in data.testImages and data.testLabels");
});

describe("what contradicts itself is refused before a file is read:", () => {
  const cases: [string, Fields, string][] = [
    ["test images alone", { testImages: "a" }, 'data.testImages is "a"; it needs "testLabels" beside it'],
    ["test labels alone", { testLabels: "a" }, 'data.testLabels is "a"; it needs "testImages" beside it'],
    [
      "a count alone",
      { testSamples: 3 },
      'data.testSamples is 3; it needs "testImages" and "testLabels" beside it',
    ],
    ["one class twice", { classes: [3, 3] }, "data.classes is [3,3]; label 3 cannot be both +1 and -1"],
    [
      "a label on both sides",
      {
        classes: [
          [0, 2],
          [4, 2],
        ],
      },
      "data.classes is [[0,2],[4,2]]; label 2 cannot be both +1 and -1",
    ],
  ];
  for (const [name, fields, message] of cases) {
    test(name, () => expect(problem(() => dataShape(specification(fields)))).toBe(message));
  }
});

const refusals: [what: string, fields: Fields, message: string][] = [
  ["a file that was not given", { images: "gone" }, 'data.images is "gone"; no such file was given'],
  ["text", { images: "csv" }, "csv is not an IDX file: it starts with 61 2c 62 2c, not 00 00 08 03"],
  [
    "an empty file",
    { labels: "nothing" },
    "nothing is not an IDX file: it starts with nothing, not 00 00 08 01",
  ],
  ["two zeros", { labels: "zeros" }, "zeros is not an IDX file: it starts with 00 00, not 00 00 08 01"],
  [
    "a gzipped file that nobody inflated",
    { images: "gzipped" },
    "gzipped is gzipped twice, or was not inflated; IDX files are gzipped once or not at all",
  ],
  ["floats", { labels: "floats" }, "floats holds elements of IDX type 0d; allowed is 08, unsigned bytes"],
  ["labels as images", { images: "labels" }, "labels has 1 axis; images have 3: images, rows, columns"],
  ["images as labels", { labels: "images" }, "images has 3 axes; labels have 1"],
  [
    "a header cut short",
    { images: "cutHeader" },
    "cutHeader is cut short: its IDX header takes 16 bytes, and the file has 10",
  ],
  [
    "elements cut short",
    { images: "cut" },
    "cut is cut short: 8 x 2 x 3 images take 48 bytes, and 24 follow the header",
  ],
  [
    "more elements than the header says",
    { images: "long" },
    "long is too long: 8 x 2 x 3 images take 48 bytes, and 49 follow the header",
  ],
  [
    "sizes beyond every memory",
    { images: "huge" },
    `huge is cut short: 4294967295 x 4294967295 x 4294967295 images take ${4294967295 ** 3} bytes, and 0 follow the header`,
  ],
  ["no images", { images: "noImages" }, "noImages holds no images: its shape is 0 x 28 x 28"],
  ["no pixels", { images: "noPixels" }, "noPixels holds no columns: its shape is 8 x 28 x 0"],
  ["fewer labels than images", { labels: "fewer" }, "fewer holds 7 labels; images has 8 images"],
  [
    "a class that is absent",
    { classes: [3, [8, 9]] },
    "labels holds no label 9, which data.classes names; it holds [0,1,3,8]",
  ],
  [
    "a label out of range where a class is absent",
    { classes: [0, 1, 2, 3] },
    "labels holds no label 2, which data.classes names; it holds [0,1,3,8]: label 8 of image 1 is above 3, the classes' largest",
  ],
  [
    "a class that is absent from the test set",
    { ...withTest, classes: [3, 1] },
    "testLabels holds no label 1, which data.classes names; it holds [0,3,8]: label 8 of image 0 is above 3, the classes' largest",
  ],
  [
    "test images of another shape",
    { ...withTest, testImages: "turned" },
    "turned has images of 3 x 2 pixels; those of images have 2 x 3",
  ],
  ["more samples than images", { samples: 7 }, "data.samples is 7; labels has 6 images of data.classes"],
  [
    "more test samples than images",
    { ...withTest, testSamples: 3 },
    "data.testSamples is 3; testLabels has 2 images of data.classes",
  ],
  ["black images", { images: "black" }, "black has only black images of the classes: every pixel is 0"],
];
for (const [what, fields, message] of refusals) {
  test(`idx refuses ${what}`, () => expect(problem(() => load(fields))).toBe(message));
}

test("images too large to hold as float64 are refused before they are allocated", () => {
  // 2^27 pixels of two images: 2^28 entries.
  const side = 2 ** 13;
  const images = new Uint8Array(16 + 2 * side * 2 * side);
  images.set(idxFile([2, 2 * side, side], []));
  images[images.length - 1] = 1;
  images[16] = 1;
  const large = new Map([
    ["images", images],
    ["labels", idxFile([2], [0, 1])],
  ]);
  const refusal = (fields: Fields) =>
    problem(() => loadDataset(specification({ classes: [0, 1], ...fields }), large));
  expect(refusal({})).toBe(
    "data.samples is left out, which means 2; with 134217728 pixels at most 1 (2^27 entries)",
  );
  expect(refusal({ samples: 2 })).toBe("data.samples is 2; with 134217728 pixels at most 1 (2^27 entries)");
});

test("the schema takes two classes, labels of a byte or lists of them", () => {
  const written = { kind: "idx", images: "a", labels: "b", classes: [3, [5, 8]] };
  expect(v.parse(idx.schema, written)).toEqual({ ...written, seed: 1 });
  for (const wrong of [
    { classes: [3] },
    { classes: [1, 256] },
    { classes: [1, -1] },
    { classes: [1, 1.5] },
    { classes: [1, []] },
    { classes: undefined },
    { images: "" },
    { samples: 0 },
    { dimension: 784 },
  ]) {
    expect(v.is(idx.schema, { ...written, ...wrong })).toBe(false);
  }
});

describe("any bytes are read or refused with one line:", () => {
  const readsOrRefuses = (read: () => unknown): "read" | "refused" => {
    try {
      read();
      return "read";
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      expect(error.message).toMatch(/^[^\n]{1,400}$/);
      return "refused";
    }
  };

  test("random ones", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, header) => {
        const whole = header ? joined(Uint8Array.of(0, 0, 8, 3), bytes) : bytes;
        readsOrRefuses(() => readIdx(whole, ["images", "rows", "columns"], "fuzz"));
      }),
      { numRuns: 3000 },
    );
  });

  test("whole data sets with a few bytes changed, added or lost", () => {
    const outcomes = { read: 0, refused: 0 };
    const change = fc.record({
      file: fc.constantFrom("images", "labels", "testImages", "testLabels"),
      at: fc.nat(70),
      byte: fc.oneof(fc.constantFrom(0, 1, 3, 8, 255), fc.nat(255)),
      how: fc.constantFrom("set", "set", "set", "cut", "add"),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = new Map(files);
        for (const { file, at, byte, how } of changes) {
          const bytes = [...changed.get(file)!];
          if (how === "set") bytes[at % bytes.length] = byte;
          else bytes.splice(at % (bytes.length + 1), how === "cut" ? 1 : 0, ...(how === "add" ? [byte] : []));
          changed.set(file, Uint8Array.from(bytes));
        }
        const outcome = readsOrRefuses(() => {
          const data = loadDataset(specification(withTest), changed);
          for (const numbers of [data.X, data.y, data.testX, data.testY])
            expect(numbers.every(Number.isFinite)).toBe(true);
          expect(data.X).toHaveLength(data.samples * data.inputs);
          expect(data.y.every((target) => Math.abs(target) === 1)).toBe(true);
        });
        outcomes[outcome]++;
      }),
      { numRuns: 3000 },
    );
    // Otherwise the changes would try one side only.
    expect(outcomes.read).toBeGreaterThan(300);
    expect(outcomes.refused).toBeGreaterThan(300);
  });
});
