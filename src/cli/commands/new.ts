import { Command, InvalidArgumentError, Option } from "commander";
import { generatedKinds, modelNames } from "../drafts/draft-data.ts";
import { readScales, type Scales, scalesForm } from "../drafts/scales.ts";
import type { GivenChoices } from "../drafts/draft.ts";

export const newCommand = (): Command =>
  new Command("new")
    .description(
      "write a document of an experiment, and say what its fields mean; in a terminal it asks where no option tells",
    )
    .addOption(
      new Option("--model <kind>", "what is trained (default: what the data are made for)").choices(
        modelNames,
      ),
    )
    .option(
      "--data <kind or table>",
      `what it is trained on: ${generatedKinds.join(", ")}, or a CSV file of your own (default: linear-sparse, or what the model is made for)`,
    )
    .option("--target <column>", 'the column of the CSV file that is learned (default: "y")')
    .option("--alpha <values>", `${scalesForm} (default: 1e-2:1:9)`, scales)
    .option(
      "--depth <count>",
      "the power of a diagonal model, layers of weights, factors of a matrix (default: 2)",
      depth,
    )
    .addOption(
      new Option("--method <name>", "the optimizer (default: gradient-descent)").choices([
        "gradient-descent",
        "gradient-flow",
      ]),
    )
    .option("--out <file>", "the document, which must not be there yet (default: <model>-<data>.json)")
    .addHelpText(
      "after",
      `
Examples:
  alphasweep new
  alphasweep new --model diagonal --alpha 1e-3:1e1:12 --depth 3 --method gradient-flow
  alphasweep new --data houses.csv --target price --alpha 0.1,1,10 --out houses.json

Step sizes of gradient descent are half of the stability limit of each alpha, measured on the data.`,
    )
    .action(async (options: GivenChoices) => {
      const { writeDraft } = await import("../drafts/write-draft.ts");
      await writeDraft(options);
    });

function scales(text: string): Scales {
  const read = readScales(text);
  if (!read) throw new InvalidArgumentError(`alpha is ${scalesForm}.`);
  return read;
}

function depth(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("a depth is a whole number of at least 1.");
  return value;
}
