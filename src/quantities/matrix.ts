import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { backOf } from "../data/measure.ts";
import type { Dataset } from "../data/dataset.ts";
import type { RawRecord } from "../plan/recorder.ts";
import { effectiveRank, nuclearNorm, singularValues } from "../theory/singular-values.ts";
import type { Measure, Measured } from "./measured.ts";
import { nuclearMinimumOf } from "./nuclear-minima.ts";

/** W of a record, [rows, columns]. */
function entriesOf({ model, context }: Measured): (record: RawRecord) => Float64Array {
  const { entries, starts } = model.matrix;
  const column = entries();
  return (record) =>
    Float64Array.from({ length: context.inputs }, (_, cell) => {
      const start = record.member.run.init.subtract ? 0 : (starts[record.position]?.[cell] ?? 0);
      return record.column(column + cell) + start;
    });
}

// Three quantities and an array finish the same matrix.
const known = new WeakMap<RawRecord, Float64Array>();

/** Singular values of W, decreasing; NaN where W is not finite. */
export function singularValuesOf(measured: Measured): (record: RawRecord) => Float64Array {
  const { rows, columns } = measured.model.matrix;
  const entries = entriesOf(measured);
  return (record) => {
    let values = known.get(record);
    if (!values) {
      const W = entries(record);
      values = W.every(Number.isFinite)
        ? singularValues(W, rows, columns)
        : new Float64Array(Math.min(rows, columns)).fill(NaN);
      known.set(record, values);
    }
    return values;
  };
}

const nuclear = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Norms and ranks of the matrix W, by its singular values in float64, and where its gradient points. */
export const matrixMeasures = {
  predictor_nuclear: (measured) => {
    const values = singularValuesOf(measured);
    return (record) => nuclear(values(record));
  },
  effective_rank: (measured) => {
    const values = singularValuesOf(measured);
    return (record) => {
      const own = values(record);
      // Of W = 0 there is none.
      return own[0] === 0 ? undefined : effectiveRank(own);
    };
  },
  excess_nuclear: async (measured) => {
    const values = singularValuesOf(measured);
    const { members } = measured.context;
    const minima = await Promise.all(members.map(nuclearMinimumOf));
    return (record) => nuclear(values(record)) - minima[record.position].nuclear;
  },
  truth_excess_nuclear: (measured) => {
    const values = singularValuesOf(measured);
    const { rows, columns } = measured.model.matrix;
    const truths = new Map<Dataset, number>();
    return (record) => {
      const { dataset } = record.member;
      if (!truths.has(dataset))
        truths.set(dataset, dataset.betaStar ? nuclearNorm(dataset.betaStar, rows, columns) : NaN);
      return nuclear(values(record)) - truths.get(dataset)!;
    };
  },
  unobserved_drift: (measured) => {
    const column = measured.model.matrix.entries();
    const { inputs } = measured.context;
    return (record) => {
      const seen = new Set(record.member.dataset.matrix!.cells);
      let squares = 0;
      // Columns are the change itself.
      for (let cell = 0; cell < inputs; cell++)
        if (!seen.has(cell)) squares += record.column(column + cell) ** 2;
      return Math.sqrt(squares / (inputs - seen.size));
    };
  },
  gradient_alignment: (measured) => {
    const { rows, columns, residuals } = measured.model.matrix;
    const entries = entriesOf(measured);
    const first = residuals();
    return (record) => {
      const { dataset } = record.member;
      const W = entries(record);
      if (!W.every(Number.isFinite)) return NaN;
      const r = Float64Array.from({ length: dataset.samples }, (_, i) => record.column(first + i));
      const G = Matrix.from1DArray(rows, columns, [...backOf(dataset, r)]);
      const { leftSingularVectors: U, rightSingularVectors: V } = new SingularValueDecomposition(
        Matrix.from1DArray(rows, columns, [...W]),
        { autoTranspose: true },
      );
      const along = U.transpose().mmul(G).mmul(V).abs();
      const size = Math.min(rows, columns);
      let [diagonal, others] = [0, 0];
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          if (i === j) diagonal += along.get(i, j);
          else others += along.get(i, j);
      return diagonal / size / (others / (size * (size - 1)));
    };
  },
} satisfies Record<string, Measure>;
