import type { MatrixShape, Sides } from "../../data/dataset.ts";
import type { MatrixModel } from "../../document/types.ts";

/** A factor W_l, [rows, columns], and where its entries begin among those of a copy. */
export interface Factor {
  rows: number;
  columns: number;
  offset: number;
}

/** The factors of one copy, W_1 first; of U U^T only U. */
export interface FactorShapes {
  factors: readonly Factor[];
  /** Entries of all. */
  parameters: number;
  /** W is [rows, columns]. */
  rows: number;
  columns: number;
}

/** Widths between the factors, D - 1 of them, where W_1 is the rightmost. */
export function widthsOf(model: MatrixModel, { rows, columns }: MatrixShape): number[] {
  const width = model.width ?? Math.max(rows, columns);
  return model.widths ?? Array.from({ length: model.factors - 1 }, () => width);
}

/** @param sides of data of a matrix */
export function factorsOf(model: MatrixModel, sides: Sides): FactorShapes {
  const { rows, columns } = sides.matrix!;
  const widths = widthsOf(model, { rows, columns });
  const sizes = model.symmetric ? [widths[0], rows] : [columns, ...widths, rows];
  let offset = 0;
  const factors = sizes.slice(1).map((height, l) => {
    const factor = { rows: height, columns: sizes[l], offset };
    offset += height * sizes[l];
    return factor;
  });
  return { factors, parameters: offset, rows, columns };
}
