/** The figure of a quantity over training; most figures are one of these. */

import type { Results } from "../../src/results/types.ts";
import { defineFigure, type Figure } from "./figure.ts";
import { drawOverTraining, overTrainingControls, overTrainingData } from "./over-training.ts";
import type { Traced } from "./run-lines.ts";

export interface QuantityFigure {
  id: string;
  title: string;
  caption: string;
  quantity: string;
  /** Drawn beside it, dashed, where it is recorded. */
  beside?: string;
}

export function quantityFigure({ id, title, caption, quantity, beside }: QuantityFigure): Figure {
  const traced = (results: Results): Traced[] => [
    { quantity },
    ...(beside !== undefined && beside in results.history.columns
      ? [{ quantity: beside, dashed: true }]
      : []),
  ];
  return defineFigure({
    id,
    title,
    caption,
    needs: [quantity],
    controls: (results) => overTrainingControls(results, traced(results)),
    draw: (results, frame, settings) => drawOverTraining(title, traced(results), results, frame, settings),
    brushes: ({ against }) => (against === "epoch" ? "epoch" : undefined),
    data: (results) => overTrainingData(results, traced(results)),
  });
}
