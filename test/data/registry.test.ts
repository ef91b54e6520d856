import * as v from "valibot";
import { expect, test } from "vitest";
import { generators } from "../../src/data/datasets.ts";
import { dataKinds } from "../../src/data/registry.ts";

test("every data kind has its own name, and a schema of that name", () => {
  expect(new Set(dataKinds.map(({ kind }) => kind)).size).toBe(dataKinds.length);
  const sizes = { samples: 1, dimension: 2 };
  const fieldsOf = {
    "linear-uniform": sizes,
    "linear-sparse": { ...sizes, sparsity: 1 },
    "sparse-signs": sizes,
    "majority-signs": { ...sizes, sparsity: 1 },
    teacher: { ...sizes, widths: [3] },
    ball: sizes,
    file: { train: "a.csv" },
    idx: { images: "images", labels: "labels", classes: [3, 8] },
    digits: { samples: 5 },
    cifar10: { batches: ["data_batch_1.bin"] },
    patterns: { samples: 3 },
    points: { file: "points.csv" },
    "matrix-completion": { rows: 2, columns: 3, rank: 1, observed: 4 },
    "matrix-sensing": { rows: 2, columns: 3, rank: 1, measurements: 4 },
    "matrix-file": { measurements: "measurements.npy", targets: "targets.npy" },
  };
  for (const { kind, schema } of dataKinds) {
    const fields = fieldsOf[kind];
    expect(v.is(schema, { kind, ...fields })).toBe(true);
    expect(v.is(schema, { kind: "unknown", ...fields })).toBe(false);
    expect(v.is(schema, { kind, ...fields, unknown: 1 })).toBe(false);
  }
});

test("the kinds' schemas form one variant schema, chosen by kind", () => {
  const [first, ...others] = dataKinds;
  const schema = v.variant("kind", [first.schema, ...others.map((kind) => kind.schema)]);
  const parsed = v.parse(schema, { kind: "linear-sparse", samples: 3, dimension: 2, sparsity: 1 });
  expect(parsed).toEqual({
    kind: "linear-sparse",
    samples: 3,
    dimension: 2,
    sparsity: 1,
    noise: 0,
    seed: 1,
    testSamples: 0,
  });
});

test("what a page fetches to make data of a kind is what others have at hand", async () => {
  for (const { kind, generator } of dataKinds) expect(await generator(), kind).toBe(generators[kind]);
});
