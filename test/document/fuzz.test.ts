import fc from "fast-check";
import { expect, test } from "vitest";
import { DocumentError } from "../../src/document/error.ts";
import { parseExperiment, readExperiment } from "../../src/experiment/experiment.ts";
import type { Json } from "../../src/document/types.ts";
import { change, changed, fuzzing, strange } from "../harness/fuzz.ts";
import { example, smallest, type Written } from "./documents.ts";
import { problemOf } from "./validator.ts";

/** Reads, or refuses with one line; anything else fails the test. */
function readsOrRefuses(read: () => { runs: unknown[] }): "read" | "refused" {
  try {
    expect(read().runs.length).toBeGreaterThan(0);
    return "read";
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    expect(error.message).toMatch(/^fuzz\.json: [^\n\r\u2028\u2029\u0000-\u001f]+$/);
    expect(error.message.length).toBeLessThan(1500);
    return "refused";
  }
}

const documents: (() => Written)[] = [
  example,
  smallest,
  () =>
    smallest({
      data: { kind: "linear-sparse", samples: 5, dimension: 7, sparsity: 2, testSamples: 3 },
      init: { alpha: 0.1, shape: { std: [1] }, scaling: "output" },
      record: {
        every: { log: 10 },
        quantities: ["loss", "test_loss", "population_l1"],
        arrays: ["predictor"],
      },
      sweep: [
        { path: "model.depth", values: [1, 2, 3] },
        { path: "init.alpha", logspace: [-2, 1, 4] },
        { path: "data.seed", range: [0, 3, 1] },
      ],
    }),
  () =>
    smallest({
      data: { kind: "file", inputs: "x.npy", targets: "y.npy" },
      sweep: [{ paths: ["init.alpha", "train.stepSize"], values: [[1, 0.1]] }],
    }),
  () =>
    smallest({
      data: { kind: "teacher", samples: 5, dimension: 7, widths: [3, 4], labels: "signs", testSamples: 3 },
      sweep: [{ path: "data.widths[0]", values: [1, 2] }],
    }),
  () =>
    smallest({
      data: { kind: "idx", images: "images", labels: "labels", classes: [3, [5, 8]], samples: 4 },
      sweep: [{ path: "data.classes[0]", values: [0, 1] }],
    }),
];

test("any JSON is read or refused with one line", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }),
      (value) => void readsOrRefuses(() => readExperiment(value, "fuzz.json")),
    ),
    fuzzing(0.2),
  );
});

test("any text is read or refused with one line", () => {
  fc.assert(
    fc.property(fc.string(), (text) => void readsOrRefuses(() => parseExperiment(text, "fuzz.json"))),
    fuzzing(0.2),
  );
});

test("a valid document with a few changes is read or refused with one line", () => {
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (make, changes) => {
        const document = structuredClone(make());
        for (const each of changes) changed(document, each);
        const outcome = readsOrRefuses(() => readExperiment(document, "fuzz.json"));
        outcomes[outcome]++;
        // Editors must not complain of what is read; but of nonsense in a place that an axis sets they may.
        const isSwept = "sweep" in document || "search" in document;
        if (outcome === "read" && !isSwept) expect(problemOf(document as Json)).toBeUndefined();
      },
    ),
    fuzzing(),
  );
  // Otherwise the changes would try one side only.
  expect(outcomes.read).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(1500);
});

const size = fc.oneof(fc.nat(20), fc.constantFrom<number>(1e6 + 1, 1e9, 2 ** 53, 1e300, -1, 0.5));
const end = fc.oneof(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(0, 1e-320, 1e308, -1e308, 2 ** 53),
);
const axisPath = fc.constantFrom(
  ...[
    "init.alpha",
    "init.seed",
    "data.samples",
    "data.seed",
    "model.depth",
    "train.epochs",
    "train.stepSize",
  ],
  ...[
    "name",
    "data",
    "data.kind",
    "record.every",
    "sweep",
    "__proto__.polluted",
    "init.__proto__",
    "a[0]",
    "",
  ],
);
const axis: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ path: axisPath, values: fc.array(strange, { maxLength: 5 }) }),
  fc.record({ path: axisPath, linspace: fc.tuple(end, end, size) }),
  fc.record({ path: axisPath, logspace: fc.tuple(end, end, size) }),
  fc.record({ path: axisPath, range: fc.tuple(end, end, end) }),
  fc.record({ path: axisPath, range: fc.tuple(fc.nat(5), fc.nat(30), fc.nat(4)) }),
  fc.record({
    paths: fc.array(axisPath, { maxLength: 3 }),
    values: fc.array(fc.array(end, { maxLength: 3 }), { maxLength: 5 }),
  }),
);

test("any sweep is expanded to the product of its axes, or refused with one line", () => {
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (sweep) => {
      const outcome = readsOrRefuses(() => {
        const { axes, runs } = readExperiment(smallest({ sweep }), "fuzz.json");
        expect(runs.length).toBe(axes.reduce((product, { values }) => product * values.length, 1));
        return { runs };
      });
      outcomes[outcome] += 1;
    }),
    fuzzing(),
  );
  expect(outcomes.read).toBeGreaterThan(100);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("a valid text with a few characters changed is read or refused with one line", () => {
  const piece = fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "0", "9", "-", "e", "\\", "\n", "x", "");
  fc.assert(
    fc.property(fc.constantFrom(...documents), fc.nat(), piece, fc.nat(2), (make, place, piece, removed) => {
      const text = JSON.stringify(make());
      const at = place % text.length;
      readsOrRefuses(() =>
        parseExperiment(text.slice(0, at) + piece + text.slice(at + removed), "fuzz.json"),
      );
    }),
    fuzzing(0.3),
  );
});
