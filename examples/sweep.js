// Trains a sweep in a page and draws it. Resolved by the import map of page.html, or by a bundler.
import { readExperiment, trainInMemory } from "alphasweep";
import { drawFigure, figuresOf } from "alphasweep/viewer";

const experiment = readExperiment(
  {
    data: { kind: "linear-uniform", samples: 10, dimension: 20 },
    model: { kind: "diagonal", depth: 2 },
    train: { stepSize: 1e-3, epochs: 500 },
    record: { every: 10, quantities: ["loss", "weight_distance", "ntk_drift"], arrays: [] },
    sweep: [{ path: "init.alpha", values: [0.1, 0.3, 1, 3] }],
  },
  "page",
);

const state = document.querySelector("output");
try {
  const results = await trainInMemory(experiment, {
    gpu: navigator.gpu,
    progress: ({ runSteps, runStepsTotal }) =>
      (state.textContent = `${Math.round((100 * runSteps) / runStepsTotal)} %`),
  });
  for (const { id, title, caption } of figuresOf(results)) {
    const figure = document.createElement("figure");
    figure.id = id;
    const text = document.createElement("figcaption");
    text.textContent = `${title}. ${caption}`;
    figure.append(drawFigure(id, results), text);
    document.body.append(figure);
  }
  state.textContent = `${results.runs.rows} runs trained`;
} catch (error) {
  state.textContent = error.message;
}
