import type { ModelSpecification } from "../document/types.ts";

/** Degree of homogeneity D of a model's output in its weights. */
export const degreeOf = (model: ModelSpecification): number =>
  model.kind === "diagonal" ? model.depth : model.widths.length + 1;
