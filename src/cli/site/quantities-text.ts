/** docs/quantities.md: every quantity and array with what it is, from the registries. */

import { capabilities } from "../../models/measurable.ts";
import { arrayKinds, arrayNames } from "../../quantities/arrays.ts";
import { catalogue, type Need, quantityNames } from "../../quantities/catalogue.ts";
import { definitions } from "../../quantities/formulas.ts";
import { cell, generated } from "./documentation-page.ts";

/** What is needed besides what models have. */
const others: Record<Exclude<Need, keyof typeof capabilities>, string> = {
  testSet: "test set",
  truePredictor: "true predictor β*",
  solution: "solution of Xβ = y",
  oneOutput: "one output",
  labelKernel: "kernel of every pair of outputs",
  vector: "inputs that are a vector",
  unobserved: "entries that are not observed",
  separable: "labels −1 and +1 that a linear predictor has",
  descent: "gradient descent",
};

const needsText = (needs: readonly Need[]): string =>
  needs.map((need) => (need in capabilities ? capabilities : others)[need as never] as string).join(", ");

export function quantitiesText(): string {
  const quantities = quantityNames.map((name) => {
    const { title, symbol, needs } = catalogue[name];
    const { formula, unit, note, source } = definitions[name];
    const details = [
      `Unit: ${unit}.`,
      `Needs: ${needsText(needs)}.`,
      ...(source === undefined ? [] : [`Source: ${source}.`]),
    ];
    return `### ${name}

${title}, ${symbol}${note === undefined ? "" : `: ${note}`}.

$$${formula}$$

${details.join(" ")}`;
  });
  const arrays = arrayNames.map((name) => {
    const { title, when, axes, needs } = arrayKinds[name];
    const axesText = ["runs", ...(when === "record" ? ["records"] : []), ...axes].join(", ");
    return `| \`${name}\` | ${cell(title)} | [${cell(axesText)}] | ${cell(needsText(needs))} |`;
  });
  return `# Quantities

${generated}

What \`record.quantities\` takes: a column of \`runs.parquet\` and \`history.parquet\` each. $w$ are the weights, $w(0)$ those at the start, $\\bar w$ those of the
linearized model $\\bar f$ that is trained beside the model $f$; $x_i$ and $y_i$ are the $N$ training inputs and targets, $X$ the matrix of inputs; $\\beta$ is the
linear predictor, $\\beta^*$ the true one, $W$ the matrix of matrix models; $D$ is the degree of homogeneity, $\\eta$ the step size, and
$K_{ij} = \\langle \\nabla_w f(x_i), \\nabla_w f(x_j) \\rangle$ the tangent kernel on the training inputs. $[ \\cdot ]$ is 1 where it is true, else 0. Losses $\\ell$ are
$(f - y)^2$, summed over outputs, $\\ln(1 + e^{-y f})$ or the cross-entropy. [mathematics.md](mathematics.md) says how they keep their digits. What a model or
the data lack, a message names before anything is trained.

${quantities.join("\n\n")}

## Arrays

What \`record.arrays\` takes: a file of \`arrays/\` each, whose JSON file beside it has the coordinates of its axes ([results.md](results.md)).

| array | holds | axes | needs |
| ----- | ----- | ---- | ----- |
${arrays.join("\n")}
`;
}
