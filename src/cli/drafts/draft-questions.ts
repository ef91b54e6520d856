/** Asks for the choices of a new document, a line each; an empty answer takes what stands in brackets. */

import { createInterface } from "node:readline";
import { beginningOf, generatedKinds, isTable } from "./draft-data.ts";
import { type DraftChoices, leastDepth, methods } from "./draft.ts";
import { Interrupted } from "../process/failure.ts";
import { readScales, scalesForm } from "./scales.ts";

interface Question<Answer> {
  text: string;
  usual: string;
  /** Undefined where the answer is none. */
  read(answer: string): Answer | undefined;
  /** What answers are, for whoever gave another. */
  form: string;
}

/** @throws Interrupted where the input ends before all is answered */
export async function askForChoices(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<Omit<DraftChoices, "out">> {
  const lines = createInterface({ input, output });
  const answers = lines[Symbol.asyncIterator]();
  const ask = async <Answer>({ text, usual, read, form }: Question<Answer>): Promise<Answer> => {
    for (;;) {
      lines.setPrompt(`${text} [${usual}]: `);
      lines.prompt();
      const next = await answers.next();
      if (next.done) throw new Interrupted();
      const found = read(next.value.trim() || usual);
      if (found !== undefined) return found;
      output.write(`  ${form}\n`);
    }
  };
  try {
    const data = await ask(dataQuestion);
    const target = isTable(data) ? await ask(targetQuestion) : undefined;
    const model = await ask(choice("Which model?", beginningOf(data).models));
    const least = leastDepth(model);
    return {
      data,
      target,
      model,
      depth: await ask({
        text: `Its depth, ${depthMeaning[model]}?`,
        usual: "2",
        read: (answer) =>
          Number.isInteger(Number(answer)) && Number(answer) >= least ? Number(answer) : undefined,
        form: `a whole number of at least ${least}`,
      }),
      alpha: await ask(alphaQuestion),
      method: await ask(choice("How is it trained?", methods)),
    };
  } finally {
    lines.close();
  }
}

const depthMeaning: Record<DraftChoices["model"], string> = {
  diagonal: "the power of its weights",
  relu: "its layers of weights",
  linear: "its layers of weights",
  matrix: "its factors",
};

const choice = <Name extends string>(text: string, names: readonly Name[]): Question<Name> => ({
  text: names.length > 1 ? `${text} ${names.join(", ")}` : text,
  usual: names[0],
  read: (answer) => names.find((name) => name === answer),
  form: `one of ${names.join(", ")}`,
});

const dataForm = `${generatedKinds.join(", ")}, or the path of a CSV file`;

const dataQuestion: Question<string> = {
  text: `What are the data? ${dataForm}`,
  usual: "linear-sparse",
  read: (answer) => (generatedKinds.includes(answer) || isTable(answer) ? answer : undefined),
  form: `one of ${dataForm}`,
};

const targetQuestion: Question<string> = {
  text: "Which column is learned?",
  usual: "y",
  read: (answer) => answer,
  form: "",
};

const alphaQuestion: Question<DraftChoices["alpha"]> = {
  text: "Which scales of initialization, alpha?",
  usual: "1e-2:1:9",
  read: readScales,
  form: scalesForm,
};
