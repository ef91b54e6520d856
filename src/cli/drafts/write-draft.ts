/** Writes a new document, and says what its fields mean. */

import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { deepestModel } from "../../document/limits.ts";
import { alternatives, shown } from "../../document/shown.ts";
import { commandText } from "../options/command-text.ts";
import { type DraftChoices, draftOf, type GivenChoices, leastDepth } from "./draft.ts";
import { beginningOf, dataName, generatedKinds, isTable, type ModelName } from "./draft-data.ts";
import { meaningsText } from "./draft-meanings.ts";
import { askForChoices } from "./draft-questions.ts";
import { documentText } from "../experiment/document-text.ts";
import { checkDocument } from "../experiment/experiment-file.ts";
import { UsageError } from "../process/failure.ts";
import { readScales } from "./scales.ts";

/** @throws UsageError or DocumentError; then nothing is written */
export async function writeDraft({ out: named, ...flags }: GivenChoices): Promise<void> {
  const mayAsk = Object.keys(flags).length === 0 && process.stdin.isTTY && process.stderr.isTTY;
  const choices = mayAsk ? await askForChoices(process.stdin, process.stderr) : withUsual(flags);
  const out = named ?? `${choices.model}-${dataName(choices.data)}.json`;
  if (existsSync(out)) throw taken(out);
  const document = await draftOf({ ...choices, out }, (draft) => checkDocument(draft, out, dirname(out)));
  write(out, documentText(document));
  console.log(`${out}: ${document.description as string}\n\n${meaningsText(document)}\n`);
  console.log(`What it takes: ${commandText(["doctor", out])}`);
  console.log(`To train it:   ${commandText(["run", out])}`);
}

/** What no option tells is as usual. */
function withUsual(given: Omit<GivenChoices, "out">): Omit<DraftChoices, "out"> {
  const {
    data = usualData[given.model ?? "diagonal"],
    target,
    depth = 2,
    method = "gradient-descent",
  } = given;
  if (!isTable(data) && !generatedKinds.includes(data))
    throw new UsageError(
      `--data is ${shown(data)}; it is ${alternatives(generatedKinds)}, or the path of a CSV file (other kinds need files: see the reference)`,
    );
  if (target !== undefined && !isTable(data))
    throw new UsageError(`--target is a column of a CSV file; --data ${data} has none`);
  const { models } = beginningOf(data);
  const { model = models[0] } = given;
  if (!models.includes(model))
    throw new UsageError(`--model ${model} is not made for --data ${data}; take ${alternatives(models)}`);
  if (depth < leastDepth(model) || depth > deepestModel)
    throw new UsageError(
      `--depth is ${depth}; a ${model} model's is a whole number from ${leastDepth(model)} to ${deepestModel}`,
    );
  return { data, target, model, depth, method, alpha: given.alpha ?? readScales("1e-2:1:9")! };
}

const usualData: Record<ModelName, string> = {
  diagonal: "linear-sparse",
  linear: "linear-sparse",
  relu: "teacher",
  matrix: "matrix-completion",
};

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "EEXIST" ? taken(out) : new UsageError(`${out} cannot be written: ${message}`);
  }
}

const taken = (out: string): UsageError =>
  new UsageError(`${out} is there already, and nothing is overwritten; name another with --out`);
