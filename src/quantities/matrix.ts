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
  return (record) => {
    // Thousands of records: as plain a loop as can be.
    const entries = new Float64Array(context.inputs);
    for (let cell = 0; cell < entries.length; cell++) entries[cell] = record.column(column + cell);
    const start = record.member.run.init.subtract ? undefined : starts[record.position];
    if (start) for (let cell = 0; cell < entries.length; cell++) entries[cell] += start[cell];
    return entries;
  };
}

/** By position, the record that a run's values are of: three quantities and an array finish the same matrix. */
type Known = { record: RawRecord; values: Float64Array }[];

// A cohort is a key, not each of its records: those are too many for a map that collects its garbage.
const knownOf = new WeakMap<Measured["context"], Known>();

/** Singular values of W, decreasing; NaN where W is not finite. */
export function singularValuesOf(measured: Measured): (record: RawRecord) => Float64Array {
  const { rows, columns } = measured.model.matrix;
  const entries = entriesOf(measured);
  const known = knownOf.get(measured.context) ?? [];
  knownOf.set(measured.context, known);
  return (record) => {
    const { position } = record;
    if (known[position]?.record !== record)
      known[position] = { record, values: singularValues(entries(record), rows, columns) };
    return known[position].values;
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
      const G = backOf(dataset, r);
      const { leftSingularVectors: U, rightSingularVectors: V } = new SingularValueDecomposition(
        Matrix.from1DArray(rows, columns, W),
        { autoTranspose: true },
      );
      const size = Math.min(rows, columns);
      const [left, right] = [U.to1DArray(), V.to1DArray()];
      const [leftWidth, rightWidth] = [left.length / rows, right.length / columns];
      let [diagonal, others] = [0, 0];
      const acted = new Float64Array(rows);
      for (let j = 0; j < size; j++) {
        for (let i = 0; i < rows; i++) {
          acted[i] = 0;
          for (let k = 0; k < columns; k++) acted[i] += G[i * columns + k] * right[k * rightWidth + j];
        }
        for (let i = 0; i < size; i++) {
          let product = 0;
          for (let k = 0; k < rows; k++) product += left[k * leftWidth + i] * acted[k];
          if (i === j) diagonal += Math.abs(product);
          else others += Math.abs(product);
        }
      }
      return diagonal / size / (others / (size * (size - 1)));
    };
  },
} satisfies Record<string, Measure>;
