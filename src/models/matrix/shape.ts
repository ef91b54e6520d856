import type { MatrixShape, Sides } from "../../data/dataset.ts";
import type { MatrixModel } from "../../document/types.ts";

/** Initial shapes of a matrix model, for messages. */
export const SHAPES =
  'an initial shape of a matrix model is "identity", "orthogonal", {"std": a positive number or one per factor} or {"file": "w0.npy"}';

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

/**
 * The width that two factors are trained with: a larger one is the same as rows + columns, of U U^T rows. With Z = [U; V] and
 * Z Z^T = B B^T, Z(t) is M(t) Z(0), and W, the loss, the kernel and all Frobenius norms are those of M(t) B.
 */
export const mostWidth = ({ symmetric }: MatrixModel, { rows, columns }: MatrixShape): number =>
  symmetric ? rows : rows + columns;

/** Whether a model is trained with a smaller width than it says. */
export const isReduced = (model: MatrixModel, sides: MatrixShape): boolean =>
  model.factors === 2 && widthsOf(model, sides)[0] > mostWidth(model, sides);

/** Shapes of the factors that are trained, or with `written` of those that the document says. */
export function factorsOf(
  model: MatrixModel,
  sides: Sides,
  of: "trained" | "written" = "trained",
): FactorShapes {
  const { rows, columns } = sides.matrix!;
  const widths =
    of === "trained" && isReduced(model, { rows, columns })
      ? [mostWidth(model, { rows, columns })]
      : widthsOf(model, { rows, columns });
  const sizes = model.symmetric ? [widths[0], rows] : [columns, ...widths, rows];
  let offset = 0;
  const factors = sizes.slice(1).map((height, l) => {
    const factor = { rows: height, columns: sizes[l], offset };
    offset += height * sizes[l];
    return factor;
  });
  return { factors, parameters: offset, rows, columns };
}
