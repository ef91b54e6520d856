import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { documentText } from "../../src/cli/experiment/document-text.ts";
import { beginningOf, generatedKinds } from "../../src/cli/drafts/draft-data.ts";
import { askForChoices } from "../../src/cli/drafts/draft-questions.ts";
import { draftOf, methods } from "../../src/cli/drafts/draft.ts";
import { checkDocument } from "../../src/cli/experiment/experiment-file.ts";
import { readScales } from "../../src/cli/drafts/scales.ts";
import type { Json } from "../../src/document/types.ts";
import { problemOf } from "../document/validator.ts";
import { alphasweep, temporaryFolder } from "./command.ts";

const table = Array.from({ length: 12 }, (_, row) => `${row},${row % 3},${row * row}`);
const csv = ["rooms,age,price", ...table].join("\n");

for (const data of [...generatedKinds, "houses.csv"])
  for (const model of beginningOf(data).models)
    test(`a new document of ${model} on ${data} is read, checked, and warned of nothing`, async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "houses.csv"), csv);
      for (const method of methods) {
        const choices = {
          ...{ model, data, method, depth: 2, alpha: readScales("0.1:10:3")!, out: "new.json" },
          ...(data === "houses.csv" && { target: "price" }),
        };
        const check = (document: Json) => checkDocument(document, "new.json", folder);
        const text = documentText(await draftOf(choices, check));
        const document = JSON.parse(text) as Json;
        const { experiment, warnings } = await check(document);
        expect(warnings).toEqual([]);
        expect(experiment.runs.map(({ init }) => init.alpha)).toEqual([0.1, 1, 10]);
        expect(experiment.runs[0].train.method).toBe(method);
        expect(problemOf(document)).toBeUndefined();
      }
    });

test.for([
  ["0.3", [0.3]],
  ["0.1,1,10", [0.1, 1, 10]],
  ["1e-3:1e1:5", [0.001, 0.01, 0.1, 1, 10]],
  ["0.2:0.8:3", [0.2, 0.4, 0.8]],
  ["0", undefined],
  ["1,1", undefined],
  ["1:2", undefined],
  ["2:1:3", undefined],
  ["1:2:3.5", undefined],
  ["", undefined],
  ["0x", undefined],
] as const)("alpha %s is %j", ([text, values]) => {
  expect(readScales(text)?.values).toEqual(values);
});

test("new writes a document that says what its fields mean, and overwrites none", async () => {
  const cwd = temporaryFolder();
  const words = ["new", "--model", "diagonal", "--depth", "3", "--alpha", "1e-2:1e1:4", "--out", "a.json"];
  const { code, output } = await alphasweep(words, { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^ +data\.samples +20 +Training samples N\.$/m);
  expect(output).toMatch(/^ +ntk_drift +Relative change of the tangent kernel/m);
  const text = readFileSync(join(cwd, "a.json"), "utf8");
  const { model, sweep } = JSON.parse(text) as {
    model: Json;
    sweep: { paths: string[]; values: number[][] }[];
  };
  expect(model).toEqual({ kind: "diagonal", depth: 3 });
  expect(sweep[0].paths).toEqual(["init.alpha", "train.stepSize"]);
  // The limit falls like alpha^-4 at depth 3, from alpha = 1 on.
  const steps = sweep[0].values.map(([, stepSize]) => stepSize);
  expect(steps[0]).toBe(steps[2]);
  expect(steps[2] / steps[3] / 1e4).toBeCloseTo(1, 0);

  const again = await alphasweep(words, { cwd });
  expect(again).toMatchObject({
    code: 2,
    errors: expect.stringMatching(/^a\.json is there already.*--out$/m),
  });
  expect(readFileSync(join(cwd, "a.json"), "utf8")).toBe(text);
});

test.for([
  [["--data", "teacher", "--model", "matrix"], /^--model matrix is not made for --data teacher; take "relu"/],
  [["--data", "nothing"], /^--data is "nothing"; it is "linear-uniform"/],
  [["--data", "none.csv"], /^relu-none\.json: none\.csv cannot be read: there is no such file$/m],
  [["--target", "price"], /^--target is a column of a CSV file/],
  [["--model", "relu", "--depth", "1"], /^--depth is 1; a relu model's is a whole number from 2/],
  [["--alpha", "1:2"], /alpha is a positive number, a list/],
  [["--out", "no/such/folder.json"], /^no\/such\/folder\.json cannot be written: ENOENT/],
] as const)("new %j is refused in one line", async ([words, message]) => {
  const { code, errors, output } = await alphasweep(["new", ...words]);
  expect([code, output]).toEqual([2, ""]);
  expect(errors).toMatch(message);
  expect(errors.trim().split("\n")).toHaveLength(1);
});

/** What is asked, and what comes of the answers. */
async function asked(answers: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(answers.map((answer) => `${answer}\n`).join(""));
  const choices = await askForChoices(input, output);
  return { choices, text: String(output.read()) };
}

test("questions take the usual for an empty answer, and ask again where an answer is none", async () => {
  const usual = await asked(["", "", "", "", ""]);
  expect(usual.choices).toMatchObject({
    data: "linear-sparse",
    model: "diagonal",
    depth: 2,
    method: "gradient-descent",
  });
  expect(usual.text.match(/\[/g)).toHaveLength(5);

  const { choices, text } = await asked([
    "cats",
    "a.csv",
    "price",
    "relu",
    "1",
    "3",
    "0.1,1",
    "gradient-flow",
  ]);
  expect(choices).toMatchObject({
    data: "a.csv",
    target: "price",
    model: "relu",
    depth: 3,
    method: "gradient-flow",
  });
  expect(choices.alpha.values).toEqual([0.1, 1]);
  expect(text).toContain("one of linear-uniform");
  expect(text).toContain("a whole number of at least 2");
  await expect(asked(["teacher"])).rejects.toThrow("interrupted");
});
