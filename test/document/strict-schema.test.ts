/** The published JSON Schema in a strict validator: it takes what the reader takes, and refuses what a schema can. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { builtInNames, builtInPath } from "../../src/cli/experiment/built-in.ts";
import { sections } from "../../src/experiment/schema.ts";
import type { Json } from "../../src/document/types.ts";
import { example, smallest, type Written } from "./documents.ts";
import { problemOf, published } from "./validator.ts";

test("it is of draft 2020-12, says where it is, and is what strict validators compile without a word", () => {
  expect(published).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: expect.stringMatching(/^https:\/\/.*\/experiment\.schema\.json$/),
  });
  expect(problemOf(smallest())).toBeUndefined();
});

test("it takes every built-in document, and the examples", () => {
  const documents = Object.fromEntries(
    builtInNames().map((name) => [name, JSON.parse(readFileSync(builtInPath(name)!, "utf8")) as Written]),
  );
  for (const name of ["mnist-scale", "cifar10-vgg11"])
    documents[name] = JSON.parse(
      readFileSync(new URL(`../../examples/images/${name}.json`, import.meta.url), "utf8"),
    ) as Written;
  for (const [name, document] of Object.entries({ ...documents, example: example() }))
    expect(problemOf(document), name).toBeUndefined();
});

test("in every built-in document it refuses a key that is not there, at its place", () => {
  for (const name of builtInNames()) {
    const document = JSON.parse(readFileSync(builtInPath(name)!, "utf8")) as Record<string, Written>;
    expect(problemOf({ ...document, colour: 1 }), name).toBeDefined();
    for (const section of sections)
      expect(
        problemOf({ ...document, [section]: { ...document[section], colour: 1 } }),
        `${name}, ${section}`,
      ).toBeDefined();
  }
});

const without = (key: string, changes: Written = {}): Json => {
  const { [key]: _, ...rest } = smallest(changes);
  return rest;
};

const axis = (path: string, ...values: Json[]) => ({ path, values });

const refused: [title: string, document: Json][] = [
  ["a document without data", without("data")],
  ["a sweep without data", without("data", { sweep: [axis("init.alpha", 1, 2)] })],
  ["a search without a model", without("model", { search: search("data.samples") })],
  ["data without their kind", smallest({ data: { samples: 10, dimension: 20 } })],
  ["data without their samples", smallest({ data: { kind: "linear-uniform", dimension: 20 } })],
  ["a document without training", without("train")],
  ["descent without a step size", smallest({ train: { epochs: 100 } })],
  [
    "descent without epochs, of which the step size is swept",
    smallest({ train: {}, sweep: [axis("train.stepSize", 1)] }),
  ],
  ["a sweep over a path that is mistyped", smallest({ sweep: [axis("init.alhpa", 1)] })],
  ["a sweep over a section", smallest({ sweep: [axis("init", 1)] })],
  ["a sweep over what is recorded", smallest({ sweep: [axis("record.every", 1)] })],
  ["a sweep over an entry of what is no list", smallest({ sweep: [axis("init.alpha[0]", 1)] })],
  [
    "two paths in step, one of which is not there",
    smallest({ sweep: [{ paths: ["init.alpha", "train.size"], values: [[1, 2]] }] }),
  ],
  ["a search for words", smallest({ search: search("data.kind") })],
];

function search(path: string): Json {
  return { path, between: [10, 80], quantity: "loss", atMost: 0.5, trials: 2 };
}

test.for(refused)("it refuses %s", ([, document]) => {
  expect(problemOf(document)).toBeDefined();
});

const taken: [title: string, document: Json][] = [
  [
    "a kind of data that an axis sets",
    smallest({ data: { samples: 10, dimension: 20 }, sweep: [axis("data.kind", "linear-uniform")] }),
  ],
  [
    "samples that a search sets",
    smallest({ data: { kind: "linear-uniform", dimension: 20 }, search: search("data.samples") }),
  ],
  [
    "a step size and epochs that axes set, and no train",
    without("train", { sweep: [{ paths: ["train.stepSize", "train.epochs"], values: [[1, 2]] }] }),
  ],
  ["a flow, which needs neither", smallest({ train: { method: "gradient-flow", time: 1 } })],
  [
    "an entry of a list",
    smallest({ model: { kind: "relu", widths: [3, 4] }, sweep: [axis("model.widths[1]", 5)] }),
  ],
  ["a list as a whole", smallest({ model: { kind: "relu" }, sweep: [axis("model.widths", [5])] })],
];

test.for(taken)("it takes %s", ([, document]) => {
  expect(problemOf(document)).toBeUndefined();
});
