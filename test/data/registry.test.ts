import * as v from "valibot";
import { expect, test } from "vitest";
import { dataKinds } from "../../src/data/registry.ts";

test("every data kind has its own name, and a schema of that name", () => {
  expect(new Set(dataKinds.map(({ kind }) => kind)).size).toBe(dataKinds.length);
  const named = { samples: 1, dimension: 1, sparsity: 1, train: "a.csv" };
  for (const { kind, schema } of dataKinds) {
    const known = Object.keys(schema.entries);
    const fields = Object.fromEntries(Object.entries(named).filter(([key]) => known.includes(key)));
    expect(v.is(schema, { kind, ...fields })).toBe(true);
    expect(v.is(schema, { kind: "unknown", ...fields })).toBe(false);
    expect(v.is(schema, { kind, ...fields, unknown: 1 })).toBe(false);
  }
});

test("the kinds' schemas form one variant schema, chosen by kind", () => {
  const schema = v.variant("kind", [dataKinds[0].schema, dataKinds[1].schema, dataKinds[2].schema]);
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
